//! The values of one row, key by key, as a mapping wants them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization;
use yima_model::record::{Binding, Contact, Level, StageRecord};
use yima_model::{Date, Stage, StageStatus};

use super::basis;
use super::compose::{Made, State};
use super::mapping::{Mapping, StageRule, day};
use super::rule::{Bound, From, Rule, Source, Unknown, Unmapped, holds};
use crate::mistake::Fault;
use crate::source::is_id;

/// One row under a mapping. Gathers every fault, and the marks of the rules that decided.
pub(crate) struct Reader<'a> {
    mapping: &'a Mapping,
    row: &'a Map<String, Value>,
    state: &'a mut State,
    pub(crate) title: String,
    days: BTreeMap<String, Option<Date>>,
    marks: Vec<String>,
    pub(crate) faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(mapping: &'a Mapping, row: &'a Map<String, Value>, state: &'a mut State) -> Self {
        let (title, days, marks, faults) = Default::default();
        let mut reader = Self { mapping, row, state, title, days, marks, faults };
        if let Some((_, reason)) = mapping.skips.iter().find(|(when, _)| holds(when, row)) {
            reader.faults.push(Fault::RowSkipped { reason: reason.clone() });
        }
        reader
    }

    pub(crate) fn finish<T>(self, record: T) -> Made<T> {
        if !self.faults.is_empty() {
            // A row that is passed over is not also reported as wrong.
            let skipped = self.faults.iter().find(|fault| matches!(fault, Fault::RowSkipped { .. })).cloned();
            return Made::Faults(skipped.map_or(self.faults, |fault| vec![fault]));
        }
        for mark in self.marks {
            *self.state.marks.entry(mark).or_default() += 1;
        }
        Made::Record(Box::new(record))
    }

    /// The values of the first rule that gives any; `accept` may refuse a value or turn it into another.
    fn first<T>(
        &mut self,
        key: &str,
        source: &Source,
        mut accept: impl FnMut(&mut Self, &Rule, String) -> Result<Option<T>, Unknown>,
    ) -> Vec<T> {
        for rule in source.rules.iter().filter(|rule| holds(&rule.when, self.row)) {
            let values = rule.values(self.row, &self.title, &mut self.state.removed);
            let accepted = values.and_then(|values| {
                values.into_iter().filter_map(|value| accept(self, rule, value).transpose()).collect()
            });
            match accepted {
                Ok::<Vec<T>, _>(values) if values.is_empty() => {}
                Ok(values) => {
                    self.marks.extend(rule.mark.clone());
                    return values;
                }
                Err(Unknown(value)) => {
                    self.faults.push(Fault::RowValue { key: key.to_owned(), value: shown(&value) });
                    return Vec::new();
                }
            }
        }
        if source.skip {
            self.faults.push(Fault::RowSkipped { reason: format!("{key} 没有可用的值 (nothing for {key})") });
        }
        Vec::new()
    }

    pub(crate) fn texts(&mut self, key: &str) -> Vec<String> {
        let mapping = self.mapping;
        let Some(source) = mapping.keys.get(key) else { return Vec::new() };
        self.first(key, source, |reader, rule, value| {
            Ok((!rule.known || reader.state.policies.contains(&value)).then_some(value))
        })
    }

    /// What an answer rests on.
    pub(crate) fn bindings(&mut self) -> Vec<Binding> {
        let mapping = self.mapping;
        let Some(source) = mapping.keys.get("policies") else { return Vec::new() };
        let bindings = self.first("policies", source, |reader, rule, value| {
            let found = basis::read(&value, reader.state);
            match found.filter(|found| !rule.known || reader.state.policies.contains(&found.policy)) {
                Some(binding) => Ok(Some(binding)),
                None if rule.known => Ok(None),
                None => Err(Unknown(value)),
            }
        });
        if let Some(fault) = self.faults.last_mut()
            && let Fault::RowValue { key, value } = &*fault
            && key == "policies"
        {
            *fault = Fault::RowBasis { value: value.clone() };
        }
        bindings
    }

    pub(crate) fn optional(&mut self, key: &str) -> Option<String> {
        self.texts(key).into_iter().next()
    }

    /// A text that must be there.
    pub(crate) fn one(&mut self, key: &str) -> String {
        let before = self.faults.len();
        let text = self.optional(key).unwrap_or_default();
        if text.is_empty() && self.faults.len() == before {
            self.nothing(key);
        }
        text
    }

    fn nothing(&mut self, key: &str) {
        let rules = self.mapping.keys.get(key).map_or(&[][..], |source| &source.rules);
        let from = rules.iter().map(|rule| match &rule.from {
            From::Field(field) | From::SameAs(field) => field.as_str(),
            From::Texts(_) => "text",
        });
        let from: BTreeSet<&str> = from.collect();
        let from = if from.is_empty() { "—".to_owned() } else { from.into_iter().collect::<Vec<_>>().join(", ") };
        self.faults.push(Fault::RowField { key: key.to_owned(), from });
    }

    pub(crate) fn id(&mut self) -> String {
        let id = slug(&self.one("id").nfkc().collect::<String>());
        if !is_id(&id) && self.faults.is_empty() {
            self.faults.push(Fault::BadId { value: id.clone() });
        }
        id
    }

    pub(crate) fn table(&mut self, key: &str, kind: &'static str) -> Vec<String> {
        let mapping = self.mapping;
        let Some(source) = mapping.keys.get(key) else { return Vec::new() };
        let before = self.faults.len();
        let ids = self.ids(key, source, kind);
        let required = matches!(key, "issuer" | "theme" | "genre" | "department");
        if ids.is_empty() && required && self.faults.len() == before {
            self.nothing(key);
        }
        ids
    }

    fn ids(&mut self, key: &str, source: &Source, kind: &'static str) -> Vec<String> {
        self.first(key, source, |reader, rule, value| {
            // No district at all is the whole city.
            if kind == "districts" && matches!(value.as_str(), "全市" | "全域" | "不限") {
                return Ok(None);
            }
            let vocabulary = &mut reader.state.vocabulary;
            if let Some(id) = vocabulary.find(kind, &value) {
                return Ok(Some(id.to_owned()));
            }
            match &rule.unmapped {
                Unmapped::Next => Ok(None),
                Unmapped::Use(id) => vocabulary.find(kind, id).map(|id| Some(id.to_owned())).ok_or(Unknown(value)),
                Unmapped::Row => vocabulary.grow(kind, &value).map(Some).ok_or(Unknown(value)),
                Unmapped::Report => Err(Unknown(value)),
            }
        })
    }

    pub(crate) fn level(&mut self) -> Level {
        let text = self.one("level");
        Level::from_id(&text).unwrap_or_else(|| {
            if !text.is_empty() {
                self.faults.push(Fault::RowValue { key: "level".into(), value: text });
            }
            Level::Other
        })
    }

    pub(crate) fn document_numbers(&mut self) -> Vec<String> {
        let mut numbers = Vec::new();
        for text in self.texts("document_numbers") {
            match yima_model::document_number::normalise(&text) {
                Some(number) => numbers.push(number),
                None => self.faults.push(Fault::BadDocumentNumber { value: shown(&text) }),
            }
        }
        numbers
    }

    /// The keywords of the mapping and the marks of the rules that decided.
    pub(crate) fn keywords(&mut self) -> Vec<String> {
        let mut keywords = self.texts("keywords");
        self.marks.sort();
        self.marks.dedup();
        keywords.extend(self.marks.iter().cloned());
        keywords
    }

    pub(crate) fn date(&mut self, key: &str) -> Option<Date> {
        if let Some(day) = self.days.get(key) {
            return *day;
        }
        let mapping = self.mapping;
        let source = mapping.keys.get(key)?;
        // A date that leans on itself finds nothing.
        self.days.insert(key.to_owned(), None);
        let before = self.faults.len();
        let day = self.date_of(key, source);
        if day.is_none() && !matches!(key, "expires" | "repealed") && self.faults.len() == before {
            self.nothing(key);
        }
        self.days.insert(key.to_owned(), day);
        day
    }

    fn date_of(&mut self, key: &str, source: &Source) -> Option<Date> {
        let mut unread = None;
        for rule in source.rules.iter().filter(|rule| holds(&rule.when, self.row)) {
            let found = if let From::SameAs(other) = &rule.from {
                self.date(other)
            } else {
                let values = rule.values(self.row, &self.title, &mut self.state.removed).unwrap_or_default();
                values.into_iter().next().and_then(|text| {
                    let day = day(&text, &rule.formats);
                    if day.is_none() {
                        unread = Some(text);
                    }
                    day
                })
            };
            let Some(day) = found else { continue };
            let early = rule.not_before.as_ref().and_then(|bound| self.bound(bound)).is_some_and(|first| day < first);
            let late = rule.not_after.as_ref().and_then(|bound| self.bound(bound)).is_some_and(|last| day > last);
            if !early && !late {
                self.marks.extend(rule.mark.clone());
                return Some(day);
            }
        }
        if source.skip {
            self.faults.push(Fault::RowSkipped { reason: format!("{key} 没有可用的日期 (no date for {key})") });
        } else if let Some(value) = unread {
            self.faults.push(Fault::RowDate { key: key.to_owned(), value: shown(&value) });
        }
        None
    }

    fn bound(&mut self, bound: &Bound) -> Option<Date> {
        match bound {
            Bound::Day(day) => Some(*day),
            Bound::Key(key) => self.date(key),
        }
    }

    pub(crate) fn contact(&mut self) -> Contact {
        let mapping = self.mapping;
        let mut text = |key: &str| {
            let source = mapping.contact.get(key)?;
            self.first(key, source, |_, _, value| Ok(Some(value))).into_iter().next()
        };
        let (unit, phone) = (text("unit"), text("phone"));
        let (hours, place) = (text("hours"), text("place"));
        for (key, value) in [("contact.unit", &unit), ("contact.phone", &phone)] {
            if value.is_none() {
                self.faults.push(Fault::RowField { key: key.into(), from: "contact".into() });
            }
        }
        Contact { unit: unit.unwrap_or_default(), phone: phone.unwrap_or_default(), hours, place }
    }

    pub(crate) fn stages(&mut self) -> Vec<StageRecord> {
        let mapping = self.mapping;
        mapping.stages.iter().map(|(stage, rule)| self.stage(*stage, rule)).collect()
    }

    fn stage(&mut self, stage: Stage, rule: &StageRule) -> StageRecord {
        let key = |key: &str| format!("stages.{}.{key}", stage.id());
        let date = rule.keys.get("date").and_then(|source| self.date_of(&key("date"), source));
        let due = rule.keys.get("due").and_then(|source| self.date_of(&key("due"), source));
        let unit = rule.keys.get("unit").and_then(|source| self.ids(&key("unit"), source, "departments").pop());
        let mut text = |name: &str| {
            let source = rule.keys.get(name)?;
            self.first(&key(name), source, |_, _, value| Ok(Some(value))).into_iter().next()
        };
        let (reason, legal_basis, text) = (text("reason"), text("legal_basis"), text("text"));
        let missing = match rule.status {
            StageStatus::Published | StageStatus::Ongoing if date.is_none() => Some("date"),
            StageStatus::NotApplicable if reason.is_none() => Some("reason"),
            StageStatus::Withheld if legal_basis.is_none() => Some("legal_basis"),
            StageStatus::Missing if unit.is_none() => Some("unit"),
            StageStatus::Missing if due.is_none() => Some("due"),
            _ => None,
        };
        if let Some(name) = missing {
            self.faults.push(Fault::RowField { key: key(name), from: "stages".into() });
        }
        StageRecord {
            stage,
            status: rule.status,
            date,
            closes: None,
            due,
            unit,
            reason,
            legal_basis,
            text,
            documents: Vec::new(),
            figures: Vec::new(),
        }
    }
}

/// Lower case, and a hyphen for whatever an id may not hold.
fn slug(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for ch in text.chars().map(|ch| ch.to_ascii_lowercase()) {
        if ch.is_ascii_lowercase() || ch.is_ascii_digit() {
            id.push(ch);
        } else if !id.ends_with('-') && !id.is_empty() {
            id.push('-');
        }
    }
    id.truncate(id.trim_end_matches('-').len());
    id
}

fn shown(text: &str) -> String {
    let mut shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
