//! The day a site was built for, and what pages say that follows from it: a new day makes no new page.

/// The day a site was built for, as pages write it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Day {
    /// `2026-11-02`, `2026年11月2日`.
    pub(crate) written: [String; 2],
    /// What stands shortly before it; elsewhere the same date is one like any other, and stays.
    #[cfg(any(test, feature = "seal"))]
    marks: Vec<String>,
}

/// What stands before the day that a page counts down to; that, and two marks, before how long it is until then.
const UNTIL: &str = "data-until=\"";

/// So many bytes before a day are looked at for its marks.
#[cfg(any(test, feature = "seal"))]
const NEAR: usize = 64;

impl Day {
    /// The day of an ISO date.
    pub(crate) fn of(date: &str) -> Self {
        let mut parts = date.split('-').map(|part| part.trim_start_matches('0'));
        let mut part = || parts.next().unwrap_or_default();
        Self {
            written: [date.to_owned(), format!("{}年{}月{}日", part(), part(), part())],
            #[cfg(any(test, feature = "seal"))]
            marks: Vec::new(),
        }
    }

    /// The same, with what stands before it on pages.
    #[cfg(feature = "seal")]
    pub(crate) fn after(self, marks: &[String]) -> Self {
        Self { marks: marks.to_vec(), ..self }
    }

    /// Where the day comes next in a text, and how long it is there.
    #[cfg(any(test, feature = "seal"))]
    pub(crate) fn find(&self, text: &str, mut from: usize) -> Option<(usize, usize)> {
        let year = self.written[0].split('-').next()?;
        while let Some(at) = text.get(from..)?.find(year) {
            let place = from + at;
            let way = self.written.iter().find(|way| text[place..].starts_with(way.as_str()));
            if let Some(way) = way.filter(|_| self.is_meant(&text[..place])) {
                return Some((place, way.len()));
            }
            from = place + year.len();
        }
        None
    }

    /// Whether a date behind this is the day of the site.
    #[cfg(any(test, feature = "seal"))]
    fn is_meant(&self, before: &str) -> bool {
        let near = before.ceil_char_boundary(before.len().saturating_sub(NEAR));
        self.marks.iter().any(|mark| before[near..].contains(mark.as_str()))
    }

    /// How long it is until the day that a page has just named, in the words of pages: `还有39天`. None where it names none,
    /// or it is not to come.
    pub(crate) fn left(&self, page: &[u8]) -> Option<String> {
        let (_, named) = page.strip_suffix(b"\">")?.split_last_chunk::<10>()?;
        let before = page.get(..page.len() - named.len() - 2)?;
        let until = before.ends_with(UNTIL.as_bytes()).then(|| number(core::str::from_utf8(named).ok()?))??;
        let days = until - number(&self.written[0])?;
        (days > 0).then(|| format!("还有{days}天"))
    }
}

/// The number of a day, counted from one that does not matter. Source: H. Hinnant, chrono-compatible low-level date
/// algorithms, `days_from_civil`.
fn number(date: &str) -> Option<i64> {
    let mut parts = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let since_march = (month + 9).rem_euclid(12);
    let year = year - i64::from(since_march > 9);
    Some(
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * since_march + 2) / 5
            + day,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted() {
        let day = Day::of("2026-11-02");
        let left = |until: &str| day.left(format!("<span class=\"left\" data-until=\"{until}\">").as_bytes());
        for (until, days) in [("2026-11-03", 1), ("2026-12-01", 29), ("2027-01-02", 61), ("2028-03-01", 485)] {
            assert_eq!(left(until), Some(format!("还有{days}天")), "{until}");
        }
        for none in ["2026-11-02", "2025-11-03", "", "today 2026", "2026-11-03 "] {
            assert_eq!(left(none), None, "{none}");
        }
        assert_eq!(day.left("<i data-since=\"2026-11-03\">".as_bytes()), None);
        assert_eq!(day.left("data-until=\"年年年2026-11-03\">".as_bytes()), None);
    }
}
