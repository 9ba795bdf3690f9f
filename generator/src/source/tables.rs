//! Site settings, controlled tables and tombstones.

use std::collections::BTreeSet;
use std::sync::Arc;

use yima_model::record::{Department, SiteSettings, Term, Tombstone};
use yima_pack::Verifier;

use super::fields::{Fields, FileContext};
use super::text;
use crate::mistake::{Fault, Mistakes};

/// The names of the controlled tables, which are also their file stems.
pub(crate) const TABLES: [&str; 6] = ["departments", "districts", "themes", "audiences", "sectors", "genres"];

/// What audiences are grouped under.
const GROUPS: [&str; 3] = ["个人", "企业", "组织"];

/// Reads `site.toml`.
pub(crate) fn settings(file: &Arc<str>, content: &str) -> (SiteSettings, Mistakes) {
    let mut ctx = FileContext::new(file, content, 0);
    let table = ctx.table();
    let mut f = Fields::new(&table, 0, "");
    let settings = site(&mut ctx, &mut f);
    f.finish(&mut ctx);
    let mut mistakes = ctx.finish();
    text::check(file, content, &mut mistakes);
    (settings, mistakes)
}

/// Settings from a table with their keys.
pub(crate) fn site(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> SiteSettings {
    SiteSettings {
        title: f.required_text(ctx, "title"),
        short_title: short_title(ctx, f),
        city: f.required_text(ctx, "city"),
        host: host(ctx, f),
        identifier: f.required_text(ctx, "identifier"),
        operator: f.required_text(ctx, "operator"),
        description: f.required_text(ctx, "description"),
        hotline: f.required_text(ctx, "hotline"),
        phone: f.text(ctx, "phone"),
        email: f.text(ctx, "email"),
        address: f.text(ctx, "address"),
        demonstration: f.flag(ctx, "demonstration"),
        expiring_days: f.number(ctx, "expiring_days").unwrap_or(90),
        stale_days: f.number(ctx, "stale_days").unwrap_or(30),
        page_size: f.number(ctx, "page_size").map_or(50, |size| usize::from(size.max(1))),
        release_keys: release_keys(ctx, f),
    }
}

fn release_keys(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Vec<String> {
    let keys = f.texts(ctx, "release_keys");
    for key in keys.iter().filter(|key| Verifier::parse(key).is_err()) {
        ctx.add(f.offset("release_keys"), Fault::ReleaseKey { value: key.clone() });
    }
    keys
}

/// It stands under an icon on a home screen.
fn short_title(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> String {
    if !f.has("short_title") {
        f.missing("short_title");
    }
    f.short_text(ctx, "short_title", 8).unwrap_or_default()
}

fn host(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> String {
    let host = f.required_text(ctx, "host");
    let good = host.len() <= 253
        && host.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-'));
    if !host.is_empty() && !good {
        let (hint_zh, hint_en) = (
            "只写域名，小写，如 zc.qingyu.example，不带 https:// 和 /",
            "write the host alone, in lower case, such as zc.qingyu.example",
        );
        let (hint_zh, hint_en) = (hint_zh.into(), hint_en.into());
        ctx.add(f.offset("host"), Fault::BadUrl { key: "host".into(), value: host.clone(), hint_zh, hint_en });
    }
    host
}

/// Reads a table of plain terms; `kind` is its array and file name.
pub(crate) fn terms(file: &Arc<str>, content: &str, kind: &'static str) -> (Vec<Term>, Mistakes) {
    rows(file, content, kind, |ctx, f| Some(term(ctx, f, kind)))
}

/// One row of a table of plain terms.
pub(crate) fn term(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>, kind: &str) -> Term {
    let id = super::id(ctx, f);
    let group = if kind == "audiences" {
        f.choice(ctx, "group", &GROUPS, |group| (group, "")).map(str::to_owned)
    } else {
        f.text(ctx, "group")
    };
    Term { id, name: f.required_text(ctx, "name"), group, summary: f.text(ctx, "summary") }
}

/// Reads `departments.toml`.
pub(crate) fn departments(file: &Arc<str>, content: &str) -> (Vec<Department>, Mistakes) {
    rows(file, content, "departments", |ctx, f| Some(department(ctx, f)))
}

/// One row of `departments.toml`.
pub(crate) fn department(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Department {
    Department {
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
    }
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

/// The rows of one kind in a table. No two may have the same id, where rows of this kind have ids.
pub(super) fn rows<T>(
    file: &Arc<str>,
    content: &str,
    kind: &'static str,
    mut row: impl FnMut(&mut FileContext<'_>, &mut Fields<'_, '_>) -> Option<T>,
) -> (Vec<T>, Mistakes) {
    let mut ctx = FileContext::new(file, content, 0);
    let table = ctx.table();
    let mut f = Fields::new(&table, 0, "");
    let mut all = Vec::new();
    let mut ids = BTreeSet::new();
    for mut fields in f.tables(&mut ctx, kind) {
        let id = fields.peek("id");
        if !id.is_empty() && !ids.insert(id.to_owned()) {
            ctx.add(fields.offset("id"), Fault::DuplicateId { id: id.to_owned(), other: file.to_string() });
        }
        all.extend(row(&mut ctx, &mut fields));
        fields.finish(&mut ctx);
    }
    f.finish(&mut ctx);
    let mut mistakes = ctx.finish();
    text::check(file, content, &mut mistakes);
    (all, mistakes)
}
