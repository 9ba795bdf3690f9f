//! What an editor writes, as plain types. One record kind, one type.
//!
//! References are ids of other records or of controlled values; whether they lead anywhere is the business of `check`.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Date, RelationKind, Stage, StageStatus};

/// 政策文件: one published document with its card, life cycle, benefits and full text.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// Permanent id, also the file stem and the address: `[a-z0-9-]{1,60}`.
    pub id: String,
    /// 全称
    pub title: String,
    /// 简称, for the first screen of the card.
    pub short_title: Option<String>,
    /// 俗称
    pub popular_names: Vec<String>,
    /// 索引号
    pub index_number: String,
    /// 发文字号, normalised to `机关代字〔年〕号数号`.
    pub document_numbers: Vec<String>,
    /// 发文机关
    pub issuer: String,
    /// 联合发文机关
    pub joint_issuers: Vec<String>,
    /// 起草单位
    pub drafted_by: String,
    /// 解读单位
    pub interpreted_by: String,
    /// 成文日期
    pub written: Date,
    /// 发布日期
    pub published: Date,
    /// 施行日期
    pub effective: Date,
    /// 有效期的最后一天
    pub expires: Option<Date>,
    /// 废止日期: first day no longer in force.
    pub repealed: Option<Date>,
    /// The main theme and, after it, the others.
    pub themes: Vec<String>,
    /// 体裁
    pub genre: String,
    /// 效力级别
    pub level: Level,
    /// 对象
    pub audiences: Vec<String>,
    /// 行业
    pub sectors: Vec<String>,
    /// 区市; empty means the whole city.
    pub districts: Vec<String>,
    /// 关键词
    pub keywords: Vec<String>,
    /// 摘要
    pub summary: String,
    /// 大白话: for whom, what, how.
    pub plain: [String; 3],
    /// Articles with a code of their own.
    pub marked_articles: Vec<u16>,
    /// 来源, where it is not the issuer.
    pub source: Option<String>,
    /// Whom to ask.
    pub contact: Contact,
    /// 朗读: the text read aloud, for browsers that cannot speak.
    pub audio: Option<Audio>,
    /// 附件
    pub attachments: Vec<Attachment>,
    /// 关系 to other documents.
    pub relations: Vec<Relation>,
    /// One entry per [`Stage`], in the order of [`Stage::ALL`].
    pub stages: Vec<StageRecord>,
    /// 兑现
    pub benefits: Vec<Benefit>,
}

impl Policy {
    /// The name to show where room is short.
    #[must_use]
    pub fn short(&self) -> &str {
        self.short_title.as_deref().unwrap_or(&self.title)
    }

    /// The main theme.
    #[must_use]
    pub fn theme(&self) -> &str {
        self.themes.first().map_or("", String::as_str)
    }

    /// Every department that signed, the issuer first.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        core::iter::once(self.issuer.as_str()).chain(self.joint_issuers.iter().map(String::as_str))
    }

    /// The record of one stage.
    #[must_use]
    pub fn stage(&self, stage: Stage) -> Option<&StageRecord> {
        self.stages.iter().find(|record| record.stage == stage)
    }
}

/// 效力级别.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 政府规章
    Rule,
    /// 行政规范性文件
    Normative,
    /// 其他文件
    Other,
}

impl Level {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Rule, Self::Normative, Self::Other];

    /// The name used in content and data.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Normative => "normative",
            Self::Other => "other",
        }
    }

    /// The inverse of [`Level::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.id() == id)
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Rule => "政府规章",
            Self::Normative => "行政规范性文件",
            Self::Other => "其他文件",
        }
    }
}

/// 联系方式.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contact {
    /// 责任科室
    pub unit: String,
    /// 电话
    pub phone: String,
    /// 咨询时间
    pub hours: Option<String>,
    /// 地点
    pub place: Option<String>,
}

/// 附件: size and hash are read from the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// File name below `attachments/<policy id>/`, ASCII.
    pub file: String,
    /// What it is called on the page.
    pub title: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
}

/// 朗读: a document read aloud. Its size is read from the file itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audio {
    /// File name below `attachments/<policy id>/`, ASCII.
    pub file: String,
    /// Size in bytes.
    pub bytes: u64,
}

impl Audio {
    /// File name endings that every browser of the last years can play.
    pub const ENDINGS: [&str; 3] = ["mp3", "m4a", "ogg"];

    /// The largest file, in bytes: half an hour of speech.
    pub const MAX_BYTES: u64 = 8 * 1024 * 1024;
}

/// Where a relation points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A policy of this site, by id.
    Policy(String),
    /// A document elsewhere.
    External {
        /// Its title, with 《》.
        title: String,
        /// Its 文号.
        number: Option<String>,
        /// Where to read it.
        url: Option<String>,
    },
}

