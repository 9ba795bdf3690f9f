//! The plain text of a parsed text, kept as cuts through its HTML: both together cost little more memory than the HTML.
//!
//! Nearly every word of the plain text stands in the HTML as well. A cut is three numbers: how many bytes of the HTML to
//! pass over, how many to take, and how many to take from the few words that the HTML does not have. It does not matter
//! how well the two texts agree: what is not found is kept as words, and the result is the text, byte for byte.

use memchr::{memchr, memchr2, memmem};

/// How to get the plain text back from the HTML it was written beside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    /// Triples of numbers, seven bits to a byte, the lowest first; a byte of 0x80 or more is followed by another.
    cuts: Box<[u8]>,
    /// What the HTML does not have, in order.
    words: Box<str>,
    /// Bytes of the text.
    length: usize,
}

/// How far ahead in the text the next run of the HTML is looked for, in bytes.
const AHEAD: usize = 64;

impl Plain {
    /// The cuts that make `text` of `html`.
    pub(super) fn of(text: &str, html: &str) -> Self {
        let mut cutter = Cutter { html, text, passed: 0, made: 0, open: None, cuts: Vec::new(), words: String::new() };
        let mut at = 0;
        while at < html.len() {
            let rest = &html[at..];
            match rest.as_bytes()[0] {
                b'<' => at += memchr(b'>', rest.as_bytes()).map_or(rest.len(), |end| end + 1),
                b'&' => {
                    cutter.run(at..at + 1);
                    at += rest.find(';').map_or(rest.len(), |end| end + 1);
                }
                _ => {
                    let end = at + memchr2(b'<', b'&', rest.as_bytes()).unwrap_or(rest.len());
                    cutter.run(at..end);
                    at = end;
                }
            }
        }
        cutter.finish()
    }

    /// The text. `html` is the HTML that the cuts were made for.
    pub(super) fn text(&self, html: &str) -> String {
        let mut text = String::with_capacity(self.length);
        let (mut html, mut words) = (html, &*self.words);
        let mut numbers = Numbers(&self.cuts);
        while let (Some(pass), Some(take), Some(own)) = (numbers.next(), numbers.next(), numbers.next()) {
            html = html.get(pass..).unwrap_or_default();
            let (taken, rest) = html.split_at_checked(take).unwrap_or_default();
            let (spoken, silent) = words.split_at_checked(own).unwrap_or_default();
            text.push_str(taken);
            text.push_str(spoken);
            (html, words) = (rest, silent);
        }
        text
    }

    /// Places in the text where the HTML has tags. `html` is the HTML that the cuts were made for.
    pub(super) fn tags(&self, html: &str) -> Vec<usize> {
        let mut places = Vec::new();
        let (mut html, mut made, mut taken_to) = (html, 0, 0);
        let mut numbers = Numbers(&self.cuts);
        while let (Some(pass), Some(take), Some(own)) = (numbers.next(), numbers.next(), numbers.next()) {
            let (passed, rest) = html.split_at_checked(pass).unwrap_or_default();
            if passed.contains('<') {
                // What is not in the HTML stands between.
                places.extend([taken_to, made]);
            }
            html = rest.get(take..).unwrap_or_default();
            taken_to = made + take;
            made = taken_to + own;
        }
        places.push(taken_to);
        places
    }
}

struct Cutter<'a> {
    html: &'a str,
    text: &'a str,
    /// Bytes of the HTML that finished cuts have passed over or taken.
    passed: usize,
    /// Bytes of the text that are made.
    made: usize,
    /// Bytes of the HTML that the cut being made takes.
    open: Option<std::ops::Range<usize>>,
    cuts: Vec<u8>,
    words: String,
}

impl Cutter<'_> {
    /// Takes a run of the HTML without tags, where the text has it next or soon.
    fn run(&mut self, run: std::ops::Range<usize>) {
        let (found, rest) = (&self.html[run.clone()], &self.text[self.made..]);
        if rest.starts_with(found) {
            self.take(run);
            return;
        }
        let mut end = rest.len().min(AHEAD + found.len());
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        // An empty line between tags is no text, and would be found anywhere.
        if !found.trim().is_empty()
            && let Some(ahead) = memmem::find(&rest.as_bytes()[..end], found.as_bytes())
        {
            self.speak(ahead);
            self.take(run);
        }
    }

    fn take(&mut self, run: std::ops::Range<usize>) {
        self.made += run.len();
        match &mut self.open {
            Some(open) if open.end == run.start => open.end = run.end,
            _ => {
                self.cut(0);
                self.open = Some(run);
            }
        }
    }

    /// The next `bytes` of the text are not in the HTML.
    fn speak(&mut self, bytes: usize) {
        let start = self.made;
        self.made += bytes;
        self.words.push_str(&self.text[start..self.made]);
        self.cut(bytes);
    }

    /// Writes down the open cut and how many words follow it.
    fn cut(&mut self, words: usize) {
        let open = self.open.take();
        if open.is_none() && words == 0 {
            return;
        }
        let open = open.unwrap_or(self.passed..self.passed);
        for number in [open.start - self.passed, open.len(), words] {
            push(&mut self.cuts, number);
        }
        self.passed = open.end;
    }

    fn finish(mut self) -> Plain {
        let left = self.text.len() - self.made;
        self.speak(left);
        Plain { cuts: self.cuts.into(), words: self.words.into(), length: self.text.len() }
    }
}

fn push(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push((number & 0x7F) as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Reads what [`push`] wrote.
struct Numbers<'a>(&'a [u8]);

impl Iterator for Numbers<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= usize::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever the two are, and however little they have in common.
        #[test]
        fn the_text_comes_back(text in "[a企\n&<>; 　业]{0,60}", html in "[a企\n&<>;/ 业p]{0,80}") {
            prop_assert_eq!(Plain::of(&text, &html).text(&html), text);
        }

        #[test]
        fn numbers_come_back(numbers in proptest::collection::vec(0_usize..1_000_000, 0..9)) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|&number| push(&mut bytes, number));
            prop_assert_eq!(Numbers(&bytes).collect::<Vec<_>>(), numbers);
        }
    }

    #[test]
    fn words_in_the_html_are_not_kept_twice() {
        let body = super::super::parse(
            "## 总则\n\n第一条 企业 & 个人。\n\n- 甲\n- **乙**\n\n| 档次 | 金额 |\n|---|---|\n| 一 | 二 |\n",
        );
        assert!(body.text().contains("第一条\u{3000}企业 & 个人。\n"), "{}", body.text());
        assert!(body.plain.words.chars().all(|ch| matches!(ch, '\u{3000}' | '\n')), "{:?}", body.plain);
    }
}
