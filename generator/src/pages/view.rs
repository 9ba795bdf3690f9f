//! Small view types that several kinds of page show.

use serde::Serialize;
use yima_model::{Date, Validity};

use super::words;
use crate::city::PolicyEntry;

/// A value of a controlled table: its address ends in its id.
#[derive(Clone, Copy, Serialize)]
pub(super) struct Named<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
}

/// A step of the breadcrumbs, or any other link.
#[derive(Serialize)]
pub(super) struct Link<'a> {
    pub(super) href: String,
    pub(super) text: &'a str,
}

impl<'a> Link<'a> {
    pub(super) fn new(href: impl Into<String>, text: &'a str) -> Self {
        Self { href: href.into(), text }
    }
}

/// A day for `<time>`: the machine's form and the reader's.
#[derive(Serialize)]
pub(super) struct Day {
    pub(super) iso: String,
    pub(super) zh: String,
}

impl Day {
    pub(super) fn new(date: Date) -> Self {
        Self { iso: words::iso(date), zh: words::date(date) }
    }
}

/// A last day and how far it is on the build date; the page script counts again.
#[derive(Serialize)]
pub(super) struct Deadline {
    pub(super) iso: String,
    pub(super) zh: String,
    pub(super) left: String,
}

impl Deadline {
    pub(super) fn new(today: Date, last: Date) -> Self {
        Self { iso: words::iso(last), zh: words::date(last), left: words::until(today, last) }
    }
}

/// Validity on the build date, with the dates from which the page script computes it anew.
#[derive(Serialize)]
pub(super) struct ValidityView {
    pub(super) id: &'static str,
    pub(super) zh: &'static str,
    pub(super) dead: bool,
    effective: String,
    expires: Option<String>,
    repealed: Option<String>,
    amended: Option<String>,
    days: u16,
}

impl ValidityView {
    pub(super) fn of(entry: &PolicyEntry, expiring_days: u16) -> Self {
        let text = |date: Option<Date>| date.map(words::iso);
        Self {
            id: entry.validity.id(),
            zh: entry.validity.zh(),
            dead: entry.validity.is_dead(),
            effective: words::iso(entry.lifespan.effective),
            expires: text(entry.lifespan.expires),
            repealed: text(entry.lifespan.repealed),
            amended: text(entry.lifespan.amended),
            days: expiring_days,
        }
    }
}

/// What schema.org calls the legal force of a document.
pub(super) const fn legal_force(validity: Validity) -> &'static str {
    match validity {
        Validity::InForce | Validity::Expiring => "https://schema.org/InForce",
        Validity::Amended => "https://schema.org/PartiallyInForce",
        Validity::NotYet | Validity::Expired | Validity::Repealed => "https://schema.org/NotInForce",
    }
}
