//! What a person asks for, and its form in an address.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use yima_model::Validity;
use yima_model::catalogue::Facet;

/// Longest text of a query, in characters; what is longer is cut. Long enough for a whole title, short enough that no
/// address grows beyond what chat programs pass on.
pub const MAX_TEXT: usize = 200;

/// Most values chosen in one facet, and longest id of a value: bounds for addresses made by hand.
const MAX_CHOSEN: usize = 64;
const MAX_ID: usize = 60;

/// What a person asks for. Within a facet the chosen values are alternatives; facets narrow one another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What was typed, as typed.
    text: String,
    /// Which validities.
    standing: Standing,
    /// Chosen ids by facet; no empty sets, and never [`Facet::Validity`], which is [`Query::standing`].
    chosen: BTreeMap<Facet, BTreeSet<String>>,
    /// In which order.
    sort: Sort,
    /// Whether 人事任免 and 会议通知 are left out.
    hides_routine: bool,
}

/// Which validities a person wants to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// 只看现行有效: what one can rely on today.
    #[default]
    Live,
    /// All.
    Any,
    /// These; never empty.
    Only(BTreeSet<Validity>),
}

impl Standing {
    /// Whether a record of this validity is wanted.
    #[must_use]
    pub fn admits(&self, validity: Validity) -> bool {
        match self {
            Self::Live => validity.is_live(),
            Self::Any => true,
            Self::Only(these) => these.contains(&validity),
        }
    }
}

/// The order of the hits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// 最相关: what answers best; where nothing was typed, policies first, then newest.
    #[default]
    Relevance,
    /// 最新发布
    Newest,
    /// 最快到期: the last day in force, soonest first; what has no end after it, what has ended last.
    Ending,
}

impl Sort {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Relevance, Self::Newest, Self::Ending];

    /// The name used in addresses.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Relevance => "relevance",
            Self::Newest => "newest",
            Self::Ending => "ending",
        }
    }

    /// The inverse of [`Sort::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sort| sort.id() == id)
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Relevance => "最相关",
            Self::Newest => "最新发布",
            Self::Ending => "最快到期",
        }
    }
}

impl Query {
    /// What was typed, as typed.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Which validities.
    #[must_use]
    pub const fn standing(&self) -> &Standing {
        &self.standing
    }

    /// In which order.
    #[must_use]
    pub const fn sort(&self) -> Sort {
        self.sort
    }

    /// Takes what was typed, the first [`MAX_TEXT`] characters of it.
    pub fn set_text(&mut self, text: &str) {
        self.text = text.chars().take(MAX_TEXT).collect();
    }

    /// Takes the order.
    pub const fn set_sort(&mut self, sort: Sort) {
        self.sort = sort;
    }

    /// Turns 只看现行有效 on, or shows all validities.
    pub fn set_live_only(&mut self, on: bool) {
        self.standing = if on { Standing::Live } else { Standing::Any };
    }

    /// Whether 人事任免 and 会议通知 are left out.
    #[must_use]
    pub const fn hides_routine(&self) -> bool {
        self.hides_routine
    }

    /// Leaves 人事任免 and 会议通知 out, or takes them in.
    pub const fn set_hides_routine(&mut self, on: bool) {
        self.hides_routine = on;
    }

    /// Whether a value was chosen by hand.
    #[must_use]
    pub fn is_chosen(&self, facet: Facet, id: &str) -> bool {
        if facet == Facet::Validity {
            return matches!(&self.standing, Standing::Only(these) if these.iter().any(|these| these.id() == id));
        }
        self.chosen.get(&facet).is_some_and(|ids| ids.contains(id))
    }

    /// The ids chosen by hand in a facet, in order.
    pub fn chosen(&self, facet: Facet) -> impl Iterator<Item = &str> {
        let validities = match &self.standing {
            Standing::Only(these) if facet == Facet::Validity => Some(these.iter().map(|these| these.id())),
            _ => None,
        };
        let ids = self.chosen.get(&facet).into_iter().flatten().map(String::as_str);
        validities.into_iter().flatten().chain(ids)
    }

