//! A kiosk that nobody visits for weeks: signed updates from a stick, a read-only server on loopback, a health page.
//!
//! - [`stick`]: a folder laid out as the host is, read without trust
//! - [`store`]: what the kiosk holds: two releases, objects by digest
//! - [`mod@import`]: from the one to the other, all or nothing
//! - [`mod@export`]: a built site onto a stick, with a [`plain`] copy that opens from the stick itself
//! - [`refusal`]: every sentence about why not
//! - [`library`]: the releases of a store, open for reading
//! - [`server`]: answers the browser on the same machine, and nobody else
//! - [`health`]: how the kiosk is, as a page, as JSON, as a QR symbol
//! - [`guard`]: whether the server answers and the page is alive; [`systemd`] is told
//!
//! No service worker is needed: the server answers through the same reader, from the same objects, as the worker does.

mod export;
mod guard;
mod health;
mod import;
mod library;
mod plain;
mod refusal;
mod server;
mod stick;
mod store;
mod systemd;

pub use export::{Export, Exported};
pub use import::{Imported, import};
pub use refusal::Refusal;
pub use server::{Event, HEALTH, KioskError, Options, serve};
pub use store::{Held, Store, read_keys};
