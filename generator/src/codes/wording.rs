//! What a person reads when a code or the ledger is wrong.

use yima_model::code::CodeError;

use super::assign::CodeProblem;
use super::ledger::{HEADER, LedgerFault};
use super::permanence::Broken;
use crate::language::Language;

/// A fault in words: what is wrong, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// What is wrong.
    pub reason: String,
    /// What to do.
    pub hint: String,
}

pub(super) fn wording(reason: String, hint: impl Into<String>) -> Wording {
    Wording { reason, hint: hint.into() }
}

/// Something that can be said in the two languages of the program.
pub trait Say {
    /// In Chinese.
    fn zh(&self) -> Wording;
    /// In English.
    fn en(&self) -> Wording;
    /// In the language asked for.
    fn say(&self, language: Language) -> Wording {
        match language {
            Language::Chinese => self.zh(),
            Language::English => self.en(),
        }
    }
}

const FROM_HISTORY_ZH: &str = "台账由 `yima codes` 追加，不要手改；请从版本历史恢复这一行";
const FROM_HISTORY_EN: &str =
    "`yima codes` appends to the ledger, do not edit it; restore the line from version control";

impl Say for CodeError {
    fn zh(&self) -> Wording {
        match self {
            Self::Length(count) => wording(format!("一码是 6 位，这里是 {count} 位"), "请照码下面印的文字输入"),
            Self::Symbol(ch) => wording(
                format!("一码里不会有字符「{ch}」"),
                "只有数字和除 I、L、O、U 以外的字母；O 按 0、I 和 L 按 1 读",
            ),
            Self::Check => wording("校验位不符，有一位输错了".into(), "请照码下面印的文字核对每一位"),
        }
    }

    fn en(&self) -> Wording {
        match self {
            Self::Length(count) => {
                wording(format!("a code has 6 symbols, this has {count}"), "type what is printed under the symbol")
            }
            Self::Symbol(ch) => wording(
                format!("no code contains `{ch}`"),
                "only digits and letters other than I, L, O, U; O is read as 0, I and L as 1",
            ),
            Self::Check => wording(
                "the check symbol does not fit: one symbol is mistyped".into(),
                "compare every symbol with what is printed",
            ),
        }
    }
}

impl Say for LedgerFault {
    fn zh(&self) -> Wording {
        let reason = match self {
            Self::Encoding => "不是 UTF-8 编码".into(),
            Self::Header(found) => format!("首行应为 {}，这里是 {found}", HEADER.join(",")),
            Self::Columns(count) => format!("应有 4 列，这里有 {count} 列"),
            Self::Code(text, error) => format!("「{text}」不是一码：{}", error.zh().reason),
            Self::Form(text, code) => format!("一码 {code} 写成了「{text}」"),
            Self::Kind(text) => format!("没有「{text}」这一类记录"),
            Self::Id(kind, text) => format!("「{text}」不是 {kind} 的 id"),
            Self::Date(text) => format!("「{text}」不是日期，应写作 2025-03-01"),
            Self::SameCode(code, line) => format!("一码 {code} 在第 {line} 行已经发出"),
            Self::SameRecord(record, line) => format!("{record} 在第 {line} 行已经有码"),
        };
        match self {
            Self::SameCode(..) | Self::SameRecord(..) => {
                wording(reason, "两处编辑各自发码后合并会这样：保留已经公布的一行，删去另一行，再运行 `yima codes`")
            }
            _ => wording(reason, FROM_HISTORY_ZH),
        }
    }

    fn en(&self) -> Wording {
        let reason = match self {
            Self::Encoding => "not UTF-8".into(),
            Self::Header(found) => format!("the first line should be {}, it is {found}", HEADER.join(",")),
            Self::Columns(count) => format!("there should be 4 columns, there are {count}"),
            Self::Code(text, error) => format!("`{text}` is no code: {}", error.en().reason),
            Self::Form(text, code) => format!("the code {code} is written `{text}`"),
            Self::Kind(text) => format!("there is no record kind `{text}`"),
            Self::Id(kind, text) => format!("`{text}` is no id of a {kind}"),
            Self::Date(text) => format!("`{text}` is no date of the form 2025-03-01"),
            Self::SameCode(code, line) => format!("the code {code} was given out on line {line}"),
            Self::SameRecord(record, line) => format!("{record} has a code on line {line}"),
        };
        match self {
            Self::SameCode(..) | Self::SameRecord(..) => wording(
                reason,
                "this is what merging two editors' additions can do: keep the line that was published, remove the other, \
                 run `yima codes` again",
            ),
            _ => wording(reason, FROM_HISTORY_EN),
        }
    }
}

