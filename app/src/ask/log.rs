//! What was asked so far: an ordinary struct. Views show it; the address keeps its last entry.

use yima_search::desk::{Choice, Exchange};

/// A conversation, the latest exchange last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Log {
    entries: Vec<(u32, Exchange)>,
    next: u32,
}

impl Log {
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// A number for each exchange, never used again.
    pub(super) fn keys(&self) -> Vec<u32> {
        self.entries.iter().map(|(key, _)| *key).collect()
    }

    /// The exchange of a number.
    pub(super) fn of(&self, key: u32) -> Option<&Exchange> {
        self.entries.iter().find(|(known, _)| *known == key).map(|(_, exchange)| exchange)
    }

    /// Whether this is the latest one.
    pub(super) fn is_last(&self, key: u32) -> bool {
        self.entries.last().is_some_and(|(last, _)| *last == key)
    }

    /// The query string that brings the latest exchange back.
    pub(super) fn address(&self) -> String {
        self.entries.last().map(|(_, exchange)| exchange.to_query_string()).unwrap_or_default()
    }

    /// Another question; whether there is one, and it is not the one just asked.
    pub(super) fn ask(&mut self, exchange: Exchange) -> bool {
        if exchange.is_empty() || self.entries.last().is_some_and(|(_, last)| *last == exchange) {
            return false;
        }
        self.entries.push((self.next, exchange));
        self.next += 1;
        true
    }

    /// An answer to what the desk asked back last.
    pub(super) fn choose(&mut self, choice: Choice) {
        if let Some((_, last)) = self.entries.last_mut() {
            last.choose(choice);
        }
    }

    /// Goes to the exchange of an address, after a step back or forth: what came after it is taken away.
    pub(super) fn follow(&mut self, exchange: Exchange) {
        if exchange.is_empty() {
            self.entries.clear();
            return;
        }
        match self.entries.iter().rposition(|(_, known)| known.text() == exchange.text()) {
            Some(at) => {
                self.entries.truncate(at + 1);
                if let Some((_, last)) = self.entries.last_mut() {
                    *last = exchange;
                }
            }
            None => {
                self.ask(exchange);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yima_search::desk::Side;

    fn texts(log: &Log) -> Vec<&str> {
        log.entries.iter().map(|(_, exchange)| exchange.text()).collect()
    }

    #[test]
    fn questions_follow_one_another() {
        let mut log = Log::default();
        assert!(!log.ask(Exchange::new("  ")));
        assert!(log.ask(Exchange::new("租房")) && !log.ask(Exchange::new("租房")) && log.ask(Exchange::new("社保")));
        assert_eq!(log.keys(), [0, 1]);
        assert!(log.is_last(1) && !log.is_last(0));
        assert!(log.address().starts_with("q=") && !log.address().contains('&'));
        log.choose(Choice { side: Side::Theme, value: None });
        assert!(log.address().ends_with("&theme=-"));
        assert_eq!(log.of(1).map(|exchange| exchange.choices().len()), Some(1));
    }

    #[test]
    fn steps_back_and_forth() {
        let mut log = Log::default();
        log.ask(Exchange::new("租房"));
        log.choose(Choice { side: Side::Theme, value: None });
        log.ask(Exchange::new("社保"));
        // Back to the choice, back to before it, back to the start.
        log.follow(Exchange::from_query_string("q=租房&theme=-"));
        assert_eq!((texts(&log), log.address().contains("theme")), (vec!["租房"], true));
        log.follow(Exchange::new("租房"));
        assert_eq!((texts(&log), log.address().contains("theme")), (vec!["租房"], false));
        log.follow(Exchange::default());
        assert!(log.is_empty() && log.address().is_empty());
        // And forth again; numbers are not used twice.
        log.follow(Exchange::new("租房"));
        log.follow(Exchange::new("社保"));
        assert_eq!(texts(&log), ["租房", "社保"]);
        assert_eq!(log.keys(), [2, 3]);
    }
}
