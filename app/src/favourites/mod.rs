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
use yima_search::Shelf;

use crate::layer;

pub(crate) use kept::{Keep, Kept};

/// Lays the list over its page.
pub(crate) fn lay(place: &HtmlElement, shelf: Shelf) {
    layer::clear(place, None);
    layer::mount(place, "favourites", move || view! { <page::Favourites shelf kept=Kept::load()/> });
}