impl Say for CodeProblem {
    fn zh(&self) -> Wording {
        match self {
            Self::Lost(record, code) => wording(
                format!("一码 {code} 的记录 {record} 不见了，印出去的码会扫不开"),
                format!(
                    "若改了 id，请改回；若确已撤下，在 tombstones.toml 写 [[tombstones]] record = \"{record}\"，说明原因"
                ),
            ),
            Self::StillLive(record, _) => {
                wording(format!("{record} 仍在，却写了撤下"), "删去这一条，或者撤下该记录（环节改回未公开也算撤下）")
            }
            Self::NeverHadCode(record, _) => wording(
                format!("{record} 从未发过码"),
                "撤下只为发过码的记录而写；请核对 record，写法同 codes.csv 的 kind:id",
            ),
            Self::TombstoneTwice(record, _) => wording(format!("{record} 的撤下写了两次"), "合并为一条"),
            Self::NoReplacement(record, instead, _) => wording(
                format!("{record} 由 {instead} 接替，但没有这份政策"),
                "replaced_by 写仍在本站的政策 id，没有就省略",
            ),
            Self::NoCodeLeft(record) => wording(format!("一码已经用完，{record} 没有码"), "请联系开发者"),
        }
    }

    fn en(&self) -> Wording {
        match self {
            Self::Lost(record, code) => wording(
                format!("the record {record} of code {code} is gone; the printed code would lead nowhere"),
                format!(
                    "if its id was changed, change it back; if it was withdrawn, add [[tombstones]] record = \"{record}\" \
                     with the reason to tombstones.toml"
                ),
            ),
            Self::StillLive(record, _) => wording(
                format!("{record} is still there although it has a tombstone"),
                "remove the tombstone, or withdraw the record (a stage that is no longer public counts as withdrawn)",
            ),
            Self::NeverHadCode(record, _) => wording(
                format!("{record} never had a code"),
                "tombstones are for records that had one; check `record`, written kind:id as in codes.csv",
            ),
            Self::TombstoneTwice(record, _) => wording(format!("{record} has two tombstones"), "make them one"),
            Self::NoReplacement(record, instead, _) => wording(
                format!("{record} is replaced by {instead}, which does not exist"),
                "replaced_by is the id of a policy of this site; leave it out if there is none",
            ),
            Self::NoCodeLeft(record) => wording(format!("no code is left for {record}"), "ask the developers"),
        }
    }
}

impl Say for Broken {
    fn zh(&self) -> Wording {
        let reason = match self {
            Self::Lost(line) => format!("已公布的一码 {}（{}）不在台账里了", line.code, line.record),
            Self::Reused(line, now) => format!("已公布的一码 {} 属于 {}，现在写给了 {now}", line.code, line.record),
            Self::Redated(line, now) => format!("已公布的一码 {} 发于 {}，现在写成 {now}", line.code, line.since),
        };
        wording(reason, "台账只增不减；请从版本历史恢复 codes.csv，再运行 `yima codes`")
    }

    fn en(&self) -> Wording {
        let reason = match self {
            Self::Lost(line) => {
                format!("the published code {} ({}) is no longer in the ledger", line.code, line.record)
            }
            Self::Reused(line, now) => {
                format!("the published code {} belongs to {}, now to {now}", line.code, line.record)
            }
            Self::Redated(line, now) => {
                format!("the published code {} was given out on {}, now {now}", line.code, line.since)
            }
        };
        wording(reason, "the ledger only grows; restore codes.csv from version control, then run `yima codes`")
    }
}
