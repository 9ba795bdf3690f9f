//! 查政策: finds records by words and facets.
//!
//! - `state`: what was asked, as an ordinary struct
//! - `answered`: what is known about the text of the question, as ordinary structs
//! - `desk`: the state as signals, for all views of the finder
//! - `seek`: from what was typed to what is shown, stage by stage; `early`: the first lines, before the facts of all
//!   records are here; `excerpts`: parts of texts for the first lines
//! - `sifted`: what filters and order leave of it
//! - `field`: the page's own text field, kept and listened to
//! - `recent`: what was looked for lately; `share`: the address of what is shown, as text and as a symbol
//! - `controls`: count, switch, order, chosen values
//! - `facets`: the filters, beside the results or in a sheet over them
//! - `results`: the records found; `row`: one of them; `marks`: words marked in it, and its address

mod answered;
mod controls;
mod desk;
mod early;
mod excerpts;
mod facets;
mod field;
mod marks;
mod recent;
mod results;
mod row;
mod seek;
mod share;
mod sifted;
mod state;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;

use crate::browser;
use crate::layer;
use crate::library::Library;
pub(crate) use controls::Badge;
use controls::{Chosen, Controls};
use desk::Desk;
pub(crate) use early::facts;
use facets::Beside;
use recent::Recent;
use results::Results;

/// Lays the finder over its page: the page's own search form stays, everything else in `place` gives way.
pub(crate) fn lay(place: &HtmlElement, library: Library) {
    let Some((form, input)) = field::keep(place) else { return };
    layer::clear(place, Some(&form));
    layer::mount(place, "finder", move || {
        let desk = Desk::new(library, &input);
        field::listen(desk, &form, &input);
        provide_context(desk);
        view! { <Finder/> }
    });
}

/// Parts of the finder's page.
const PARTS: usize = 5;

/// Part by part, so that nobody who types already waits for all of it.
#[component]
fn Finder() -> impl IntoView {
    let desk = desk::desk();
    let parts = RwSignal::new(0);
    spawn_local(async move {
        for part in 1..=PARTS {
            browser::breathe().await;
            parts.try_set(part);
        }
    });
    // Of another edition nothing stays.
    move || {
        desk.edition.track();
        view! {
            <Show when=move || { parts.get() >= 2 }><Recent/></Show>
            <Show when=move || { parts.get() >= 1 }><Controls/></Show>
            <Show when=move || { parts.get() >= 3 }><Chosen/></Show>
            <div class="finder-body">
                <Show when=move || { parts.get() >= PARTS }><Beside/></Show>
                <Show when=move || { parts.get() >= 4 }><Results/></Show>
            </div>
        }
    }
}
