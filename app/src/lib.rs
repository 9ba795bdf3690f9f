//! The Leptos app, laid over three static pages once its data are there:
//!
//! - [`finder`] on `/search/`: filters every record, counts as it goes, keeps its state in the address
//! - [`ask`] on `/ask/`: shows the approved answer that is meant, asks back, or says whom to call
//! - [`favourites`] on `/favourites/`: what a person keeps on this device
//!
//! - [`kiosk`], on any page of a kiosk: no view, only what a screen without keyboard and phone needs computed
//!
//! Three modules, so that a page loads no more than it shows: `yima-finder` for the first and the third, `yima-ask`,
//! `yima-kiosk`.
//!
//! [`layer`] puts an app over its page and leaves the page whole when anything fails; [`library`] is everything of the
//! search that is here, and [`load`] fetches what is not;
//! [`mod@line`] words one record for a list; [`browser`] is the only file that speaks to the browser outside a view.
//!
//! State is an ordinary struct with ordinary tests (`finder::state`, `ask::log`, `favourites::list`); components only show it.

#![expect(unreachable_pub, reason = "the component macro makes what it writes beside a component public")]

mod ask;
mod browser;
mod favourites;
mod finder;
pub mod kiosk;
mod layer;
mod library;
mod line;
mod load;
mod symbol;

/// Lays finder and favourites over their pages: what the module `yima-finder` does.
pub fn lay_finder() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    layer::lay_over("finder", finder::lay, finder::facts);
    layer::lay_over("favourites", favourites::lay, |_| library::Facts::First);
}

/// Lays the answer desk over its page: what the module `yima-ask` does.
pub fn lay_ask() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    layer::lay_over("ask", ask::lay, |_| library::Facts::First);
}
