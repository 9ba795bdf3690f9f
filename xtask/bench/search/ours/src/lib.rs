//! What the page of the bench calls. Only in the browser.

#![cfg(target_arch = "wasm32")]

use wasm_bindgen::prelude::wasm_bindgen;
use yima_model::catalogue::Face;
use yima_search::catalogue::faces;
use yima_search::index::{Family, Head};
use yima_search::session::{AnswerKind, File, Session, Stage};

/// A search in a page, which fetches what it is told to.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Searcher {
    session: Session,
    faces: std::collections::BTreeMap<u32, Face>,
}

#[wasm_bindgen]
impl Searcher {
    /// Opens an index by the bytes of its head.
    #[wasm_bindgen(constructor)]
    pub fn new(head: &[u8]) -> Result<Self, String> {
        let head = Head::decode(head).map_err(|error| error.to_string())?;
        Ok(Self { session: Session::new(head), faces: std::collections::BTreeMap::new() })
    }

    /// Families and places of the files a question wants, in turn: 0 titles, 1 bodies, 2 texts.
    pub fn wanted(&mut self, question: &str, stage: u8) -> Result<Vec<u32>, String> {
        let asked = self.session.ask(question);
        let stage = match stage {
            0 => Stage::First,
            1 => Stage::Better,
            _ => Stage::Exact,
        };
        let files = self.session.wanted(&asked, stage).map_err(|error| error.to_string())?;
        Ok(files.iter().flat_map(|file| [file.family as u32, u32::try_from(file.file).unwrap_or(u32::MAX)]).collect())
    }

    /// Path of a file.
    pub fn path(&self, family: u32, file: u32) -> Option<String> {
        self.session.path(file_of(family, file))
    }

    /// Takes the bytes of a file.
    pub fn supply(&mut self, family: u32, file: u32, bytes: &[u8]) -> Result<(), String> {
        if family == Family::Faces as u32 {
            let (first, faces) = faces::decode(bytes).map_err(|error| error.to_string())?;
            self.faces.extend((first..).zip(faces));
            return Ok(());
        }
        self.session.supply(file_of(family, file), bytes).map_err(|error| error.to_string())
    }

    /// Numbers of the best records, the best first; with `exact` only of those that are known to hold all of it.
    pub fn answer(&mut self, question: &str, limit: usize, exact: bool) -> Result<Vec<u32>, String> {
        let asked = self.session.ask(question);
        let answer = self.session.answer(&asked).map_err(|error| error.to_string())?;
        let none = exact && answer.kind != AnswerKind::Exact;
        Ok(answer.scores.iter().take(if none { 0 } else { limit }).map(|score| score.doc).collect())
    }

    /// The file with the face of a record.
    pub fn face_file(&self, doc: u32) -> Option<u32> {
        let file = self.session.head().files.layout(Family::Faces).file_of(doc)?;
        u32::try_from(file).ok()
    }

    /// Id of a record whose face is here.
    pub fn id(&self, doc: u32) -> Option<String> {
        self.faces.get(&doc).map(|face| face.id().to_owned())
    }

    /// Title of a record whose face is here.
    pub fn title(&self, doc: u32) -> Option<String> {
        self.faces.get(&doc).map(|face| face.title().to_owned())
    }
}

fn file_of(family: u32, file: u32) -> File {
    let family = Family::ALL.into_iter().find(|known| *known as u32 == family).unwrap_or(Family::Faces);
    File { family, file: file as usize }
}
