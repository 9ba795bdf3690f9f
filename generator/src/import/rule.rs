//! One key of a record: where its values come from and what is done to them.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use yima_model::Date;

use super::clean::{Clean, visible};
use super::dates::{self, DateFormat};
use super::template::{Template, values};

/// Rules tried in order; the first that gives something decides.
#[derive(Clone, Debug, Default)]
pub(crate) struct Source {
    pub(crate) rules: Vec<Rule>,
    /// Whether a row for which nothing is found is passed over, rather than reported as wrong.
    pub(crate) skip: bool,
}

/// One way to come by the values of a key. Applied in the order of the fields.
#[derive(Clone, Debug)]
pub(crate) struct Rule {
    /// Only for rows whose field has one of these values.
    pub(crate) when: When,
    pub(crate) from: From,
    /// Cuts one value into several. A text of several lines is cut into its lines, when that is among them.
    pub(crate) split: Vec<String>,
    pub(crate) clean: Vec<Clean>,
    pub(crate) find: Option<Find>,
    /// Value → value.
    pub(crate) map: BTreeMap<String, String>,
    /// Last characters of the value → value; the longest that fits.
    pub(crate) endings: BTreeMap<String, String>,
    pub(crate) unmapped: Unmapped,
    /// The most characters; longer text ends with `…`.
    pub(crate) cut: Option<usize>,
    pub(crate) prefix: String,
    /// For dates.
    pub(crate) formats: Vec<DateFormat>,
    pub(crate) not_before: Option<Bound>,
    pub(crate) not_after: Option<Bound>,
    /// For bindings: only policies that are there.
    pub(crate) known: bool,
    /// A keyword that the record gets when this rule was the one that decided.
    pub(crate) mark: Option<String>,
}

/// Field → allowed values; empty is every row.
pub(crate) type When = BTreeMap<String, Vec<String>>;

/// Whether a row meets a condition.
pub(crate) fn holds(when: &When, row: &Map<String, Value>) -> bool {
    when.iter().all(|(field, allowed)| values(row, field).iter().any(|value| allowed.contains(value)))
}

#[derive(Clone, Debug)]
pub(crate) enum From {
    /// A field of the row.
    Field(String),
    /// Texts of the mapping.
    Texts(Vec<Template>),
    /// Another date of the record.
    SameAs(String),
}

/// What is looked for in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Find {
    /// `first_date`: the first …年…月…日.
    FirstDate,
    /// `signed`: the last …年…月…日 of the last 120 characters.
    Signed,
    /// `in_force`: the last 自…年…月…日起施行.
    InForce,
    /// `document_number`: a 文号 that stands alone within the first 300 characters.
    DocumentNumber,
    /// `lead`: the text from its start, without headings.
    Lead,
}

impl Find {
    pub(crate) const ALL: [Self; 5] = [Self::FirstDate, Self::Signed, Self::InForce, Self::DocumentNumber, Self::Lead];

    /// The name used in a mapping.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::FirstDate => "first_date",
            Self::Signed => "signed",
            Self::InForce => "in_force",
            Self::DocumentNumber => "document_number",
            Self::Lead => "lead",
        }
    }

    fn apply(self, text: &str) -> Option<String> {
        match self {
            Self::FirstDate => dates::first(text).map(|day| day.to_string()),
            Self::Signed => dates::signed(text).map(|day| day.to_string()),
            Self::InForce => dates::in_force(text).map(|day| day.to_string()),
            Self::DocumentNumber => {
                let end = text.char_indices().nth(300).map_or(text.len(), |(at, _)| at);
                text[..end].split_whitespace().find_map(yima_model::document_number::normalise)
            }
            Self::Lead => {
                let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#') && !line.is_empty());
                Some(lines.take(5).collect::<Vec<_>>().join(" "))
            }
        }
    }
}

/// What happens to a value that neither `map` nor the table knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Unmapped {
    /// It is a mistake.
    #[default]
    Report,
    /// It counts as nothing: the next rule is tried.
    Next,
    /// It stays as it is; in a table it becomes a new row.
    Row,
    /// This takes its place.
    Use(String),
}

/// A limit for a date.
#[derive(Clone, Debug)]
pub(crate) enum Bound {
    Day(Date),
    /// Another date of the record.
    Key(String),
}

/// A value that the mapping does not know and does not provide for.
pub(crate) struct Unknown(pub(crate) String);

impl Rule {
    /// A rule that only says where from.
    pub(crate) const fn new(from: From) -> Self {
        Self {
            when: BTreeMap::new(),
            from,
            split: Vec::new(),
            clean: Vec::new(),
            find: None,
            map: BTreeMap::new(),
            endings: BTreeMap::new(),
            unmapped: Unmapped::Report,
            cut: None,
            prefix: String::new(),
            formats: Vec::new(),
            not_before: None,
            not_after: None,
            known: false,
            mark: None,
        }
    }

