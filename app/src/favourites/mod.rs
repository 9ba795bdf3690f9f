//! 我的收藏: what a person keeps on this device.
//!
//! - `list`: the ids, as an ordinary list
//! - `kept`: the list as a signal, written to the device, and the button that keeps one
//! - `page`: the list on its page, with export and import

mod kept;
mod list;
mod page;

use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::layer;
use crate::library::Library;

pub(crate) use kept::{Keep, Kept};

/// Lays the list over its page.
pub(crate) fn lay(place: &HtmlElement, library: Library) {
    layer::clear(place, None);
    layer::mount(place, "favourites", move || {
        let library = StoredValue::new_local(library);
        view! { <page::Favourites library kept=Kept::load()/> }
    });
}
