//! From a question to what the desk says, and the one place where a change passes: log, address, field.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use yima_model::catalogue::{Face, Facet};
use yima_model::{Date, Validity};
use yima_search::desk::{self, Choice, Choosable, Exchange, Move, Side};
use yima_search::session::Stage;
use yima_search::shelf::RowIx;

use super::article::{self, Article, Clause};
use super::log::Log;
use crate::browser::{self, Trace};
use crate::favourites::Kept;
use crate::library::Library;
use crate::load::{LoadError, fetch};

/// Related questions below an answer.
const RELATED: usize = 4;
/// Questions offered while one types.
const OFFERED: usize = 5;
/// What an offered question must have of what was typed.
const OFFERED_COVERAGE: f32 = 0.5;

/// What the desk says.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    /// Files are on their way.
    Looking,
    /// A file did not come.
    Failed(LoadError),
    /// An approved answer.
    Answer(Box<Answered>),
    /// One word would tell.
    AskBack { side: Side, options: Vec<Choosable> },
    /// No answer is sure.
    Unsure { nearest: Vec<Near>, office: Option<Office> },
}

/// An approved answer, and whether it stands today.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answered {
    pub(super) question: String,
    pub(super) href: String,
    /// Address of its identity card; empty where it has none.
    pub(super) card: String,
    pub(super) validity: Validity,
    pub(super) article: Article,
    pub(super) related: Vec<Near>,
}

/// A question to go on with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Near {
    pub(super) question: String,
    pub(super) short: String,
    pub(super) href: String,
    pub(super) dead: bool,
}

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Office {
    pub(super) id: String,
    pub(super) name: String,
    /// As the page's own table has it; empty where it has none.
    pub(super) phone: String,
}

/// Everything the views of the desk share.
#[derive(Clone, Copy)]
pub(super) struct Desk {
    library: StoredValue<Library, LocalStorage>,
    pub(super) hotline: StoredValue<String>,
    pub(super) log: RwSignal<Log>,
    /// Whether the first question stood in the address: a page that was opened does not move by itself.
    pub(super) opened: StoredValue<bool>,
    pub(super) kept: Kept,
    /// What is typed next; set where the field is to show something else.
    pub(super) field: RwSignal<String>,
}

/// The desk one stands at.
pub(super) fn desk() -> Desk {
    expect_context()
}

impl Desk {
    pub(super) fn new(library: Library, hotline: String) -> Self {
        let mut log = Log::default();
        log.ask(Exchange::from_query_string(&browser::query_string()));
        let opened = StoredValue::new(!log.is_empty());
        Self {
            library: StoredValue::new_local(library),
            opened,
            hotline: StoredValue::new(hotline),
            log: RwSignal::new(log),
            kept: Kept::load(),
            field: RwSignal::new(String::new()),
        }
    }

    /// Asks a question, as typed or as offered.
    pub(super) fn ask(self, text: &str) {
        if self.log.try_update(|log| log.ask(Exchange::new(text))) == Some(true) {
            self.remember();
        }
        self.field.set(String::new());
    }

    /// Answers a question back.
    pub(super) fn choose(self, choice: Choice) {
        self.log.update(|log| log.choose(choice));
        self.remember();
    }

    /// Forgets everything that was said.
    pub(super) fn start_anew(self) {
        self.log.update(|log| log.follow(Exchange::default()));
        self.remember();
        self.field.set(String::new());
        browser::focus_next(vec![".ask-form input".to_owned()]);
    }

    /// Takes the exchange of the address, after a step back or forth.
    pub(super) fn follow_address(self) {
        self.log.update(|log| log.follow(Exchange::from_query_string(&browser::query_string())));
    }

    fn remember(self) {
        browser::remember(Trace::Push, &self.log.with_untracked(Log::address), 0.0);
    }

    /// What the desk says to an exchange, handed to `tell` when all its files are here.
    pub(super) fn reply(self, exchange: Exchange, tell: impl FnOnce(Reply) + 'static) {
        let library = self.library.get_value();
        spawn_local(async move {
            // A site built anew in between means: once more, with the new files.
            let mut outcome = work(&library, &exchange).await;
            if outcome == Err(LoadError::Renewed) {
                outcome = match library.bring_facts().await {
                    Ok(()) => work(&library, &exchange).await,
                    Err(error) => Err(error),
                };
            }
            tell(outcome.unwrap_or_else(Reply::Failed));
        });
    }

    /// Questions like what is being typed, handed to `tell` when they are here.
    pub(super) fn offer(self, typed: String, tell: impl FnOnce(Vec<String>) + 'static) {
        let library = self.library.get_value();
        spawn_local(async move {
            tell(offered(&library, &typed).await.unwrap_or_default());
        });
    }

