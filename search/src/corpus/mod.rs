//! The corpus: what the search needs to know of every record, from which whoever holds it makes the files of the search
//! anew, byte for byte the same.
//!
//! A device that takes a city along has the pages of all records already. What the search needs beside them is little,
//! and says nothing of the day, so that a record that did not change is not sent again; the files of the search are ten
//! times as large, and nearly all of them change with every few records.
//!
//! - [`Record`]: what one record says; `text`: as a line of strings that stand on its pages in the very same form
//! - [`Common`]: what stands in no record: tables, words, best bets
//! - [`Card`]: what is kept of a record while the files are made; what follows from the fields of a record is decided in
//!   `lines`
//! - [`Stock`]: all of them in order, and the files that follow from them; [`Filing`]: files under their names
//! - [`Maker`]: the files, in steps small enough for a program that must answer meanwhile

mod card;
mod common;
mod filing;
mod lines;
mod maker;
mod order;
mod record;
mod stock;
mod strings;
mod text;

#[cfg(test)]
mod tests;

use yima_model::catalogue::{Kind, ValueIx};
use yima_model::record::Level;
use yima_model::{Code, Date, Lifespan};

pub use card::Card;
pub use common::Common;
pub use filing::{Filing, name};
pub use lines::Lines;
pub use maker::{Maker, Progress};
pub use order::Order;
pub use stock::Stock;
pub use text::Text;

/// What a record gives to the search: the fields, from which its lines, its face, its facts and its words follow.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Permanent id.
    pub id: String,
    /// Its permanent code.
    pub code: Option<Code>,
    /// What it says.
    pub said: Said,
}

/// What a record of each kind says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A policy.
    Policy(Box<Policy>),
    /// A question.
    Question(Box<Question>),
}

/// What a policy says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// 全称
    pub title: String,
    /// 简称; empty when there is none.
    pub short_title: String,
    /// What residents call it.
    pub popular_names: Vec<String>,
    /// 关键词
    pub keywords: Vec<String>,
    /// 发文字号
    pub document_numbers: Vec<String>,
    /// 索引号
    pub index_number: String,
    /// 摘要
    pub summary: String,
    /// 大白话: for whom, what, how.
    pub plain: [String; 3],
    /// What it gives.
    pub benefits: Vec<Benefit>,
    /// What else stands on its pages: stages, their documents, attachments.
    pub more: Vec<String>,
    /// The full text.
    pub text: Text,
    /// 成文日期
    pub written: Date,
    /// 发布日期
    pub published: Date,
    /// The dates that decide validity.
    pub lifespan: Lifespan,
    /// 效力级别
    pub level: Level,
    /// 体裁
    pub genre: Option<ValueIx>,
    /// Every department that signed, the issuer first.
    pub departments: Vec<ValueIx>,
    /// The main theme first.
    pub themes: Vec<ValueIx>,
    /// 对象
    pub audiences: Vec<ValueIx>,
    /// 区市
    pub districts: Vec<ValueIx>,
    /// 行业
    pub sectors: Vec<ValueIx>,
}

/// Something a policy gives.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Benefit {
    /// What it is called.
    pub title: String,
    /// To whom, how much, how.
    pub says: Vec<String>,
}

/// What a question says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// In a resident's words.
    pub question: String,
    /// Other ways to ask.
    pub variants: Vec<String>,
    /// 关键词
    pub keywords: Vec<String>,
    /// The answer in one sentence; empty when there is none.
    pub short: String,
    /// The answer.
    pub answer: Text,
    /// Forms that go with it.
    pub forms: Vec<String>,
    /// Ids of the policies it rests on.
    pub policies: Vec<String>,
    /// 核对日期
    pub checked: Date,
    /// Last day on which the answer may be shown as current.
    pub expires: Option<Date>,
    /// Its theme.
    pub theme: Option<ValueIx>,
    /// Owner of the answer.
    pub department: Option<ValueIx>,
    /// 对象
    pub audiences: Vec<ValueIx>,
    /// 区市
    pub districts: Vec<ValueIx>,
}

impl Record {
    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self.said {
            Said::Policy(_) => Kind::Policy,
            Said::Question(_) => Kind::Question,
        }
    }
}
