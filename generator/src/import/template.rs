//! Texts with `{field}` in them.

use serde_json::{Map, Value};

/// A text with places for fields of the row; `{{` is a brace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Template(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(String),
}

impl Template {
    /// Reads a template; `None` when a brace stays open.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            plain.push_str(&rest[..at]);
            rest = &rest[at + 1..];
            if let Some(after) = rest.strip_prefix('{') {
                plain.push('{');
                rest = after;
                continue;
            }
            let (field, after) = rest.split_once('}')?;
            pieces.push(Piece::Text(std::mem::take(&mut plain)));
            pieces.push(Piece::Field(field.trim().to_owned()));
            rest = after;
        }
        plain.push_str(rest);
        pieces.push(Piece::Text(plain));
        Some(Self(pieces))
    }

    /// The fields it has places for.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Field(field) => Some(field.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text for a row. A field that is not there is empty.
    pub(crate) fn fill(&self, row: &Map<String, Value>) -> String {
        let mut out = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Field(field) => out.push_str(&values(row, field).join("、")),
            }
        }
        out
    }
}

/// The values of a field as texts: one for a text, a number or a truth value, several for a list, none otherwise.
pub(crate) fn values(row: &Map<String, Value>, field: &str) -> Vec<String> {
    fn one(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(flag) => Some(flag.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }
    match row.get(field) {
        Some(Value::Array(list)) => list.iter().filter_map(one).collect(),
        Some(value) => one(value).into_iter().collect(),
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_take_their_places() {
        let row = serde_json::json!({ "a": "甲", "n": 7, "l": ["x", "y"], "o": {} });
        let row = row.as_object().unwrap();
        let fill = |text: &str| Template::read(text).map(|template| template.fill(row));
        assert_eq!(fill("《{a}》{n} {l} {{a}} {o}{none}").as_deref(), Some("《甲》7 x、y {a}} "));
        assert_eq!(fill("{a"), None);
    }
}
