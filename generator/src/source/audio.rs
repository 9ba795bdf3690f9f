//! A document read aloud: the sound file that a policy names with `audio`.

use std::collections::BTreeMap;
use std::sync::Arc;

use yima_model::record::Audio;

use super::fields::{Fields, FileContext};
use super::{Part, PartContent, Sources, forms};
use crate::mistake::{Fault, Place};

/// How the file is called when something is wrong with it.
const NAMES: (&str, &str) = ("朗读", "recording");

/// The key `audio` of a policy; its size comes later, from the file itself.
pub(super) fn read(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Option<Audio> {
    let file = f.text(ctx, "audio")?;
    if !super::is_file_name(&file) {
        ctx.add(f.offset("audio"), Fault::AttachmentName { name: file });
        return None;
    }
    if !Audio::ENDINGS.contains(&forms::ending(&file).as_str()) {
        let (zh, kind, endings) = (NAMES.0.into(), NAMES.1.into(), Audio::ENDINGS.join(" "));
        ctx.add(f.offset("audio"), Fault::FormType { file, zh, kind, endings });
        return None;
    }
    Some(Audio { file, bytes: 0 })
}

/// Gives the recordings that policies name their size, and the site their bytes; reports what cannot be played.
pub(super) fn attach(parts: &mut BTreeMap<Arc<str>, Part>, sources: &mut Sources) {
    let mut found = Vec::new();
    for (file, part) in &*parts {
        let PartContent::Policy(Some(record)) = &part.content else { continue };
        let Some(audio) = &record.policy.audio else { continue };
        let relative = format!("attachments/{}/{}", record.policy.id, audio.file);
        let fault = match parts.get(relative.as_str()).map(|part| &part.content) {
            Some(PartContent::Attachment { bytes, .. }) => {
                let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                // A record that says so already is shared with the last reading and stays so.
                if audio.bytes != length {
                    found.push((Arc::clone(file), length));
                }
                let path = format!("attachment/{}/{}", record.policy.id, audio.file);
                sources.attachments.insert(path, Arc::clone(bytes));
                wrong(audio, length, bytes)
            }
            Some(PartContent::Oversized(bytes)) => Some(too_large(*bytes)),
            // Only what the walk found: a link could lead out of the content folder.
            _ => Some(Fault::AttachmentMissing { path: relative }),
        };
        if let Some(fault) = fault {
            sources.mistakes.add(Place::key(file, "audio"), fault);
        }
    }
    for (file, bytes) in found {
        if let Some(PartContent::Policy(Some(record))) = parts.get_mut(&file).map(|part| &mut part.content)
            && let Some(audio) = &mut Arc::make_mut(&mut record.policy).audio
        {
            audio.bytes = bytes;
        }
    }
}

/// What is wrong with a recording.
fn wrong(audio: &Audio, length: u64, bytes: &[u8]) -> Option<Fault> {
    if length > Audio::MAX_BYTES {
        return Some(too_large(length));
    }
    let ending = forms::ending(&audio.file);
    (!forms::is(&ending, bytes)).then(|| Fault::FormContent { file: audio.file.clone(), ending })
}

fn too_large(bytes: u64) -> Fault {
    let (zh, kind) = (NAMES.0.to_owned(), NAMES.1.to_owned());
    Fault::FormTooLarge { zh, kind, bytes: bytes.to_string(), cap: Audio::MAX_BYTES.to_string() }
}
