//! Lays an app over its page: the static page stays until the data are there, and stays when they are not.

use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlElement;
use yima_search::Query;

use crate::browser;
use crate::library::{Facts, Library};
use crate::load::{LoadError, Remedy};

/// Lays an app over the element with this id, where the page has one.
///
/// `data-app` on the element tells how it went: `ready` or `failed`. What the address asks for decides when the facts
/// are fetched.
pub(crate) fn lay_over(id: &str, lay: fn(&HtmlElement, Library), facts: fn(&Query) -> Facts) {
    if let Some(place) = browser::element(id) {
        spawn_local(attempt(place, lay, facts, false));
    }
}

async fn attempt(place: HtmlElement, lay: fn(&HtmlElement, Library), facts: fn(&Query) -> Facts, again: bool) {
    let query = Query::from_query_string(&browser::query_string());
    let outcome = match place.get_attribute("data-search") {
        Some(address) => Library::open(&address, query.text(), facts(&query), again).await,
        None => Err(LoadError::NotNamed),
    };
    if let Some(notice) = browser::find::<HtmlElement>(&place, ":scope > .app-message") {
        notice.remove();
    }
    let mark = match outcome {
        Ok(library) => {
            lay(&place, library);
            "ready"
        }
        Err(error) => {
            tell(&place, lay, facts, &error);
            "failed"
        }
    };
    let _ = place.set_attribute("data-app", mark);
}

/// Takes away what the app stands in for: everything in `place` but `kept`.
pub(crate) fn clear(place: &HtmlElement, kept: Option<&HtmlElement>) {
    let mut child = place.first_child();
    while let Some(node) = child {
        child = node.next_sibling();
        if !kept.is_some_and(|kept| node.is_same_node(Some(kept))) {
            let _ = place.remove_child(&node);
        }
    }
}

/// Puts an app at the end of `place`, for as long as the page lives.
pub(crate) fn mount<V: IntoView + 'static>(place: &HtmlElement, class: &str, view: impl FnOnce() -> V + 'static) {
    let Some(ground) = browser::create("div", class) else { return };
    if place.append_child(&ground).is_ok() {
        mount_to(ground, view).forget();
    }
}

/// Says what went wrong above the static page, with a way on.
fn tell(place: &HtmlElement, lay: fn(&HtmlElement, Library), facts: fn(&Query) -> Facts, error: &LoadError) {
    let Some(notice) = browser::create("div", "app-message") else { return };
    if place.insert_before(&notice, place.first_child().as_ref()).is_err() {
        return;
    }
    let (sentence, remedy, place) = (error.to_string(), error.remedy(), place.clone());
    let act = move |_| match remedy {
        Remedy::Reload => browser::reload(),
        Remedy::Retry => spawn_local(attempt(place.clone(), lay, facts, true)),
    };
    let label = match remedy {
        Remedy::Reload => "刷新页面",
        Remedy::Retry => "重试",
    };
    mount_to(notice, move || {
        view! {
            <p role="alert">{sentence} "下面的内容不受影响，可以照常使用。"</p>
            <button type="button" on:click=act>{label}</button>
        }
    })
    .forget();
}
