//! The mapping file: which field of a row becomes which key of a record. Its words are explained in `docs/import.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;
use yima_model::record::{SiteSettings, Tables};
use yima_model::{Date, Stage, StageStatus};

use super::clean::Clean;
use super::dates::DateFormat;
use super::keys::{CONTACT, POLICY, QUESTION, STAGE};
use super::rule::{Bound, Find, From, Rule, Source, Unmapped, When};
use super::template::Template;
use crate::mistake::{Fault, Mistakes};
use crate::source::{Fields, FileContext, TABLES, department, site, term};

/// Which records rows become.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// 政策文件
    Policy,
    /// 问答
    #[default]
    Question,
}

impl Kind {
    const ALL: [Self; 2] = [Self::Policy, Self::Question];

    const fn id(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Question => "question",
        }
    }

    const fn zh(self) -> &'static str {
        match self {
            Self::Policy => "政策",
            Self::Question => "问答",
        }
    }
}

/// What a mapping says about a stage. Sources are by key: `date`, `due`, `unit`, `reason`, `legal_basis`, `text`.
#[derive(Clone, Debug)]
pub(crate) struct StageRule {
    pub(crate) status: StageStatus,
    pub(crate) keys: BTreeMap<&'static str, Source>,
}

/// A mapping as read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Mapping {
    pub(crate) kind: Kind,
    pub(crate) keys: BTreeMap<&'static str, Source>,
    pub(crate) contact: BTreeMap<&'static str, Source>,
    /// One per stage, in order; empty for questions.
    pub(crate) stages: Vec<(Stage, StageRule)>,
    /// Rows to pass over, and why.
    pub(crate) skips: Vec<(When, String)>,
    pub(crate) site: Option<SiteSettings>,
    pub(crate) tables: Tables,
}

impl Mapping {
    /// Every field of a row that it asks for.
    pub(crate) fn fields(&self) -> BTreeSet<String> {
        let sources = self.keys.values().chain(self.contact.values());
        let sources = sources.chain(self.stages.iter().flat_map(|(_, rule)| rule.keys.values()));
        let mut fields: BTreeSet<String> = sources
            .flat_map(|source| &source.rules)
            .flat_map(|rule| rule.fields().into_iter().chain(rule.when.keys().cloned()))
            .collect();
        fields.extend(self.skips.iter().flat_map(|(when, _)| when.keys().cloned()));
        fields
    }

    /// The fields from which a key may come, in the order of its rules.
    pub(crate) fn fields_of(&self, key: &str) -> Vec<String> {
        self.keys.get(key).into_iter().flat_map(|source| &source.rules).flat_map(Rule::fields).collect()
    }

    /// For every key that must be there, the fields it may come from, when rows have none of them.
    pub(crate) fn missing_fields(&self, there: &BTreeSet<&str>) -> Vec<Vec<String>> {
        let required = self.required().filter(|source| source.rules.iter().all(|rule| !rule.fields().is_empty()));
        let fields = required.map(|source| source.rules.iter().flat_map(Rule::fields).collect::<Vec<_>>());
        fields.filter(|fields| !fields.iter().any(|field| there.contains(field.as_str()))).collect()
    }

    /// The first field of every key that must be there.
    pub(crate) fn required_fields(&self) -> Vec<String> {
        self.required().filter_map(|source| source.rules.iter().flat_map(Rule::fields).next()).collect()
    }

    fn required(&self) -> impl Iterator<Item = &Source> {
        let keys = if self.kind == Kind::Policy { POLICY } else { QUESTION };
        keys.iter().filter(|(_, required)| *required).filter_map(|(key, _)| self.keys.get(key))
    }
}

/// Reads a mapping; `None` when something in it is wrong.
pub(crate) fn read(file: &Arc<str>, text: &str, mistakes: &mut Mistakes) -> Option<Mapping> {
    let mut ctx = FileContext::new(file, text, 0);
    let table = ctx.table();
    let mut f = Fields::new(&table, 0, "");
    let mapping = mapping(&mut ctx, &mut f);
    f.finish(&mut ctx);
    let mut found = ctx.finish();
    let good = found.errors() == 0;
    mistakes.0.append(&mut found.0);
    mapping.filter(|_| good)
}

