//! Records ⇄ text.
//!
//! The strings of a policy: id · address of its code · title · short title · popular names · keywords · document numbers ·
//! index number · summary · three in plain words · benefits · what else · full text · facts. Those of a question: id ·
//! address of its code · question · other ways to ask · keywords · short answer · answer · forms · addresses of its
//! policies · facts.

use yima_model::catalogue::Kind;
use yima_model::record::Level;
use yima_model::validity::date_of_day_number;
use yima_model::{Code, Date, Lifespan};

use super::strings::{Facts, FactsReader, Reader, Writer};
use super::{Benefit, Policy, Question, Record, Said};
use crate::wire::DecodeError;

type Result<T> = core::result::Result<T, DecodeError>;

/// What stands before popular names, and between them, on the page of a policy.
const POPULAR: (&str, char) = ("大家也叫它：", '、');

/// What stands between keywords in the head of a page.
const KEYWORDS: (&str, char) = ("", ',');

impl Record {
    /// The text form.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = Writer::new(self.kind().id());
        out.string(&self.id);
        out.string(&self.code.map_or_else(String::new, |code| format!("/Q/{code}/")));
        match &self.said {
            Said::Policy(policy) => policy.write(&mut out),
            Said::Question(question) => question.write(&mut out),
        }
        out.0
    }

    /// Reads the text form. Total: whatever the text, it answers.
    ///
    /// # Errors
    /// [`DecodeError`] says what is wrong.
    pub fn parse(text: &str) -> Result<Self> {
        let (kind, mut reader) = match Reader::new(Kind::Policy.id(), text) {
            Err(DecodeError::Foreign) => (Kind::Question, Reader::new(Kind::Question.id(), text)?),
            reader => (Kind::Policy, reader?),
        };
        let id = reader.string()?;
        let code = match reader.raw()? {
            "" => None,
            address => {
                let code = address.strip_prefix("/Q/").and_then(|rest| rest.strip_suffix('/'));
                let code = code.and_then(|code| Code::parse(code).ok().filter(|read| read.as_str() == code));
                Some(code.ok_or(DecodeError::Malformed("文字形式有误"))?)
            }
        };
        let said = match kind {
            Kind::Policy => Said::Policy(Box::new(Policy::read(&mut reader)?)),
            Kind::Question => Said::Question(Box::new(Question::read(&mut reader)?)),
        };
        reader.finish()?;
        Ok(Self { id, code, said })
    }
}

impl Policy {
    fn write(&self, out: &mut Writer) {
        out.string(&self.title);
        out.string(&self.short_title);
        out.joined(POPULAR.0, POPULAR.1, &self.popular_names);
        out.joined(KEYWORDS.0, KEYWORDS.1, &self.keywords);
        out.strings(self.document_numbers.iter().map(String::as_str));
        out.string(&self.index_number);
        out.string(&self.summary);
        self.plain.iter().for_each(|plain| out.string(plain));
        for benefit in &self.benefits {
            out.string(&benefit.title);
            out.strings(benefit.says.iter().map(String::as_str));
        }
        out.end();
        out.strings(self.more.iter().map(String::as_str));
        out.text(&self.text);
        let mut facts = Facts::default();
        for list in [&self.departments, &self.themes, &self.audiences, &self.districts, &self.sectors] {
            facts.list(list);
        }
        facts.optional(self.genre);
        let level = Level::ALL.iter().position(|&level| level == self.level);
        facts.optional(level.and_then(|level| level.try_into().ok()).filter(|&level| level > 0));
        let Lifespan { effective, expires, repealed, amended } = self.lifespan;
        facts.day(epoch(), Some(self.published));
        facts.day(self.published, Some(self.written).filter(|&day| day != self.published));
        facts.day(self.published, Some(effective).filter(|&day| day != self.published));
        for day in [expires, repealed, amended] {
            facts.day(effective, day);
        }
        facts.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let (title, short_title) = (reader.string()?, reader.string()?);
        let popular_names = reader.joined(POPULAR.0, POPULAR.1)?;
        let keywords = reader.joined(KEYWORDS.0, KEYWORDS.1)?;
        let (document_numbers, index_number) = (reader.strings()?, reader.string()?);
        let summary = reader.string()?;
        let plain = [reader.string()?, reader.string()?, reader.string()?];
        let mut benefits = Vec::new();
        while !reader.ends() {
            benefits.push(Benefit { title: reader.string()?, says: reader.strings()? });
        }
        let (more, text) = (reader.strings()?, reader.text()?);
        let mut facts = FactsReader::new(reader.raw()?);
        let [departments, themes, audiences, districts, sectors] = [(); 5].map(|()| facts.list());
        let genre = facts.optional()?;
        let level = Level::ALL.get(usize::from(facts.optional()?.unwrap_or_default()));
        let published = facts.day(epoch())?.ok_or(DecodeError::Malformed("日期超出范围"))?;
        let written = facts.day(published)?.unwrap_or(published);
        let effective = facts.day(published)?.unwrap_or(published);
        let [expires, repealed, amended] = [(); 3].map(|()| facts.day(effective));
        facts.finish()?;
        Ok(Self {
            title,
            short_title,
            popular_names,
            keywords,
            document_numbers,
            index_number,
            summary,
            plain,
            benefits,
            more,
            text,
            written,
            published,
            lifespan: Lifespan { effective, expires: expires?, repealed: repealed?, amended: amended? },
            level: *level.ok_or(DecodeError::Malformed("编号超出范围"))?,
            genre,
            departments: departments?,
            themes: themes?,
            audiences: audiences?,
            districts: districts?,
            sectors: sectors?,
        })
    }
}

impl Question {
    fn write(&self, out: &mut Writer) {
        out.string(&self.question);
        out.strings(self.variants.iter().map(String::as_str));
        out.joined(KEYWORDS.0, KEYWORDS.1, &self.keywords);
        out.string(&self.short);
        out.text(&self.answer);
        out.strings(self.forms.iter().map(String::as_str));
        self.policies.iter().for_each(|id| out.string(&format!("/policy/{id}/")));
        out.end();
        let mut facts = Facts::default();
        facts.optional(self.theme);
        facts.optional(self.department);
        facts.list(&self.audiences);
        facts.list(&self.districts);
        facts.day(epoch(), Some(self.checked));
        facts.day(self.checked, self.expires);
        facts.write(out);
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let (question, variants) = (reader.string()?, reader.strings()?);
        let keywords = reader.joined(KEYWORDS.0, KEYWORDS.1)?;
        let (short, answer, forms) = (reader.string()?, reader.text()?, reader.strings()?);
        let id = |address: String| {
            let id = address.strip_prefix("/policy/").and_then(|rest| rest.strip_suffix('/'));
            id.map(str::to_owned).ok_or(DecodeError::Malformed("文字形式有误"))
        };
        let policies = reader.strings()?.into_iter().map(id).collect::<Result<_>>()?;
        let mut facts = FactsReader::new(reader.raw()?);
        let (theme, department) = (facts.optional()?, facts.optional()?);
        let (audiences, districts) = (facts.list()?, facts.list()?);
        let checked = facts.day(epoch())?.ok_or(DecodeError::Malformed("日期超出范围"))?;
        let expires = facts.day(checked)?;
        facts.finish()?;
        Ok(Self {
            question,
            variants,
            keywords,
            short,
            answer,
            forms,
            policies,
            checked,
            expires,
            theme,
            department,
            audiences,
            districts,
        })
    }
}

/// The day from which the first day of a record is counted.
fn epoch() -> Date {
    date_of_day_number(0).unwrap_or_default()
}
