//! The city: all records, linked. Everything after this stage only reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use yima_model::record::{ClauseHash, Policy, Question, SiteSettings, Tables, Target, Tombstone};
use yima_model::validity::stands;
use yima_model::{Date, Lifespan, RelationKind, Validity};

use crate::clause;
use crate::codes::Codes;
use crate::markdown::Body;
use crate::mistake::{Fault, Mistakes, Place, Severity};
use crate::source::{PolicyFile, QuestionRow, Sources, id_of};

/// Index into [`City::policies`].
pub type PolicyIx = usize;
/// Index into [`City::questions`].
pub type QuestionIx = usize;

/// All records of a city on one day.
#[derive(Clone, Debug)]
pub struct City {
    /// The build date.
    pub today: Date,
    /// Settings.
    pub settings: SiteSettings,
    /// Controlled tables.
    pub tables: Tables,
    /// Sorted by id.
    pub policies: Vec<PolicyEntry>,
    /// Sorted by id.
    pub questions: Vec<QuestionEntry>,
    /// Sorted by record.
    pub tombstones: Vec<Tombstone>,
    /// Every code.
    pub codes: Arc<Codes>,
    /// Policy id → index.
    pub policy_index: BTreeMap<String, PolicyIx>,
    /// Files with mistakes that were found on reading. What seems wrong elsewhere may only follow from them.
    pub troubled: BTreeSet<Arc<str>>,
}

/// A policy and what the rest of the city says about it.
#[derive(Clone, Debug)]
pub struct PolicyEntry {
    /// The record.
    pub policy: Arc<Policy>,
    /// Its full text.
    pub body: Arc<Body>,
    /// Its file below the content folder.
    pub file: Arc<str>,
    /// First line of the text in the file, counted from 1; adds to the lines in [`Body`].
    pub body_line: u32,
    /// The dates that decide validity, amendments included.
    pub lifespan: Lifespan,
    /// Validity on [`City::today`].
    pub validity: Validity,
    /// Relations that point here, in order of kind, then of the other document's publication, newest first.
    pub incoming: Vec<Incoming>,
    /// Questions bound to it, in id order.
    pub questions: Vec<QuestionIx>,
}

/// A relation seen from the document it points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// What kind.
    pub kind: RelationKind,
    /// Who has it.
    pub from: PolicyIx,
    /// Its scope.
    pub note: Option<String>,
}

/// A question and its parsed answer.
#[derive(Clone, Debug)]
pub struct QuestionEntry {
    /// The record.
    pub question: Arc<Question>,
    /// Its answer as HTML and text.
    pub answer: Arc<Body>,
    /// The policies of its bindings, in the same order.
    pub policies: Vec<PolicyIx>,
    /// Clauses it rests on that say something else than when it was checked: the answer has to be looked at again.
    pub changed: Vec<ChangedClause>,
    /// Its file below the content folder.
    pub file: Arc<str>,
    /// Its place in the file: `questions.<n>`.
    pub position: usize,
}

impl QuestionEntry {
    /// 待复核: whether a clause it rests on has changed since it was checked.
    #[must_use]
    pub fn review(&self) -> bool {
        !self.changed.is_empty()
    }
}

/// A clause that says something else than when an answer was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedClause {
    /// Whose.
    pub policy: PolicyIx,
    /// Its number.
    pub article: u16,
    /// The hash beside the answer.
    pub was: ClauseHash,
    /// The hash of what it says now.
    pub now: ClauseHash,
}

/// A record that a best bet can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found {
    /// `policy:<id>`
    Policy(PolicyIx),
    /// `question:<id>`
    Question(QuestionIx),
}

impl City {
    /// Links the records. Of two records with one id the first is kept and the second reported; codes come later, see
    /// [`crate::codes`].
    #[must_use]
    pub fn link(sources: Sources, today: Date, mistakes: &mut Mistakes) -> Option<Self> {
        let Sources { settings, tables, policies, questions, mut tombstones, .. } = sources;
        let settings = settings?;
        let errors = mistakes.0.iter().filter(|mistake| mistake.fault.severity() == Severity::Error);
        let troubled = errors.map(|mistake| Arc::clone(&mistake.place.file)).collect();
        tombstones.sort_by(|a, b| a.record.cmp(&b.record));
        let policies =
            unique(policies, |file| &file.policy.id, |file| (Arc::clone(&file.file), String::new()), mistakes);
        let policy_index: BTreeMap<String, PolicyIx> =
            policies.iter().enumerate().map(|(ix, file)| (file.policy.id.clone(), ix)).collect();
        let (amended, mut incoming) = relate(&policies, &policy_index);
        let mut questions = questions_of(questions, &policy_index, mistakes);
        let mut bound = vec![Vec::new(); policies.len()];
        for (ix, question) in questions.iter().enumerate() {
            for &policy in &question.policies {
                if bound[policy].last() != Some(&ix) {
                    bound[policy].push(ix);
                }
            }
        }
        for question in &mut questions {
            question.changed = changed(&question.question, &policies, &policy_index);
        }
        let policies = policies
            .into_iter()
            .enumerate()
            .map(|(ix, file)| {
                let PolicyFile { policy, body, file, body_line, .. } = file;
                let lifespan = Lifespan {
                    effective: policy.effective,
                    expires: policy.expires,
                    repealed: policy.repealed,
                    amended: amended[ix],
                };
                PolicyEntry {
                    validity: lifespan.on(today, settings.expiring_days),
                    lifespan,
                    incoming: std::mem::take(&mut incoming[ix]),
                    questions: std::mem::take(&mut bound[ix]),
                    policy,
                    body,
                    file,
                    body_line,
                }
            })
            .collect();
        Some(Self {
            today,
            settings,
            tables,
            policies,
            questions,
            tombstones,
            codes: Arc::default(),
            policy_index,
            troubled,
        })
    }