    /// Chooses a value, or takes the choice back. A validity chosen by hand takes the place of 只看现行有效.
    ///
    /// What no value can be (an unknown validity, an overlong id, one too many) is left out.
    pub fn toggle(&mut self, facet: Facet, id: &str) {
        if facet == Facet::Validity {
            let Some(validity) = Validity::from_id(id) else { return };
            let mut these = match core::mem::take(&mut self.standing) {
                Standing::Only(these) => these,
                Standing::Live | Standing::Any => BTreeSet::new(),
            };
            if !these.remove(&validity) {
                these.insert(validity);
            }
            self.standing = if these.is_empty() { Standing::Any } else { Standing::Only(these) };
            return;
        }
        let ids = self.chosen.entry(facet).or_default();
        if !ids.remove(id) && !id.is_empty() && id.len() <= MAX_ID && ids.len() < MAX_CHOSEN {
            ids.insert(id.to_owned());
        }
        if ids.is_empty() {
            self.chosen.remove(&facet);
        }
    }

    /// Takes back every choice but text and order.
    pub fn clear_choices(&mut self) {
        self.chosen.clear();
        self.standing = Standing::Live;
        self.hides_routine = false;
    }

    /// How many values were chosen by hand.
    #[must_use]
    pub fn choices(&self) -> usize {
        Facet::ALL.into_iter().map(|facet| self.chosen(facet).count()).sum()
    }

    /// The query string of an address, without `?`; empty for the query that asks for nothing.
    ///
    /// Keys stand in alphabetical order and repeat for several values, values in order too: one query, one address.
    #[must_use]
    pub fn to_query_string(&self) -> String {
        let mut pairs: Vec<(&str, &str)> = Vec::new();
        for facet in Facet::ALL {
            pairs.extend(self.chosen(facet).map(|id| (facet.id(), id)));
        }
        if self.standing == Standing::Any {
            pairs.push((Facet::Validity.id(), "all"));
        }
        if !self.text.is_empty() {
            pairs.push(("q", &self.text));
        }
        if self.hides_routine {
            pairs.push(("routine", "hide"));
        }
        if self.sort != Sort::default() {
            pairs.push(("sort", self.sort.id()));
        }
        pairs.sort_unstable();
        let mut string = String::new();
        for (key, value) in pairs {
            if !string.is_empty() {
                string.push('&');
            }
            string.push_str(key);
            string.push('=');
            percent_encode(&mut string, value);
        }
        string
    }

    /// Reads the query string of an address, with or without `?`. Whatever it holds, it is read as far as it makes
    /// sense: unknown keys and values are left out.
    #[must_use]
    pub fn from_query_string(string: &str) -> Self {
        let mut query = Self::default();
        for pair in string.trim_start_matches('?').split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (key, value) = (percent_decode(key), percent_decode(value));
            match key.as_str() {
                "q" => query.set_text(&value),
                "sort" => query.sort = Sort::from_id(&value).unwrap_or_default(),
                "routine" => query.hides_routine = value == "hide",
                "validity" if value == "all" => query.standing = Standing::Any,
                key => {
                    if let Some(facet) = Facet::from_id(key)
                        && !query.is_chosen(facet, &value)
                    {
                        query.toggle(facet, &value);
                    }
                }
            }
        }
        query
    }
}

/// Everything but the unreserved characters of RFC 3986 as `%XX`.
pub(crate) fn percent_encode(out: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
}

/// The inverse, forgiving: `+` is a space as forms send it, a `%` without two digits stands for itself, and what is not
/// UTF-8 becomes U+FFFD.
pub(crate) fn percent_decode(value: &str) -> String {
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = match (byte, after) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)),
            _ => None,
        };
        match (byte, escaped) {
            (_, Some((high, low))) => {
                bytes.push(high << 4 | low);
                rest = after.get(2..).unwrap_or_default();
            }
            (b'+', None) => {
                bytes.push(b' ');
                rest = after;
            }
            (_, None) => {
                bytes.push(byte);
                rest = after;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests;
