//! 查政策: finds records by words and facets.
//!
//! - `state`: what was asked, as an ordinary struct
//! - `desk`: the state as signals, for all views of the finder
//! - `field`: the page's own text field, kept and listened to
//! - `controls`: count, switch, order, chosen values
//! - `facets`: the filters, beside the results or in a sheet over them
//! - `results`: the records found

mod controls;
mod desk;
mod facets;
mod field;
mod results;
mod state;

use leptos::prelude::*;
use web_sys::HtmlElement;
use yima_search::Shelf;

use crate::layer;
pub(crate) use controls::Badge;
use controls::{Chosen, Controls};
use desk::Desk;
use facets::Beside;
use results::Results;

/// Lays the finder over its page: the page's own search form stays, everything else in `place` gives way.
pub(crate) fn lay(place: &HtmlElement, shelf: Shelf) {
    let Some((form, input)) = field::keep(place) else { return };
    layer::clear(place, Some(&form));
    layer::mount(place, "finder", move || {
        let desk = Desk::new(shelf, &input);
        field::listen(desk, &form, &input);
        provide_context(desk);
        view! { <Finder/> }
    });
}

#[component]
fn Finder() -> impl IntoView {
    view! {
        <Controls/>
        <Chosen/>
        <div class="finder-body">
            <Beside/>
            <Results/>
        </div>
    }
}
