//! What the records of a city give to its search.

use yima_model::record::{Benefit, Policy, Question};
use yima_search::corpus::{self, Common, Lines, Record, Said, Text};
use yima_search::index::Doc;

use super::vocabulary::syllables;
use crate::City;
use crate::catalogue::{Positions, tables};
use crate::city::{PolicyEntry, QuestionEntry};
use crate::codes::RecordKey;
use crate::markdown::Body;

/// How many records a search knows: policies, then questions.
#[must_use]
pub fn count(city: &City) -> Doc {
    u32::try_from(city.policies.len() + city.questions.len()).unwrap_or(u32::MAX)
}

/// The records of a city, by their places: policies before questions.
#[derive(Clone, Debug)]
pub struct Records<'a> {
    city: &'a City,
    positions: Positions<'a>,
}

impl<'a> Records<'a> {
    /// The records of a city.
    #[must_use]
    pub fn of(city: &'a City) -> Self {
        Self { city, positions: Positions::of(city) }
    }

    /// The same for what they say alone: their facts are left out.
    #[must_use]
    pub fn said_of(city: &'a City) -> Self {
        Self { city, positions: Positions::default() }
    }

    /// What the record at a place gives; none for a place beyond the last. Its text is whole.
    #[must_use]
    pub fn at(&self, place: Doc) -> Option<Record> {
        self.record(place, |body| body.text().into())
    }

    /// The same with its text in the pieces of its page.
    #[must_use]
    pub fn in_pieces(&self, place: Doc) -> Option<Record> {
        self.record(place, Body::pieces)
    }

    /// What the record at a place says; nothing for a place beyond the last.
    #[must_use]
    pub fn lines(&self, place: Doc) -> Lines {
        self.at(place).map(Record::into_lines).unwrap_or_default()
    }

    fn record(&self, place: Doc, text: impl Fn(&Body) -> Text) -> Option<Record> {
        let place = place as usize;
        let city = self.city;
        if let Some(entry) = city.policies.get(place) {
            let id = entry.policy.id.clone();
            let code = city.codes.of(&RecordKey::Policy(id.clone()));
            return Some(Record { id, code, said: Said::Policy(Box::new(self.policy(entry, text(&entry.body)))) });
        }
        let entry = city.questions.get(place.checked_sub(city.policies.len())?)?;
        let id = entry.question.id.clone();
        let code = city.codes.of(&RecordKey::Question(id.clone()));
        Some(Record { id, code, said: Said::Question(Box::new(self.question(entry, text(&entry.answer)))) })
    }

    fn policy(&self, entry: &PolicyEntry, text: Text) -> corpus::Policy {
        let policy: &Policy = &entry.policy;
        let positions = &self.positions;
        let stages = policy
            .stages
            .iter()
            .flat_map(|stage| stage.text.iter().chain(stage.documents.iter().map(|document| &document.title)).cloned());
        corpus::Policy {
            title: policy.title.clone(),
            short_title: policy.short_title.clone().unwrap_or_default(),
            popular_names: policy.popular_names.clone(),
            keywords: policy.keywords.clone(),
            document_numbers: policy.document_numbers.clone(),
            index_number: policy.index_number.clone(),
            summary: policy.summary.clone(),
            plain: policy.plain.clone(),
            benefits: policy.benefits.iter().map(benefit).collect(),
            more: stages.chain(policy.attachments.iter().map(|attachment| attachment.title.clone())).collect(),
            text,
            written: policy.written,
            published: policy.published,
            lifespan: entry.lifespan,
            level: policy.level,
            genre: positions.genres.one(&policy.genre),
            departments: positions.departments.all(policy.issuers()),
            themes: positions.themes.all(strs(&policy.themes)),
            audiences: positions.audiences.all(strs(&policy.audiences)),
            districts: positions.districts.all(strs(&policy.districts)),
            sectors: positions.sectors.all(strs(&policy.sectors)),
        }
    }

    fn question(&self, entry: &QuestionEntry, answer: Text) -> corpus::Question {
        let question: &Question = &entry.question;
        let policies = entry.policies.iter().filter_map(|&policy| self.city.policies.get(policy));
        let positions = &self.positions;
        corpus::Question {
            question: question.question.clone(),
            variants: question.variants.clone(),
            keywords: question.keywords.clone(),
            short: question.short.clone().unwrap_or_default(),
            answer,
            forms: question.forms.iter().map(|form| form.text.clone()).collect(),
            policies: policies.map(|entry| entry.policy.id.clone()).collect(),
            checked: question.checked,
            expires: question.expires,
            theme: positions.themes.one(&question.theme),
            department: positions.departments.one(&question.department),
            audiences: positions.audiences.all(strs(&question.audiences)),
            districts: positions.districts.all(strs(&question.districts)),
        }
    }
}

fn benefit(benefit: &Benefit) -> corpus::Benefit {
    let says = [&benefit.who, &benefit.gives].into_iter().chain(&benefit.papers).chain(&benefit.steps);
    let says = says.chain([&benefit.window, &benefit.place, &benefit.payment].into_iter().flatten());
    // An empty line is none.
    corpus::Benefit { title: benefit.title.clone(), says: says.filter(|line| !line.is_empty()).cloned().collect() }
}

fn strs(strings: &[String]) -> impl Iterator<Item = &str> {
    strings.iter().map(String::as_str)
}

/// What stands in no record.
#[must_use]
pub fn common(city: &City) -> Common {
    let tables_of = &city.tables;
    let departments = tables_of.departments.iter().flat_map(|department| {
        let names = [&department.name].into_iter().chain(&department.short_name).map(|word| (word.clone(), 2));
        names.chain(department.aliases.iter().map(|word| (word.clone(), 1)))
    });
    Common {
        built: city.today,
        expiring_days: city.settings.expiring_days,
        entries: None,
        tables: tables(city),
        departments: departments.collect(),
        words: tables_of.words.clone(),
        bets: tables_of.best_bets.clone(),
        syllables: syllables(),
    }
}
