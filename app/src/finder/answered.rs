//! What is known about the text of a question, as ordinary structs: views word it, `seek` fills it.

use std::sync::Arc;

use yima_search::engine::Score;
use yima_search::session::AnswerKind;
use yima_search::vocabulary::{Correction, Reading};

use crate::load::LoadError;

/// Records a text admits.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Matched {
    /// Nothing is known yet.
    Pending,
    /// Nothing was typed: all.
    Everything,
    /// These, with their scores.
    Records(Arc<Vec<Score>>),
}

/// How far the answer is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Files without which there is nothing to show are on their way.
    Looking,
    /// Shown, and files that put it in order are on their way.
    Ordering,
    /// Shown in order, and texts are being read for certainty.
    Checking,
    /// Shown in order; certainty costs so many bytes, which the person decides.
    Offered(usize),
    /// As good as it gets.
    Done,
    /// What is shown is the last that could be had.
    Failed(LoadError),
}

/// What is known about the text of the question, beside the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Progress {
    pub(super) phase: Phase,
    /// What the records have in common; none where nothing was typed.
    pub(super) kind: Option<AnswerKind>,
    /// Stretches of what was typed that no record has.
    pub(super) unknown: Vec<String>,
    /// What was looked for in place of what was typed.
    pub(super) read_as: Option<Correction>,
}

impl Progress {
    /// Nothing was typed.
    pub(super) const fn everything() -> Self {
        Self { phase: Phase::Done, kind: None, unknown: Vec::new(), read_as: None }
    }

    /// Something was typed and nothing is known yet.
    pub(super) const fn looking() -> Self {
        Self { phase: Phase::Looking, kind: None, unknown: Vec::new(), read_as: None }
    }

    /// Whether what is shown answers an older question.
    pub(super) fn is_looking(&self) -> bool {
        self.phase == Phase::Looking
    }

    /// Whether a better answer is on its way.
    pub(super) const fn is_under_way(&self) -> bool {
        matches!(self.phase, Phase::Looking | Phase::Ordering | Phase::Checking)
    }

    /// How many records there are, as certain as it is.
    pub(super) fn count(&self, hits: usize) -> String {
        if self.is_looking() {
            return "正在查找…".to_owned();
        }
        let certain = match self.kind {
            None | Some(AnswerKind::Exact) => true,
            Some(AnswerKind::Near) => {
                return if hits == 0 { "没有找到".to_owned() } else { format!("相近的 {hits} 条") };
            }
            Some(AnswerKind::Unverified) => false,
        };
        match (hits, certain) {
            (0, true) => "没有找到".to_owned(),
            (0, false) if self.is_under_way() => "正在查找…".to_owned(),
            (0, false) => "没有找到".to_owned(),
            (hits, true) => format!("找到 {hits} 条"),
            (hits, false) => format!("约 {hits} 条"),
        }
    }

    /// What to say above records that only come near.
    pub(super) fn explanation(&self, hits: usize) -> Option<String> {
        if self.is_looking() || hits == 0 {
            return None;
        }
        let read_as = self.read_as.as_ref().map(|Correction { said, word, reading, .. }| match reading {
            Reading::Pinyin => format!("按拼音“{said}”找“{word}”。"),
            Reading::Sound => format!("没有“{said}”，按读音相同的“{word}”查找。"),
            Reading::Slip => format!("没有“{said}”，按写法相近的“{word}”查找。"),
        });
        if self.kind != Some(AnswerKind::Near) {
            return read_as;
        }
        let mut said = read_as.unwrap_or_default();
        said.push_str("没有整句相同的，下面按相近程度排列。");
        if !self.unknown.is_empty() {
            let quoted: Vec<String> = self.unknown.iter().take(4).map(|word| format!("“{word}”")).collect();
            said.push_str(&format!("所有记录里都没有{}。", quoted.join("、")));
        }
        Some(said)
    }
}

/// Bytes as a person reads them.
pub(super) fn size(bytes: usize) -> String {
    match bytes {
        0..1_000_000 => format!("{} KB", bytes.div_ceil(10_000).max(1) * 10),
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(phase: Phase, kind: AnswerKind) -> Progress {
        Progress { phase, kind: Some(kind), unknown: vec!["段简".into()], read_as: None }
    }

    #[test]
    fn a_count_says_how_certain_it_is() {
        assert_eq!(Progress::everything().count(3), "找到 3 条");
        assert_eq!(Progress::looking().count(3), "正在查找…");
        assert_eq!(progress(Phase::Done, AnswerKind::Exact).count(3), "找到 3 条");
        assert_eq!(progress(Phase::Done, AnswerKind::Exact).count(0), "没有找到");
        assert_eq!(progress(Phase::Ordering, AnswerKind::Unverified).count(3), "约 3 条");
        assert_eq!(progress(Phase::Ordering, AnswerKind::Unverified).count(0), "正在查找…");
        assert_eq!(progress(Phase::Offered(9), AnswerKind::Unverified).count(0), "没有找到");
        assert_eq!(progress(Phase::Done, AnswerKind::Near).count(3), "相近的 3 条");
    }

    #[test]
    fn near_is_said_and_what_nobody_has() {
        let said = progress(Phase::Done, AnswerKind::Near).explanation(3).unwrap();
        assert_eq!(said, "没有整句相同的，下面按相近程度排列。所有记录里都没有“段简”。");
        assert_eq!(progress(Phase::Done, AnswerKind::Near).explanation(0), None);
        let (text, said, word) = ("公积金".into(), "gjj".into(), "公积金".into());
        let read_as = Some(Correction { text, said, word, reading: Reading::Pinyin });
        let exact = Progress { read_as, ..progress(Phase::Done, AnswerKind::Exact) };
        assert_eq!(exact.explanation(3).unwrap(), "按拼音“gjj”找“公积金”。");
        assert_eq!(progress(Phase::Done, AnswerKind::Exact).explanation(3), None);
    }

    #[test]
    fn sizes_are_round() {
        assert_eq!([size(1), size(41_000), size(2_340_000)], ["10 KB", "50 KB", "2.3 MB"]);
    }
}