/// 关系: this policy → another document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relation {
    /// What kind.
    pub kind: RelationKind,
    /// To what.
    pub target: Target,
    /// Scope, such as the articles meant.
    pub note: Option<String>,
}

/// 环节: what is public about one stage, or why nothing is.
#[derive(Clone, Debug, PartialEq)]
pub struct StageRecord {
    /// Which stage.
    pub stage: Stage,
    /// Its status.
    pub status: StageStatus,
    /// When it happened (published) or began (ongoing).
    pub date: Option<Date>,
    /// Last day to send opinions.
    pub closes: Option<Date>,
    /// When it is due (upcoming, missing).
    pub due: Option<Date>,
    /// Department in charge.
    pub unit: Option<String>,
    /// Why it does not apply.
    pub reason: Option<String>,
    /// On what ground it is withheld.
    pub legal_basis: Option<String>,
    /// What was done, in Markdown.
    pub text: Option<String>,
    /// Papers of this stage.
    pub documents: Vec<Document>,
    /// Figures with their origin.
    pub figures: Vec<Figure>,
}

/// A paper named in a stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Its title.
    pub title: String,
    /// A path of this site or an address elsewhere.
    pub url: Option<String>,
}

/// A figure that can be audited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    /// What is counted.
    pub label: String,
    /// The number as text.
    pub value: String,
    /// Its unit.
    pub unit: Option<String>,
    /// As of which day.
    pub as_of: Date,
    /// Who says so.
    pub source: String,
    /// How it was counted.
    pub method: Option<String>,
}

/// 兑现方式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// 免申即享: arrives without an application.
    Automatic,
    /// 即申即享: granted on application.
    Instant,
    /// 申报: examined after application.
    Apply,
}

impl Method {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Automatic, Self::Instant, Self::Apply];

    /// The name used in content and data.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Automatic => "automatic",
            Self::Instant => "instant",
            Self::Apply => "apply",
        }
    }

    /// The inverse of [`Method::id`].
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.id() == id)
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Automatic => "免申即享",
            Self::Instant => "即申即享",
            Self::Apply => "申报",
        }
    }
}

/// 兑现: what a policy gives, to whom, and how to get it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// Id within the policy.
    pub id: String,
    /// 名称
    pub title: String,
    /// 给谁
    pub who: String,
    /// 给什么、多少
    pub gives: String,
    /// 方式
    pub method: Method,
    /// 材料
    pub papers: Vec<String>,
    /// 步骤
    pub steps: Vec<String>,
    /// First day to apply; `None` is the whole year.
    pub opens: Option<Date>,
    /// Last day to apply.
    pub closes: Option<Date>,
    /// The window in words.
    pub window: Option<String>,
    /// 地点
    pub place: Option<String>,
    /// 电话
    pub phone: Option<String>,
    /// 时间
    pub hours: Option<String>,
    /// 办理入口
    pub entry: Option<String>,
    /// 到账时限
    pub payment: Option<String>,
    /// 依据条文
    pub articles: Vec<u16>,
}

/// 问答: an approved answer bound to policies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Permanent id, unique in the site.
    pub id: String,
    /// Theme, given by the file it stands in.
    pub theme: String,
    /// The question in a resident's words.
    pub question: String,
    /// Other ways to ask it.
    pub variants: Vec<String>,
    /// The answer in one sentence.
    pub short: Option<String>,
    /// The approved answer, in Markdown.
    pub answer: String,
    /// Other forms of the same answer.
    pub forms: Vec<Form>,
    /// What it rests on.
    pub bindings: Vec<Binding>,
    /// Why it rests on no document of this site. Present exactly when `bindings` is empty.
    pub unbound: Option<String>,
    /// Owner of the answer.
    pub department: String,
    /// 核对日期
    pub checked: Date,
    /// Last day on which the answer may be shown as current.
    pub expires: Option<Date>,
    /// 对象
    pub audiences: Vec<String>,
    /// 区市; empty means the whole city.
    pub districts: Vec<String>,
    /// 关键词
    pub keywords: Vec<String>,
}

/// A policy, and the articles of it, that an answer rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Policy id.
    pub policy: String,
    /// Article numbers; empty is the whole document.
    pub articles: Vec<u16>,
    /// What some of these articles said when the answer was last checked. An article without is not watched.
    pub hashes: BTreeMap<u16, ClauseHash>,
}

/// The first 32 bits of the SHA-256 of a clause's text, written as eight hexadecimal digits.
///
/// Enough to notice a change by accident or amendment; it proves nothing against someone who looks for a collision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClauseHash(pub u32);

impl ClauseHash {
    /// Reads eight hexadecimal digits, lower or upper case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let good = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        good.then(|| u32::from_str_radix(text, 16).ok().map(Self)).flatten()
    }
}

impl fmt::Display for ClauseHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0)
    }
}

