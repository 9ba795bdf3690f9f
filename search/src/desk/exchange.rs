//! What a visitor asked and said since ⇄ the query string of an address.

use super::{Choice, MOST_ASKED, Side};
use crate::query::{Query, percent_decode, percent_encode};

/// Stands for 都不是 and 不确定 in an address; no id has it.
const UNSURE: &str = "-";

/// Longest value that is read from an address, in characters.
const MAX_VALUE: usize = 60;

/// A question, and what was answered to the questions back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    text: String,
    choices: Vec<Choice>,
}

impl Exchange {
    /// A question as typed; cut where it is longer than an address should be.
    #[must_use]
    pub fn new(typed: &str) -> Self {
        let mut query = Query::default();
        query.set_text(typed.trim());
        Self { text: query.text().to_owned(), choices: Vec::new() }
    }

    /// The question.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether nothing was asked.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// What was said to the questions back, in their order.
    #[must_use]
    pub fn choices(&self) -> &[Choice] {
        &self.choices
    }

    /// Adds an answer to a question back; what was answered already stays.
    pub fn choose(&mut self, choice: Choice) {
        let known = self.choices.iter().any(|known| known.side == choice.side);
        if !known && self.choices.len() < MOST_ASKED {
            self.choices.push(choice);
        }
    }

    /// The query string of an address, without `?`; empty when nothing was asked.
    #[must_use]
    pub fn to_query_string(&self) -> String {
        let mut string = String::new();
        if self.is_empty() {
            return string;
        }
        string.push_str("q=");
        percent_encode(&mut string, &self.text);
        for Choice { side, value } in &self.choices {
            string.push('&');
            string.push_str(side.facet().id());
            string.push('=');
            percent_encode(&mut string, value.as_deref().unwrap_or(UNSURE));
        }
        string
    }

    /// Reads the query string of an address, with or without `?`, as far as it makes sense.
    #[must_use]
    pub fn from_query_string(string: &str) -> Self {
        let mut exchange = Self::new(Query::from_query_string(string).text());
        for pair in string.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(side), value) = (Side::from_id(key), percent_decode(value)) else { continue };
            if !value.is_empty() && value.chars().count() <= MAX_VALUE && !exchange.is_empty() {
                exchange.choose(Choice { side, value: (value != UNSURE).then_some(value) });
            }
        }
        exchange
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_says_what_was_asked() {
        let mut exchange = Exchange::new("  租房补贴怎么领？ ");
        exchange.choose(Choice { side: Side::Theme, value: Some("zhufang".into()) });
        exchange.choose(Choice { side: Side::Theme, value: None });
        exchange.choose(Choice { side: Side::Audience, value: None });
        exchange.choose(Choice { side: Side::District, value: Some("nan".into()) });
        let address = exchange.to_query_string();
        assert!(address.starts_with("q=%E7%A7%9F") && address.ends_with("&theme=zhufang&audience=-"), "{address}");
        assert_eq!(Exchange::from_query_string(&address), exchange);
        assert_eq!(Exchange::from_query_string(&format!("?{address}&year=2025&x")), exchange);
        assert!(Exchange::from_query_string("?theme=zhufang").choices().is_empty());
    }

    proptest! {
        #[test]
        fn addresses_lead_back(text in "\\PC{0,30}", value in "[^-]\\PC{0,9}", unsure: bool) {
            let mut exchange = Exchange::new(&text);
            if !exchange.is_empty() {
                exchange.choose(Choice { side: Side::Audience, value: Some(value) });
                exchange.choose(Choice { side: Side::District, value: (!unsure).then(|| "nan".to_owned()) });
            }
            prop_assert_eq!(Exchange::from_query_string(&exchange.to_query_string()), exchange);
        }

        #[test]
        fn any_address_is_read(string in "\\PC{0,60}") {
            let exchange = Exchange::from_query_string(&string);
            prop_assert_eq!(Exchange::from_query_string(&exchange.to_query_string()), exchange);
        }
    }
}
