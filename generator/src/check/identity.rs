//! Numbers that stand twice.

use std::collections::BTreeMap;

use crate::City;
use crate::city::PolicyEntry;
use crate::mistake::{Fault, Mistakes, Place};

pub(super) fn check(city: &City, mistakes: &mut Mistakes) {
    let mut index_numbers = BTreeMap::new();
    let mut document_numbers = BTreeMap::new();
    for entry in &city.policies {
        let policy = &entry.policy;
        if !policy.index_number.is_empty()
            && let Some(other) = first(&mut index_numbers, &policy.index_number, entry)
        {
            let fault = Fault::DuplicateIndexNumber { number: policy.index_number.clone(), other };
            mistakes.add(Place::key(&entry.file, "index_number"), fault);
        }
        for number in &policy.document_numbers {
            if let Some(other) = first(&mut document_numbers, number, entry) {
                let fault = Fault::DuplicateDocumentNumber { number: number.clone(), other };
                mistakes.add(Place::key(&entry.file, "document_numbers"), fault);
            }
        }
    }
}

/// Remembers who had `number` first; the file of another holder.
fn first<'a>(seen: &mut BTreeMap<&'a str, &'a PolicyEntry>, number: &'a str, entry: &'a PolicyEntry) -> Option<String> {
    match seen.get(number) {
        Some(other) => Some(other.file.to_string()),
        None => {
            seen.insert(number, entry);
            None
        }
    }
}