    /// Whether the file of this policy is there and has mistakes that were found on reading, so that the policy may not
    /// be here, or not as it is meant.
    #[must_use]
    pub fn is_troubled(&self, policy: &str) -> bool {
        self.troubled.iter().any(|file| file.starts_with("policies/") && id_of(file) == policy)
    }

    /// The policy with this id.
    #[must_use]
    pub fn policy(&self, id: &str) -> Option<&PolicyEntry> {
        self.policy_index.get(id).and_then(|&ix| self.policies.get(ix))
    }

    /// The record that is named `policy:<id>` or `question:<id>`.
    #[must_use]
    pub fn find(&self, record: &str) -> Option<Found> {
        match record.split_once(':')? {
            ("policy", id) => self.policy_index.get(id).copied().map(Found::Policy),
            ("question", id) => {
                let place = self.questions.binary_search_by(|entry| entry.question.id.as_str().cmp(id));
                place.ok().map(Found::Question)
            }
            _ => None,
        }
    }

    /// Whether an answer may be shown as current on the build date.
    #[must_use]
    pub fn is_live(&self, entry: &QuestionEntry) -> bool {
        let policies = entry.policies.iter().filter_map(|&ix| self.policies.get(ix));
        stands(self.today, entry.question.expires, policies.map(|policy| policy.validity))
    }
}

/// The clauses of an answer that say something else than their hashes.
fn changed(question: &Question, policies: &[PolicyFile], index: &BTreeMap<String, PolicyIx>) -> Vec<ChangedClause> {
    let mut all = Vec::new();
    for binding in &question.bindings {
        let Some(&policy) = index.get(&binding.policy) else { continue };
        for (&article, &was) in &binding.hashes {
            // An article that is gone is reported as such.
            if let Some(now) = clause::hash(&policies[policy].body, article).filter(|now| *now != was) {
                all.push(ChangedClause { policy, article, was, now });
            }
        }
    }
    all
}

/// Sorts by id and reports every id that stands twice.
fn unique<T>(
    mut rows: Vec<T>,
    id: impl Fn(&T) -> &String,
    place: impl Fn(&T) -> (Arc<str>, String),
    mistakes: &mut Mistakes,
) -> Vec<T> {
    // Stable: of two equal ids the one whose file comes first is kept.
    rows.sort_by(|a, b| id(a).cmp(id(b)));
    let mut kept: Vec<T> = Vec::with_capacity(rows.len());
    for row in rows {
        match kept.last() {
            Some(last) if id(last) == id(&row) => {
                let (file, key) = place(&row);
                let fault = Fault::DuplicateId { id: id(&row).clone(), other: place(last).0.to_string() };
                let place = if key.is_empty() { Place::file(&file) } else { Place::key(&file, key) };
                mistakes.add(place, fault);
            }
            _ => kept.push(row),
        }
    }
    kept
}

/// For every policy, the first day of an amendment and the relations that point at it.
fn relate(policies: &[PolicyFile], index: &BTreeMap<String, PolicyIx>) -> (Vec<Option<Date>>, Vec<Vec<Incoming>>) {
    let mut amended = vec![None; policies.len()];
    let mut incoming = vec![Vec::new(); policies.len()];
    for (from, file) in policies.iter().enumerate() {
        for relation in &file.policy.relations {
            let Target::Policy(id) = &relation.target else { continue };
            let Some(&to) = index.get(id) else { continue };
            if relation.kind == RelationKind::Amends {
                let day = file.policy.effective;
                amended[to] = Some(amended[to].map_or(day, |first: Date| first.min(day)));
            }
            incoming[to].push(Incoming { kind: relation.kind, from, note: relation.note.clone() });
        }
    }
    for list in &mut incoming {
        list.sort_by(|a: &Incoming, b: &Incoming| {
            let published = |row: &Incoming| policies[row.from].policy.published;
            a.kind.cmp(&b.kind).then(published(b).cmp(&published(a))).then(a.from.cmp(&b.from))
        });
    }
    (amended, incoming)
}

fn questions_of(
    rows: Vec<QuestionRow>,
    index: &BTreeMap<String, PolicyIx>,
    mistakes: &mut Mistakes,
) -> Vec<QuestionEntry> {
    let rows = unique(
        rows,
        |row| &row.question.id,
        |row| (Arc::clone(&row.file), format!("questions.{}.id", row.position)),
        mistakes,
    );
    rows.into_iter()
        .map(|row| {
            let QuestionRow { question, answer, file, position } = row;
            let policies = question.bindings.iter().filter_map(|binding| index.get(&binding.policy).copied()).collect();
            QuestionEntry { question, answer, policies, changed: Vec::new(), file, position }
        })
        .collect()
}
