//! The life cycle of a policy: twelve stages, each with a status that is never blank.

/// 生命周期环节.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    /// 立项
    Proposal,
    /// 依据
    Basis,
    /// 意见征集
    Consultation,
    /// 结果反馈
    Feedback,
    /// 会议审议
    Deliberation,
    /// 发布
    Publication,
    /// 解读
    Interpretation,
    /// 问答
    Qa,
    /// 兑现
    Fulfilment,
    /// 执行情况
    Execution,
    /// 评估
    Evaluation,
    /// 修订废止
    Revision,
}

impl Stage {
    /// The whole life, from first idea to end.
    pub const ALL: [Self; 12] = [
        Self::Proposal,
        Self::Basis,
        Self::Consultation,
        Self::Feedback,
        Self::Deliberation,
        Self::Publication,
        Self::Interpretation,
        Self::Qa,
        Self::Fulfilment,
        Self::Execution,
        Self::Evaluation,
        Self::Revision,
    ];

    /// The name used in content, addresses and data.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Proposal => "proposal",
            Self::Basis => "basis",
            Self::Consultation => "consultation",
            Self::Feedback => "feedback",
            Self::Deliberation => "deliberation",
            Self::Publication => "publication",
            Self::Interpretation => "interpretation",
            Self::Qa => "qa",
            Self::Fulfilment => "fulfilment",
            Self::Execution => "execution",
            Self::Evaluation => "evaluation",
            Self::Revision => "revision",
        }
    }

    /// The inverse of [`Stage::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.id() == id)
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Proposal => "立项",
            Self::Basis => "依据",
            Self::Consultation => "意见征集",
            Self::Feedback => "结果反馈",
            Self::Deliberation => "会议审议",
            Self::Publication => "发布",
            Self::Interpretation => "解读",
            Self::Qa => "问答",
            Self::Fulfilment => "兑现",
            Self::Execution => "执行情况",
            Self::Evaluation => "评估",
            Self::Revision => "修订废止",
        }
    }
}

/// 环节状态.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum StageStatus {
    /// 已公开
    Published,
    /// 进行中
    Ongoing,
    /// 未到
    Upcoming,
    /// 不适用, with a reason
    NotApplicable,
    /// 依法不公开, with its legal basis
    Withheld,
    /// 待补, with the unit that owes it and the deadline
    Missing,
}

impl StageStatus {
    /// All values.
    pub const ALL: [Self; 6] =
        [Self::Published, Self::Ongoing, Self::Upcoming, Self::NotApplicable, Self::Withheld, Self::Missing];

    /// The name used in content, data and CSS classes.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Ongoing => "ongoing",
            Self::Upcoming => "upcoming",
            Self::NotApplicable => "not_applicable",
            Self::Withheld => "withheld",
            Self::Missing => "missing",
        }
    }

    /// The inverse of [`StageStatus::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.id() == id)
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Published => "已公开",
            Self::Ongoing => "进行中",
            Self::Upcoming => "未到",
            Self::NotApplicable => "不适用",
            Self::Withheld => "依法不公开",
            Self::Missing => "待补",
        }
    }
}
