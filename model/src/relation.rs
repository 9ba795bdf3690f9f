//! How one document stands to another.

/// 关系: read as "this document … that one".
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum RelationKind {
    /// 依据
    BasedOn,
    /// 落实
    Implements,
    /// 修改
    Amends,
    /// 废止
    Repeals,
    /// 替代
    Replaces,
    /// 转发
    Forwards,
    /// 解读
    Interprets,
}

impl RelationKind {
    /// All kinds, in the order pages list them.
    pub const ALL: [Self; 7] = [
        Self::BasedOn,
        Self::Implements,
        Self::Amends,
        Self::Repeals,
        Self::Replaces,
        Self::Forwards,
        Self::Interprets,
    ];

    /// The name used in content and data.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::BasedOn => "based_on",
            Self::Implements => "implements",
            Self::Amends => "amends",
            Self::Repeals => "repeals",
            Self::Replaces => "replaces",
            Self::Forwards => "forwards",
            Self::Interprets => "interprets",
        }
    }

    /// The inverse of [`RelationKind::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.id() == id)
    }

    /// Seen from the document that has the relation.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::BasedOn => "依据",
            Self::Implements => "落实",
            Self::Amends => "修改",
            Self::Repeals => "废止",
            Self::Replaces => "替代",
            Self::Forwards => "转发",
            Self::Interprets => "解读",
        }
    }

    /// Seen from the document it points at.
    #[must_use]
    pub const fn inverse_zh(self) -> &'static str {
        match self {
            Self::BasedOn => "是其依据",
            Self::Implements => "由其落实",
            Self::Amends => "被其修改",
            Self::Repeals => "被其废止",
            Self::Replaces => "被其替代",
            Self::Forwards => "由其转发",
            Self::Interprets => "由其解读",
        }
    }
}