fn mapping(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Option<Mapping> {
    let kind = f.choice(ctx, "kind", &Kind::ALL, |kind| (kind.id(), kind.zh()));
    let site = f.table(ctx, "site").map(|mut f| {
        let settings = site(ctx, &mut f);
        f.finish(ctx);
        settings
    });
    let tables = tables(ctx, f);
    let skips = f
        .tables(ctx, "skip")
        .into_iter()
        .map(|mut f| {
            let when = when(ctx, &mut f);
            let reason = f.required_text(ctx, "reason");
            f.finish(ctx);
            (when, reason)
        })
        .collect();
    let Some(mut fields) = f.table(ctx, "fields") else {
        f.missing("fields");
        return None;
    };
    let keys = match kind {
        Some(Kind::Policy) => sources(ctx, &mut fields, POLICY),
        Some(Kind::Question) => sources(ctx, &mut fields, QUESTION),
        None => BTreeMap::new(),
    };
    fields.finish(ctx);
    let (mut contact, mut stages) = (BTreeMap::new(), Vec::new());
    if kind == Some(Kind::Policy) {
        match f.table(ctx, "contact") {
            Some(mut table) => {
                contact = sources(ctx, &mut table, CONTACT);
                table.finish(ctx);
            }
            None => f.missing("contact"),
        }
        match f.table(ctx, "stages") {
            Some(table) => stages = self::stages(ctx, table),
            None => f.missing("stages"),
        }
    }
    Some(Mapping { kind: kind?, keys, contact, stages, skips, site, tables })
}

fn sources(
    ctx: &mut FileContext<'_>,
    f: &mut Fields<'_, '_>,
    keys: &[(&'static str, bool)],
) -> BTreeMap<&'static str, Source> {
    let mut all = BTreeMap::new();
    for &(key, required) in keys {
        match f.get(key) {
            Some(value) => all.extend(source(ctx, f, value, key).map(|source| (key, source))),
            None if required => f.missing(key),
            None => {}
        }
    }
    all
}

fn source(
    ctx: &mut FileContext<'_>,
    f: &Fields<'_, '_>,
    value: &Spanned<DeValue<'_>>,
    key: &'static str,
) -> Option<Source> {
    let DeValue::Table(table) = value.get_ref() else {
        let rules = vec![Rule::new(From::Texts(templates(ctx, f, value, key)?))];
        return Some(Source { rules, skip: false });
    };
    let mut f = Fields::new(table, value.span().start, format!("{key}."));
    let skip = f.has("missing") && f.choice(ctx, "missing", &["skip"], |word| (word, "")).is_some();
    let rules = match f.get("any") {
        Some(any) => {
            let Some(list) = any.get_ref().as_array() else {
                f.wrong(ctx, any, "any", ("若干条规则的列表", "a list of rules"));
                return None;
            };
            list.iter().filter_map(|item| source(ctx, &f, item, key)).flat_map(|source| source.rules).collect()
        }
        None => vec![rule(ctx, &mut f)],
    };
    f.finish(ctx);
    Some(Source { rules, skip })
}

fn rule(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Rule {
    let field = f.text(ctx, "field").map(From::Field);
    let text = f.get("text").and_then(|value| templates(ctx, f, value, "text")).map(From::Texts);
    let same = f.text(ctx, "same_as").map(From::SameAs);
    let from = field.or(text).or(same);
    if from.is_none() {
        f.missing("field");
    }
    let mut rule = Rule::new(from.unwrap_or_else(|| From::Texts(Vec::new())));
    rule.when = when(ctx, f);
    rule.split = separators(ctx, f);
    rule.clean = choices(ctx, f, "clean", &Clean::ALL, Clean::id);
    rule.clean.sort_by_key(|rule| Clean::ALL.iter().position(|other| other == rule));
    rule.find = f.has("find").then(|| f.choice(ctx, "find", &Find::ALL, |find| (find.id(), ""))).flatten();
    rule.map = pairs(ctx, f, "map");
    rule.endings = pairs(ctx, f, "endings");
    rule.unmapped = match f.text(ctx, "unmapped").as_deref() {
        None => Unmapped::Report,
        Some("next") => Unmapped::Next,
        Some("row") => Unmapped::Row,
        Some(value) => Unmapped::Use(value.to_owned()),
    };
    rule.cut = f.number(ctx, "cut").map(usize::from);
    rule.prefix = f.text(ctx, "prefix").unwrap_or_default();
    rule.formats = choices(ctx, f, "date", &DateFormat::ALL, DateFormat::id);
    rule.not_before = bound(ctx, f, "not_before");
    rule.not_after = bound(ctx, f, "not_after");
    rule.known = f.flag(ctx, "known");
    rule.mark = f.text(ctx, "mark");
    rule
}

/// One separator, or several.
fn separators(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Vec<String> {
    match f.get("split").map(Spanned::get_ref) {
        Some(DeValue::Array(list)) => {
            list.iter().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect()
        }
        // A separator may well be white space.
        Some(DeValue::String(text)) if !text.is_empty() => vec![text.to_string()],
        _ => f.text(ctx, "split").into_iter().collect(),
    }
}

fn templates(
    ctx: &mut FileContext<'_>,
    f: &Fields<'_, '_>,
    value: &Spanned<DeValue<'_>>,
    key: &str,
) -> Option<Vec<Template>> {
    let template = |ctx: &mut FileContext<'_>, text: &str| {
        let template = Template::read(text);
        if template.is_none() {
            f.wrong(ctx, value, key, ("花括号成对的文字", "text with its braces closed"));
        }
        template
    };
    match value.get_ref() {
        DeValue::String(text) => Some(vec![template(ctx, text)?]),
        DeValue::Datetime(day) => Some(vec![template(ctx, &day.to_string())?]),
        DeValue::Array(list) => list
            .iter()
            .map(|item| match item.get_ref().as_str() {
                Some(text) => template(ctx, text),
                None => {
                    f.wrong(ctx, item, key, ("加引号的文字的列表", "a list of quoted texts"));
                    None
                }
            })
            .collect(),
        _ => {
            f.wrong(ctx, value, key, ("文字、日期、列表或一条规则", "text, a date, a list or a rule"));
            None
        }
    }
}

fn choices<T: Copy>(
    ctx: &mut FileContext<'_>,
    f: &mut Fields<'_, '_>,
    key: &'static str,
    all: &[T],
    id: fn(T) -> &'static str,
) -> Vec<T> {
    let mut found = Vec::new();
    for text in f.texts(ctx, key) {
        match all.iter().copied().find(|&value| id(value) == text) {
            Some(value) => found.push(value),
            None => {
                let words: Vec<&str> = all.iter().map(|&value| id(value)).collect();
                let (zh, en) = (words.join("、"), words.join(", "));
                ctx.add(f.offset(key), Fault::BadChoice { key: f.name(key), value: text, zh, en });
            }
        }
    }
    found
}

fn pairs(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>, key: &'static str) -> BTreeMap<String, String> {
    let Some(value) = f.get(key) else { return BTreeMap::new() };
    let Some(table) = value.get_ref().as_table() else {
        f.wrong(ctx, value, key, ("一个表", "a table"));
        return BTreeMap::new();
    };
    let mut pairs = BTreeMap::new();
    for (from, to) in table {
        let text = match to.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Datetime(day) => Some(day.to_string()),
            _ => None,
        };
        match text {
            Some(text) => drop(pairs.insert(from.get_ref().to_string(), text)),
            None => f.wrong(ctx, to, key, ("加引号的文字", "quoted text")),
        }
    }
    pairs
}

fn when(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> When {
    let Some(value) = f.get("when") else { return When::new() };
    let Some(table) = value.get_ref().as_table() else {
        f.wrong(ctx, value, "when", ("一个表，如 { src = [\"甲\"] }", "a table such as { src = [\"a\"] }"));
        return When::new();
    };
    let mut when = When::new();
    for (field, allowed) in table {
        let texts: Option<Vec<String>> = match allowed.get_ref() {
            DeValue::String(text) => Some(vec![text.to_string()]),
            DeValue::Array(list) => list.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect(),
            _ => None,
        };
        match texts {
            Some(texts) => drop(when.insert(field.get_ref().to_string(), texts)),
            None => f.wrong(ctx, allowed, "when", ("加引号的文字的列表", "a list of quoted texts")),
        }
    }
    when
}

fn bound(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>, key: &'static str) -> Option<Bound> {
    match f.get(key)?.get_ref() {
        DeValue::String(other) => Some(Bound::Key(other.to_string())),
        _ => f.date(ctx, key).map(Bound::Day),
    }
}

fn stages(ctx: &mut FileContext<'_>, mut f: Fields<'_, '_>) -> Vec<(Stage, StageRule)> {
    let read = |ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>, key: &'static str| {
        let mut f = f.table(ctx, key)?;
        let status = f.choice(ctx, "status", &StageStatus::ALL, |status| (status.id(), status.zh()));
        let keys = sources(ctx, &mut f, STAGE);
        f.finish(ctx);
        Some(StageRule { status: status?, keys })
    };
    let default = read(ctx, &mut f, "default");
    let mut all = Vec::new();
    for stage in Stage::ALL {
        match read(ctx, &mut f, stage.id()).or_else(|| default.clone()) {
            Some(rule) => all.push((stage, rule)),
            None => f.missing(stage.id()),
        }
    }
    f.finish(ctx);
    all
}

fn tables(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Tables {
    let mut tables = Tables::default();
    let Some(mut f) = f.table(ctx, "tables") else { return tables };
    for kind in TABLES {
        for mut row in f.tables(ctx, kind) {
            match kind {
                "departments" => tables.departments.push(department(ctx, &mut row)),
                "districts" => tables.districts.push(term(ctx, &mut row, kind)),
                "themes" => tables.themes.push(term(ctx, &mut row, kind)),
                "audiences" => tables.audiences.push(term(ctx, &mut row, kind)),
                "sectors" => tables.sectors.push(term(ctx, &mut row, kind)),
                _ => tables.genres.push(term(ctx, &mut row, kind)),
            }
            row.finish(ctx);
        }
    }
    f.finish(ctx);
    tables
}

/// A day of a mapping or of a row, in the first format that fits.
pub(crate) fn day(text: &str, formats: &[DateFormat]) -> Option<Date> {
    let formats = if formats.is_empty() { &DateFormat::DEFAULT } else { formats };
    formats.iter().find_map(|format| format.read(text))
}
