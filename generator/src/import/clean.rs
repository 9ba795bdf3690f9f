//! What may be done to a text on its way in. Each rule has a name, and a mapping lists those it wants.

use std::collections::BTreeMap;

use crate::mistake::is_invisible;

/// A cleaning rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clean {
    /// `spaces`: runs of white space, full width too, become one space.
    Spaces,
    /// `title`: the title standing once more at the start of the text goes.
    Title,
    /// `gaps`: white space after 。：；！？ and every full-width indent starts a new line, for texts that lost their lines.
    Gaps,
    /// `escape`: the text is plain, so what Markdown would read as a mark is kept from it.
    Escape,
    /// `lines`: every line is a paragraph; rows of a table stay together.
    Lines,
    /// `headings`: the headings move so that the highest is `##`.
    Headings,
}

impl Clean {
    /// All rules, in the order they are applied, whatever the order in the mapping.
    pub(crate) const ALL: [Self; 6] =
        [Self::Spaces, Self::Title, Self::Gaps, Self::Escape, Self::Lines, Self::Headings];

    /// The name used in a mapping.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Spaces => "spaces",
            Self::Title => "title",
            Self::Gaps => "gaps",
            Self::Escape => "escape",
            Self::Lines => "lines",
            Self::Headings => "headings",
        }
    }

    /// Applies the rule; `title` is that of the record.
    pub(crate) fn apply(self, text: &str, title: &str) -> String {
        match self {
            Self::Spaces => text.split_whitespace().collect::<Vec<_>>().join(" "),
            Self::Title => {
                let rest = text.trim_start().strip_prefix(title).filter(|rest| rest.starts_with(char::is_whitespace));
                rest.filter(|_| !title.is_empty()).unwrap_or(text).trim_start().to_owned()
            }
            Self::Gaps => gaps(text),
            Self::Escape => escape(text),
            Self::Lines => lines(text),
            Self::Headings => headings(text),
        }
    }
}

/// What every text goes through: line ends of one kind, and no character that nobody sees. What was removed is counted.
pub(crate) fn visible(text: &str, removed: &mut BTreeMap<char, usize>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\r' => {
                let _ = chars.next_if_eq(&'\n');
                out.push('\n');
            }
            _ if is_invisible(ch) => *removed.entry(ch).or_default() += 1,
            _ => out.push(ch),
        }
    }
    out
}

fn gaps(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.trim();
    while let Some(at) = rest.find(char::is_whitespace) {
        let (before, after) = rest.split_at(at);
        let next = after.trim_start();
        let gap = &after[..after.len() - next.len()];
        out.push_str(before);
        let ended = before.ends_with(['。', '：', '；', '！', '？', '”', '）', ':', '!']);
        out.push(if ended || gap.contains(['\u{3000}', '\u{A0}', '\u{2002}', '\n']) { '\n' } else { ' ' });
        rest = next;
    }
    out.push_str(rest);
    out
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (number, line) in text.split('\n').enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let line = line.trim();
        // Marks that count only at the start of a line.
        let digits = line.bytes().take_while(u8::is_ascii_digit).count();
        let mark = match line[digits..].chars().next() {
            Some('.' | ')') if (1..=9).contains(&digits) => digits,
            Some('#' | '+' | '-' | '=' | ':') if digits == 0 => 0,
            _ => usize::MAX,
        };
        for (at, ch) in line.char_indices() {
            let everywhere = matches!(ch, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|');
            if at == mark || everywhere {
                out.push('\\');
            }
            out.push(ch);
        }
    }
    out
}

fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut in_table = false;
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let row = line.starts_with('|') && line.len() > 1;
        if !out.is_empty() {
            out.push_str(if row && in_table { "\n" } else { "\n\n" });
        }
        in_table = row;
        out.push_str(line);
    }
    out
}

fn headings(text: &str) -> String {
    let level = |line: &str| {
        let marks = line.bytes().take_while(|&byte| byte == b'#').count();
        ((1..=6).contains(&marks) && line[marks..].starts_with([' ', '\u{3000}', '\t'])).then_some(marks)
    };
    let Some(highest) = text.lines().filter_map(level).min().filter(|&highest| highest != 2) else {
        return text.to_owned();
    };
    let moved = text.lines().map(|line| match level(line) {
        Some(marks) => format!("{}{}", "#".repeat((marks + 2 - highest).min(6)), &line[marks..]),
        None => line.to_owned(),
    });
    moved.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markdown::parse;

    #[test]
    fn what_is_not_seen_goes_and_is_counted() {
        let mut removed = BTreeMap::new();
        assert_eq!(visible("\u{FEFF}甲\r\n乙\u{200B}\u{200B}\r丙\u{7}\t丁", &mut removed), "甲\n乙\n丙\t丁");
        let counts: Vec<(char, usize)> = removed.into_iter().collect();
        assert_eq!(counts, [('\u{7}', 1), ('\u{200B}', 2), ('\u{FEFF}', 1)]);
    }

    #[test]
    fn each_rule_does_what_its_name_says() {
        for (rule, text, expected) in [
            (Clean::Spaces, " 关于\u{3000}\u{A0} 某事\n的通知 ", "关于 某事 的通知"),
            (Clean::Title, "题目 正文", "正文"),
            (Clean::Title, "题目就是正文", "题目就是正文"),
            (
                Clean::Gaps,
                "各单位： 为了某事。 一、做好\u{3000}二、做完 A B",
                "各单位：\n为了某事。\n一、做好\n二、做完 A B",
            ),
            (Clean::Escape, "1. 甲*乙\n# 丙\n2020年", "1\\. 甲\\*乙\n\\# 丙\n2020年"),
            (Clean::Lines, "甲\n乙\n|a|b|\n|-|-|\n丙", "甲\n\n乙\n\n|a|b|\n|-|-|\n\n丙"),
            (Clean::Headings, "# 甲\n乙\n### 丙", "## 甲\n乙\n#### 丙"),
            (Clean::Headings, "### 甲\n#文字", "## 甲\n#文字"),
        ] {
            assert_eq!(rule.apply(text, "题目"), expected, "{rule:?}");
        }
    }

    proptest! {
        /// A plain text, escaped and parsed, is the same text.
        #[test]
        fn an_escaped_text_reads_as_it_was(text in "[甲乙 \\\\`*_\\[\\]<>&~|#+=:!.()a0-9-]{0,40}(\n[#>*+=|0-9.) a~-]{0,12}){0,3}") {
            let squeeze = |text: &str| text.chars().filter(|ch| !ch.is_whitespace()).collect::<String>();
            let body = parse(&lines(&escape(&text)));
            prop_assert_eq!(squeeze(&body.text()), squeeze(&text));
            prop_assert!(body.problems.is_empty() && body.headings.is_empty() && body.links.is_empty());
        }
    }
}