/// 答案的别种形式: the answer as a picture, as sound or as a film, with the same in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// What kind.
    pub kind: FormKind,
    /// File name below `attachments/questions/<question id>/`, ASCII.
    pub file: String,
    /// What it is called on the page.
    pub title: String,
    /// What it shows or says, for whoever cannot see or hear it.
    pub text: String,
    /// Size in bytes, read from the file itself.
    pub bytes: u64,
    /// SHA-256 of the content, lower-case hex, read from the file itself.
    pub sha256: String,
}

/// 形式.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FormKind {
    /// 图解
    Picture,
    /// 语音
    Audio,
    /// 视频
    Video,
}

impl FormKind {
    /// All values.
    pub const ALL: [Self; 3] = [Self::Picture, Self::Audio, Self::Video];

    /// The name used in content and data.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Audio => "audio",
            Self::Video => "video",
        }
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Picture => "图解",
            Self::Audio => "语音",
            Self::Video => "视频",
        }
    }

    /// File name endings that every browser of the last years can show.
    #[must_use]
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Picture => &["svg", "png", "jpg", "jpeg", "webp"],
            Self::Audio => &["mp3", "m4a", "wav"],
            Self::Video => &["mp4", "webm"],
        }
    }

    /// The largest file, in bytes: what a phone on a weak network can still fetch.
    #[must_use]
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Picture => 500 * 1024,
            Self::Audio => 2 * 1024 * 1024,
            Self::Video => 10 * 1024 * 1024,
        }
    }
}

/// 大白话与术语: what residents say and what documents call it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// 大白话: any of these, typed by a resident …
    pub say: Vec<String>,
    /// … also means each of these 术语.
    pub means: Vec<String>,
    /// Whether it holds the other way round too: the term typed also means what residents say.
    pub both: bool,
}

/// 编辑推荐: what an editor wants first, or last, for a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BestBet {
    /// The queries it is for; the first is the main one.
    pub queries: Vec<String>,
    /// Records to show first, in this order, as `policy:<id>` or `question:<id>`.
    pub records: Vec<String>,
    /// Records to show last, written alike.
    pub bury: Vec<String>,
}

/// The controlled tables, each in the order of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tables {
    /// 部门
    pub departments: Vec<Department>,
    /// 区市
    pub districts: Vec<Term>,
    /// 主题
    pub themes: Vec<Term>,
    /// 对象
    pub audiences: Vec<Term>,
    /// 行业
    pub sectors: Vec<Term>,
    /// 体裁
    pub genres: Vec<Term>,
    /// 大白话 ⇄ 术语
    pub words: Vec<Words>,
    /// 编辑推荐
    pub best_bets: Vec<BestBet>,
}

/// A value of a controlled table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Term {
    /// Permanent id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The group it is listed under (audiences: 个人, 企业, 组织).
    pub group: Option<String>,
    /// One sentence about it.
    pub summary: Option<String>,
}

/// 部门.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Department {
    /// Permanent id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: Option<String>,
    /// Former and other names.
    pub aliases: Vec<String>,
    /// 机构代码, the first part of its index numbers.
    pub code: Option<String>,
    /// 机关代字, the first part of its document numbers.
    pub prefix: Option<String>,
    /// 电话
    pub phone: Option<String>,
    /// 办公时间
    pub hours: Option<String>,
    /// 地址
    pub address: Option<String>,
    /// One sentence about its duties.
    pub duties: Option<String>,
}

impl Department {
    /// The name to show where room is short.
    #[must_use]
    pub fn short(&self) -> &str {
        self.short_name.as_deref().unwrap_or(&self.name)
    }
}

/// 撤下的记录: what a code still says when its record is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// `kind:id` as in the ledger.
    pub record: String,
    /// What it was called.
    pub title: String,
    /// When it was withdrawn.
    pub date: Date,
    /// Why.
    pub reason: String,
    /// The policy to read instead.
    pub replaced_by: Option<String>,
}

/// Settings of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteSettings {
    /// 站名
    pub title: String,
    /// Up to eight characters, under an icon.
    pub short_title: String,
    /// 城市
    pub city: String,
    /// Host printed under every code.
    pub host: String,
    /// 网站标识码
    pub identifier: String,
    /// 主办单位
    pub operator: String,
    /// One sentence about the site.
    pub description: String,
    /// 热线
    pub hotline: String,
    /// 电话
    pub phone: Option<String>,
    /// 邮箱
    pub email: Option<String>,
    /// 地址
    pub address: Option<String>,
    /// Whether every page says 演示数据.
    pub demonstration: bool,
    /// How many days before its last day a record is [`crate::Validity::Expiring`].
    pub expiring_days: u16,
    /// From how many days without an update a page says at its top how old it is.
    pub stale_days: u16,
    /// Rows on a list page.
    pub page_size: usize,
    /// Public keys whose releases a device accepts, as signed notes write them: the present one, and the next.
    pub release_keys: Vec<String>,
}