    /// The words of clauses, paragraph by paragraph, handed to `tell` when their pages are here.
    pub(super) fn read(self, clauses: Vec<Clause>, tell: impl FnOnce(Result<Vec<String>, LoadError>) + 'static) {
        spawn_local(async move {
            let mut pages: Vec<(&str, String)> = Vec::new();
            let mut lines = Vec::new();
            for Clause { page, anchor } in &clauses {
                if pages.last().is_none_or(|(known, _)| known != page) {
                    match fetch(page, false).await {
                        Ok(bytes) => pages.push((page, String::from_utf8_lossy(&bytes).into_owned())),
                        Err(error) => return tell(Err(error)),
                    }
                }
                lines.extend(pages.last().map(|(_, text)| article::clause(text, anchor)).unwrap_or_default());
            }
            tell(Ok(lines));
        });
    }

    /// The name of what was chosen.
    pub(super) fn name(self, choice: &Choice) -> String {
        match &choice.value {
            None => "都不是，或者不确定".to_owned(),
            Some(value) => self
                .library
                .with_value(|library| library.with_shelf(|shelf| shelf.name(choice.side.facet(), value).to_owned())),
        }
    }
}

async fn work(library: &Library, exchange: &Exchange) -> Result<Reply, LoadError> {
    let asked = library.ask(exchange.text());
    for stage in [Stage::First, Stage::Better] {
        library.bring_files(library.wanted(&asked, stage)?).await?;
    }
    let scores = library.rank(&asked)?;
    let today = browser::today();
    library.bring_faces(&library.with_shelf(|shelf| desk::to_be_read(shelf, &scores))).await?;
    let next = library.with_shelf(|shelf| desk::decide(shelf, &asked, &scores, exchange.choices(), today));
    Ok(match next {
        Move::AskBack { side, options } => Reply::AskBack { side, options },
        Move::Unsure { nearest, department } => {
            library.bring_faces(&nearest).await?;
            let office = department.and_then(|ix| {
                library.with_shelf(|shelf| {
                    let value = shelf.values(Facet::Department).get(usize::from(ix))?;
                    let phone = article::phone_of(&value.id).unwrap_or_default();
                    Some(Office { id: value.id.clone(), name: value.name.clone(), phone })
                })
            });
            Reply::Unsure { nearest: near(library, &nearest, today), office }
        }
        Move::Answer(row) => {
            let related = library.with_shelf(|shelf| desk::related(shelf, row, &scores, RELATED));
            let rows: Vec<RowIx> = core::iter::once(row).chain(related.iter().copied()).collect();
            library.bring_faces(&rows).await?;
            let Some(face) = library.with_shelf(|shelf| shelf.face(row).cloned()) else {
                return Err(LoadError::Renewed);
            };
            let page = fetch(&face.path(), false).await?;
            let article = article::read(&String::from_utf8_lossy(&page), today).ok_or(LoadError::Renewed)?;
            Reply::Answer(Box::new(Answered {
                question: face.title().to_owned(),
                href: face.path(),
                card: face.code().map(|code| format!("/Q/{code}/")).unwrap_or_default(),
                validity: library.with_shelf(|shelf| shelf.validity(row, today)),
                article,
                related: near(library, &related, today),
            }))
        }
    })
}

fn near(library: &Library, rows: &[RowIx], today: Date) -> Vec<Near> {
    library.with_shelf(|shelf| {
        let rows = rows.iter().filter_map(|&row| {
            let Face::Question(face) = shelf.face(row)? else { return None };
            let href = format!("/question/{}/", face.id);
            let dead = shelf.validity(row, today).is_dead();
            Some(Near { question: face.question.clone(), short: face.short.clone(), href, dead })
        });
        rows.collect()
    })
}

async fn offered(library: &Library, typed: &str) -> Result<Vec<String>, LoadError> {
    let asked = library.ask(typed);
    library.bring_files(library.wanted(&asked, Stage::First)?).await?;
    let first = library.with_session(|session| session.head().first_question);
    let scores = library.rank(&asked)?.into_iter();
    let rows: Vec<RowIx> = scores
        .filter(|score| score.doc >= first && score.coverage >= OFFERED_COVERAGE)
        .take(OFFERED)
        .map(|score| score.doc as RowIx)
        .collect();
    library.bring_faces(&rows).await?;
    Ok(library.with_shelf(|shelf| {
        rows.iter().filter_map(|&row| shelf.face(row)).map(|face| face.title().to_owned()).collect()
    }))
}