    /// The values for a row; `title` is that of the record, as far as it is known.
    pub(crate) fn values(
        &self,
        row: &Map<String, Value>,
        title: &str,
        removed: &mut BTreeMap<char, usize>,
    ) -> Result<Vec<String>, Unknown> {
        let raw = match &self.from {
            From::Field(field) => values(row, field),
            From::Texts(templates) => templates.iter().map(|template| template.fill(row)).collect(),
            From::SameAs(_) => Vec::new(),
        };
        let mut looked_at = BTreeMap::new();
        let mut texts = Vec::with_capacity(raw.len());
        for raw in raw {
            // A text that is only looked through is written by another rule, which counts.
            let seen = visible(&raw, if self.find.is_some() { &mut looked_at } else { removed });
            for part in self.parts(&seen) {
                if let Some(text) = self.value(part, title)? {
                    texts.push(text);
                }
            }
        }
        Ok(texts)
    }

    fn parts<'t>(&self, text: &'t str) -> Vec<&'t str> {
        if self.split.iter().any(|separator| separator == "\n") && text.contains('\n') {
            return text.split('\n').collect();
        }
        let mut parts = vec![text];
        for separator in &self.split {
            parts = parts.into_iter().flat_map(|part| part.split(separator.as_str())).collect();
        }
        parts
    }

    /// The fields of a row that it looks at.
    pub(crate) fn fields(&self) -> Vec<String> {
        match &self.from {
            From::Field(field) => vec![field.clone()],
            From::Texts(templates) => templates.iter().flat_map(Template::fields).map(str::to_owned).collect(),
            From::SameAs(_) => Vec::new(),
        }
    }

    fn value(&self, text: &str, title: &str) -> Result<Option<String>, Unknown> {
        let mut text = text.trim().to_owned();
        for rule in &self.clean {
            text = rule.apply(&text, title);
        }
        if let Some(find) = self.find {
            text = find.apply(&text).unwrap_or_default();
        }
        if text.is_empty() {
            return Ok(None);
        }
        if !(self.map.is_empty() && self.endings.is_empty()) {
            let ending = || {
                let fits = self.endings.iter().filter(|(ending, _)| text.ends_with(ending.as_str()));
                fits.max_by_key(|(ending, _)| ending.len()).map(|(_, value)| value)
            };
            text = match (self.map.get(&text).or_else(ending), &self.unmapped) {
                (Some(value), _) | (None, Unmapped::Use(value)) => value.clone(),
                (None, Unmapped::Row) => text,
                (None, Unmapped::Next) => return Ok(None),
                (None, Unmapped::Report) => return Err(Unknown(text)),
            };
        }
        if let Some(most) = self.cut {
            text = cut(&text, most);
        }
        let text = format!("{}{}", self.prefix, text.trim());
        Ok((!text.is_empty()).then_some(text))
    }
}

/// At most `most` characters: up to the last full stop when that keeps half of them, else with `…`.
fn cut(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let head = &text[..end];
    match head.rfind('。') {
        Some(at) if head[..at].chars().count() * 2 >= most => head[..at + '。'.len_utf8()].to_owned(),
        _ => {
            let shorter = head.char_indices().next_back().map_or(0, |(at, _)| at);
            format!("{}…", &head[..shorter])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(rule: &Rule, row: &Value) -> Result<Vec<String>, String> {
        rule.values(row.as_object().unwrap(), "题目", &mut BTreeMap::new()).map_err(|Unknown(value)| value)
    }

    #[test]
    fn a_value_is_mapped_or_provided_for() {
        let row = serde_json::json!({ "title": "某某条例", "list": "甲;乙; " });
        let mut rule = Rule::new(From::Field("list".into()));
        rule.split = vec![";".into()];
        assert_eq!(run(&rule, &row).unwrap(), ["甲", "乙"]);
        rule.map.insert("甲".into(), "a".into());
        assert_eq!(run(&rule, &row).unwrap_err(), "乙");
        rule.unmapped = Unmapped::Next;
        assert_eq!(run(&rule, &row).unwrap(), ["a"]);
        rule.unmapped = Unmapped::Use("z".into());
        assert_eq!(run(&rule, &row).unwrap(), ["a", "z"]);
        let mut rule = Rule::new(From::Field("title".into()));
        rule.endings = BTreeMap::from([("例".into(), "short".into()), ("条例".into(), "long".into())]);
        assert_eq!(run(&rule, &row).unwrap(), ["long"]);
        rule.when.insert("title".into(), vec!["别的".into()]);
        assert!(!holds(&rule.when, row.as_object().unwrap()));
    }

    #[test]
    fn a_long_text_is_cut_at_a_full_stop_or_marked() {
        assert_eq!(cut("一二三。四五", 6), "一二三。四五");
        assert_eq!(cut("一二三。四五", 5), "一二三。");
        assert_eq!(cut("一。二三四五", 5), "一。二三…");
    }

    #[test]
    fn a_number_that_stands_alone_is_the_document_s_own() {
        let find = |text| Find::DocumentNumber.apply(text);
        assert_eq!(find("关于某事的通知 某发[2020]7号 各单位：").as_deref(), Some("某发〔2020〕7号"));
        assert_eq!(find("根据《某通知》（某发〔2020〕7号）要求"), None);
    }
}
