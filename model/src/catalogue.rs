//! The small summary of every record that the app filters and sorts.
//!
//! A catalogue is a reading of the city: nothing in it is written by an editor, and nothing in it depends on a day
//! (validity is computed on the device from the dates). Its bytes are the business of `yima-search` alone.

use crate::record::Level;
use crate::{Code, Date, Lifespan};

/// 分面: one way to narrow a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Facet {
    /// 种类: policies or questions.
    Kind,
    /// 有效性 on the day of asking.
    Validity,
    /// 主题
    Theme,
    /// 对象
    Audience,
    /// 区市
    District,
    /// 部门
    Department,
    /// 年份 of publication.
    Year,
    /// 体裁
    Genre,
    /// 效力级别
    Level,
    /// 行业
    Sector,
}

impl Facet {
    /// All facets, in the order the finder shows them.
    pub const ALL: [Self; 10] = [
        Self::Kind,
        Self::Validity,
        Self::Theme,
        Self::Audience,
        Self::District,
        Self::Department,
        Self::Year,
        Self::Genre,
        Self::Level,
        Self::Sector,
    ];

    /// The name used in addresses and data.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Validity => "validity",
            Self::Theme => "theme",
            Self::Audience => "audience",
            Self::District => "district",
            Self::Department => "department",
            Self::Year => "year",
            Self::Genre => "genre",
            Self::Level => "level",
            Self::Sector => "sector",
        }
    }

    /// The inverse of [`Facet::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|facet| facet.id() == id)
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Kind => "种类",
            Self::Validity => "有效性",
            Self::Theme => "主题",
            Self::Audience => "对象",
            Self::District => "区市",
            Self::Department => "部门",
            Self::Year => "年份",
            Self::Genre => "体裁",
            Self::Level => "效力级别",
            Self::Sector => "行业",
        }
    }
}

/// 种类: what a record of the catalogue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// 政策文件
    Policy,
    /// 问答
    Question,
}

impl Kind {
    /// All values.
    pub const ALL: [Self; 2] = [Self::Policy, Self::Question];

    /// The name used in addresses and data.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Question => "question",
        }
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Policy => "政策文件",
            Self::Question => "问答",
        }
    }
}

/// A value of a controlled table, as the finder shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// Permanent id.
    pub id: String,
    /// Its name, the short one where there is one.
    pub name: String,
    /// The heading it is listed under; empty when its table has none.
    pub group: String,
}

/// The controlled tables, each in the order of its file. Rows point into them by position.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// 主题
    pub themes: Vec<Value>,
    /// 对象
    pub audiences: Vec<Value>,
    /// 区市
    pub districts: Vec<Value>,
    /// 部门
    pub departments: Vec<Value>,
    /// 体裁
    pub genres: Vec<Value>,
    /// 行业
    pub sectors: Vec<Value>,
}

/// Position in one of the [`Tables`].
pub type ValueIx = u16;

/// What the app needs of every record to filter, count and order: facts as columns. What a list shows of a record is
/// its [`Face`], fetched when it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// The build date: the data are as of this day.
    pub built: Date,
    /// How many days before its last day a record is [`crate::Validity::Expiring`].
    pub expiring_days: u16,
    /// The controlled tables.
    pub tables: Tables,
    /// Policies, sorted by id.
    pub policies: Vec<PolicyRow>,
    /// Questions, sorted by id.
    pub questions: Vec<QuestionRow>,
}

/// The facts of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRow {
    /// Every department that signed, the issuer first.
    pub departments: Vec<ValueIx>,
    /// The main theme first.
    pub themes: Vec<ValueIx>,
    /// 对象
    pub audiences: Vec<ValueIx>,
    /// 区市; empty means the whole city.
    pub districts: Vec<ValueIx>,
    /// 行业
    pub sectors: Vec<ValueIx>,
    /// 体裁
    pub genre: Option<ValueIx>,
    /// 效力级别
    pub level: Level,
    /// 人事任免 or 会议通知: of interest to few, and many.
    pub routine: bool,
    /// 发布日期; its year is the row's year.
    pub published: Date,
    /// The dates that decide validity.
    pub lifespan: Lifespan,
}

/// The facts of a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuestionRow {
    /// Its theme.
    pub theme: Option<ValueIx>,
    /// Owner of the answer.
    pub department: Option<ValueIx>,
    /// 对象
    pub audiences: Vec<ValueIx>,
    /// 区市; empty means the whole city.
    pub districts: Vec<ValueIx>,
    /// What it rests on: positions in [`Catalogue::policies`].
    pub policies: Vec<u32>,
    /// 核对日期
    pub checked: Date,
    /// Last day on which the answer may be shown as current.
    pub expires: Option<Date>,
}

/// What a list shows of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Face {
    /// A policy.
    Policy(PolicyFace),
    /// A question.
    Question(QuestionFace),
}

/// The days on which a record can be relied on, as far as is known when a site is built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    /// The first one; none where it has come already.
    pub first: Option<Date>,
    /// The last one; none where no end is known.
    pub last: Option<Date>,
}

impl Span {
    /// Whether a day is one of them.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        self.first.is_none_or(|first| first <= day) && self.last.is_none_or(|last| day <= last)
    }
}

impl Face {
    /// When it can be relied on.
    #[must_use]
    pub const fn span(&self) -> Span {
        match self {
            Self::Policy(policy) => policy.span,
            Self::Question(question) => question.span,
        }
    }

    /// Permanent id, part of its address.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Policy(policy) => &policy.id,
            Self::Question(question) => &question.id,
        }
    }

    /// 全称, or the question.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Policy(policy) => &policy.title,
            Self::Question(question) => &question.question,
        }
    }

    /// Path of its page.
    #[must_use]
    pub fn path(&self) -> String {
        match self {
            Self::Policy(policy) => format!("/policy/{}/", policy.id),
            Self::Question(question) => format!("/question/{}/", question.id),
        }
    }

    /// Its permanent code.
    #[must_use]
    pub const fn code(&self) -> Option<Code> {
        match self {
            Self::Policy(policy) => policy.code,
            Self::Question(question) => question.code,
        }
    }
}

/// What a list shows of a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyFace {
    /// Permanent id.
    pub id: String,
    /// Its permanent code.
    pub code: Option<Code>,
    /// 全称
    pub title: String,
    /// 简称; empty when there is none.
    pub short_title: String,
    /// What it gives, in one plain sentence; may be empty.
    pub gives: String,
    /// The first 发文字号; empty when there is none.
    pub document_number: String,
    /// When it can be relied on.
    pub span: Span,
}

/// What a list shows of a question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QuestionFace {
    /// Permanent id.
    pub id: String,
    /// Its permanent code.
    pub code: Option<Code>,
    /// The question in a resident's words.
    pub question: String,
    /// The answer in one sentence; may be empty.
    pub short: String,
    /// When it can be relied on.
    pub span: Span,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_facets_lead_back() {
        for facet in Facet::ALL {
            assert_eq!(Facet::from_id(facet.id()), Some(facet));
            assert_eq!(Facet::ALL[facet as usize], facet);
        }
        assert_eq!(Facet::from_id("colour"), None);
    }
}
