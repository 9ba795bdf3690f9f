//! Site settings, controlled tables and tombstones.

use std::sync::Arc;

use yima_model::record::{Department, SiteSettings, Term, Tombstone};

use super::fields::{Fields, FileContext};
use super::text;
use crate::mistake::{Fault, Mistakes};

/// The names of the controlled tables, which are also their file stems.
pub(crate) const TABLES: [&str; 6] = ["departments", "districts", "themes", "audiences", "sectors", "genres"];

/// Reads `site.toml`.
pub(crate) fn settings(file: &Arc<str>, content: &str) -> (SiteSettings, Mistakes) {
    let mut ctx = FileContext::new(file, content, 0);
    let table = ctx.table();
    let mut f = Fields::new(&table, 0, "");
    let settings = SiteSettings {
        title: f.required_text(&mut ctx, "title"),
        short_title: f.required_text(&mut ctx, "short_title"),
        city: f.required_text(&mut ctx, "city"),
        host: host(&mut ctx, &mut f),
        identifier: f.required_text(&mut ctx, "identifier"),
        operator: f.required_text(&mut ctx, "operator"),
        description: f.required_text(&mut ctx, "description"),
        hotline: f.required_text(&mut ctx, "hotline"),
        phone: f.text(&mut ctx, "phone"),
        email: f.text(&mut ctx, "email"),
        address: f.text(&mut ctx, "address"),
        demonstration: f.flag(&mut ctx, "demonstration"),
        expiring_days: f.number(&mut ctx, "expiring_days").unwrap_or(90),
        page_size: f.number(&mut ctx, "page_size").map_or(50, |size| usize::from(size.max(1))),
    };
    f.finish(&mut ctx);
    let mut mistakes = ctx.mistakes;
    text::check(file, content, &mut mistakes);
    (settings, mistakes)
}

fn host(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> String {
    let host = f.required_text(ctx, "host");
    let good = host.len() <= 253
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if !host.is_empty() && !good {
        ctx.add(f.offset("host"), Fault::BadUrl { key: "host".into(), value: host.clone() });
    }
    host
}

/// Reads a table of plain terms; `kind` is its array and file name.
pub(crate) fn terms(file: &Arc<str>, content: &str, kind: &'static str) -> (Vec<Term>, Mistakes) {
    rows(file, content, kind, |ctx, f| {
        let id = super::id(ctx, f);
        let group = f.text(ctx, "group");
        if kind == "audiences" && group.is_none() && !f.has("group") {
            f.missing(ctx, "group");
        }
        Some(Term { id, name: f.required_text(ctx, "name"), group, summary: f.text(ctx, "summary") })
    })
}

/// Reads `departments.toml`.
pub(crate) fn departments(file: &Arc<str>, content: &str) -> (Vec<Department>, Mistakes) {
    rows(file, content, "departments", |ctx, f| {
        Some(Department {
            id: super::id(ctx, f),
            name: f.required_text(ctx, "name"),
            short_name: f.text(ctx, "short_name"),
            aliases: f.texts(ctx, "aliases"),
            code: f.text(ctx, "code"),
            prefix: f.text(ctx, "prefix"),
            phone: f.text(ctx, "phone"),
            hours: f.text(ctx, "hours"),
            address: f.text(ctx, "address"),
            duties: f.text(ctx, "duties"),
        })
    })
}

/// Reads `tombstones.toml`.
pub(crate) fn tombstones(file: &Arc<str>, content: &str) -> (Vec<Tombstone>, Mistakes) {
    rows(file, content, "tombstones", |ctx, f| {
        let date = f.required_date(ctx, "date");
        let (record, title, reason) =
            (f.required_text(ctx, "record"), f.required_text(ctx, "title"), f.required_text(ctx, "reason"));
        let replaced_by = f.text(ctx, "replaced_by");
        Some(Tombstone { record, title, date: date?, reason, replaced_by })
    })
}

fn rows<T>(
    file: &Arc<str>,
    content: &str,
    kind: &'static str,
    mut row: impl FnMut(&mut FileContext<'_>, &mut Fields<'_, '_>) -> Option<T>,
) -> (Vec<T>, Mistakes) {
    let mut ctx = FileContext::new(file, content, 0);
    let table = ctx.table();
    let mut f = Fields::new(&table, 0, "");
    let mut all = Vec::new();
    for mut fields in f.tables(&mut ctx, kind) {
        all.extend(row(&mut ctx, &mut fields));
        fields.finish(&mut ctx);
    }
    f.finish(&mut ctx);
    let mut mistakes = ctx.mistakes;
    text::check(file, content, &mut mistakes);
    (all, mistakes)
}
