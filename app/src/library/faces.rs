//! What lists show of records, and the files that it stands in.

use yima_search::index::{Doc, Family};
use yima_search::session::File;
use yima_search::shelf::RowIx;

use super::Library;
use crate::load::LoadError;

impl Library {
    /// Fetches what lists show of these records.
    pub(crate) async fn bring_faces(&self, rows: &[RowIx]) -> Result<(), LoadError> {
        self.bring_files(self.faces_of(rows)).await
    }

    /// How many files that would cost.
    pub(crate) fn missing_faces(&self, rows: &[RowIx]) -> usize {
        self.faces_of(rows).len()
    }

    /// Those of the records, in their order, whose faces are here or come with the first so many files.
    pub(crate) fn cheap(&self, rows: Vec<RowIx>, files: usize) -> Vec<RowIx> {
        let mut paid: Vec<File> = Vec::new();
        let mut kept = Vec::new();
        for row in rows {
            let missing = self.faces_of(&[row]);
            if missing.iter().all(|file| paid.contains(file)) || paid.len() < files {
                paid.extend(missing.into_iter().filter(|file| !paid.contains(file)).collect::<Vec<_>>());
                kept.push(row);
            }
        }
        kept
    }

    fn faces_of(&self, rows: &[RowIx]) -> Vec<File> {
        self.with_session(|session| {
            let layout = session.head().files.layout(Family::Faces);
            let missing = rows.iter().filter(|row| self.with_shelf(|shelf| shelf.face(**row).is_none()));
            let files = missing.filter_map(|row| layout.file_of(Doc::try_from(*row).ok()?));
            File::each_once(Family::Faces, files)
        })
    }
}
