//! An answer as a picture, as sound or as a film: what may be published, and the file behind it.

use std::collections::BTreeMap;
use std::sync::Arc;

use yima_model::record::{Form, FormKind};

use super::fields::{Fields, FileContext};
use super::{Part, PartContent, Sources};
use crate::mistake::{Fault, Place};

/// The rows of `forms`; none, when one of them cannot be used, so that a place in the list is a place in the file.
pub(super) fn all(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Vec<Form> {
    let rows: Vec<Option<Form>> = f.tables(ctx, "forms").into_iter().map(|row| form(ctx, row)).collect();
    rows.into_iter().collect::<Option<_>>().unwrap_or_default()
}

fn form(ctx: &mut FileContext<'_>, mut f: Fields<'_, '_>) -> Option<Form> {
    let kind = f.choice(ctx, "kind", &FormKind::ALL, |kind| (kind.id(), kind.zh()));
    let file = f.required_text(ctx, "file");
    let title = f.required_text(ctx, "title");
    let text = f.required_text(ctx, "text");
    let safe = file.is_empty() || super::is_file_name(&file);
    if !safe {
        ctx.add(f.offset("file"), Fault::AttachmentName { name: file.clone() });
    } else if let Some(kind) = kind
        && !file.is_empty()
        && !kind.endings().contains(&ending(&file).as_str())
    {
        let (file, endings) = (file.clone(), kind.endings().join(" "));
        ctx.add(f.offset("file"), Fault::FormType { file, zh: kind.zh().into(), kind: kind.id().into(), endings });
    }
    f.finish(ctx);
    let kind = kind?;
    (safe && !file.is_empty()).then(|| Form { kind, file, title, text, bytes: 0, sha256: String::new() })
}

/// The ending of a file name, in lower case, without its dot.
pub(super) fn ending(file: &str) -> String {
    file.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
}

/// Where the file of a form stands below the content folder.
pub(super) fn path(question: &str, file: &str) -> String {
    format!("attachments/questions/{question}/{file}")
}

/// Gives the forms that questions name their size and hash, and the site their bytes; reports what cannot be shown.
pub(super) fn attach(parts: &mut BTreeMap<Arc<str>, Part>, sources: &mut Sources) {
    let mut found = Vec::new();
    for (file, part) in &*parts {
        let PartContent::Questions(rows) = &part.content else { continue };
        for (at, row) in rows.iter().enumerate() {
            for (position, form) in row.question.forms.iter().enumerate() {
                let key = format!("questions.{}.forms.{position}.file", row.position);
                let relative = path(&row.question.id, &form.file);
                let fault = match parts.get(relative.as_str()).map(|part| &part.content) {
                    Some(PartContent::Attachment { bytes, sha256 }) => {
                        if form.sha256 != *sha256 {
                            found.push((Arc::clone(file), at, position, bytes.len(), sha256.clone()));
                        }
                        let path = format!("attachment/questions/{}/{}", row.question.id, form.file);
                        sources.attachments.insert(path, Arc::clone(bytes));
                        wrong(form, bytes)
                    }
                    Some(PartContent::Oversized(bytes)) => Some(too_large(form, *bytes)),
                    // Only what the walk found: a link could lead out of the content folder.
                    _ => Some(Fault::AttachmentMissing { path: relative }),
                };
                if let Some(fault) = fault {
                    sources.mistakes.add(Place::key(file, key), fault);
                }
            }
        }
    }
    for (file, at, position, bytes, sha256) in found {
        let Some(PartContent::Questions(rows)) = parts.get_mut(&file).map(|part| &mut part.content) else { continue };
        if let Some(form) = rows.get_mut(at).and_then(|row| Arc::make_mut(&mut row.question).forms.get_mut(position)) {
            form.bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
            form.sha256 = sha256;
        }
    }
}

/// What is wrong with the file of a form.
fn wrong(form: &Form, bytes: &[u8]) -> Option<Fault> {
    let ending = ending(&form.file);
    // Told already, when the row was read.
    if !form.kind.endings().contains(&ending.as_str()) {
        return None;
    }
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if length > form.kind.max_bytes() {
        return Some(too_large(form, length));
    }
    if !is(&ending, bytes) {
        return Some(Fault::FormContent { file: form.file.clone(), ending });
    }
    let what = if ending == "svg" { active(bytes) } else { None };
    what.map(|what| Fault::FormActive { file: form.file.clone(), what: what.to_owned() })
}

fn too_large(form: &Form, bytes: u64) -> Fault {
    let (zh, kind) = (form.kind.zh().to_owned(), form.kind.id().to_owned());
    Fault::FormTooLarge { zh, kind, bytes: bytes.to_string(), cap: form.kind.max_bytes().to_string() }
}

/// Whether a file begins as its ending says.
pub(super) fn is(ending: &str, bytes: &[u8]) -> bool {
    let at = |from: usize, magic: &[u8]| bytes.get(from..).is_some_and(|rest| rest.starts_with(magic));
    match ending {
        "svg" => std::str::from_utf8(bytes).is_ok_and(|text| {
            let text = text.trim_start_matches('\u{FEFF}').trim_start();
            text.starts_with('<') && text.contains("<svg")
        }),
        "png" => at(0, b"\x89PNG\r\n\x1A\n"),
        "jpg" | "jpeg" => at(0, b"\xFF\xD8\xFF"),
        "webp" => at(0, b"RIFF") && at(8, b"WEBP"),
        "wav" => at(0, b"RIFF") && at(8, b"WAVE"),
        "mp3" => at(0, b"ID3") || (at(0, b"\xFF") && bytes.get(1).is_some_and(|byte| byte & 0xE0 == 0xE0)),
        "ogg" => at(0, b"OggS"),
        "m4a" | "mp4" => at(4, b"ftyp"),
        "webm" => at(0, b"\x1A\x45\xDF\xA3"),
        _ => false,
    }
}

/// What in a drawing could run or fetch something: it is shown as a picture, but may be opened by itself.
fn active(bytes: &[u8]) -> Option<&'static str> {
    const NEVER: [&str; 8] =
        ["<script", "<foreignobject", "<iframe", "<!entity", "javascript:", "<set", "<animate", "@import"];
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    if let Some(found) = NEVER.into_iter().find(|word| text.contains(word)) {
        return Some(found);
    }
    // `onload=` and its kin, after white space or a quote.
    let handler = text.match_indices("on").any(|(at, _)| {
        let before = text[..at].ends_with(|ch: char| ch.is_whitespace() || matches!(ch, '"' | '\'' | '/'));
        let name = text[at..].trim_start_matches(|ch: char| ch.is_ascii_lowercase());
        before && name.trim_start().starts_with('=')
    });
    if handler {
        return Some("on…=");
    }
    let foreign = text.match_indices("href").any(|(at, _)| {
        let value = text[at + "href".len()..].trim_start().strip_prefix('=').map(str::trim_start);
        value.is_some_and(|value| !value.starts_with(['"', '\'']) || !value[1..].trim_start().starts_with('#'))
    });
    let url = text
        .match_indices("url(")
        .any(|(at, _)| !text[at + "url(".len()..].trim_start().trim_start_matches(['"', '\'']).starts_with('#'));
    if foreign { Some("href") } else { url.then_some("url()") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drawing_that_acts_is_found() {
        let svg = |inside: &str| format!("<svg xmlns=\"http://www.w3.org/2000/svg\">{inside}</svg>");
        for (inside, found) in [
            ("<rect width=\"3\" fill=\"url(#a)\"/><use href=\"#a\"/><text>on = off</text>", None),
            ("<script>1</script>", Some("<script")),
            ("<rect ONLOAD = \"x\"/>", Some("on…=")),
            ("<rect x=\"1\"onclick='x'/>", Some("on…=")),
            ("<image href=\"https://a.example/x.png\"/>", Some("href")),
            ("<a xlink:href=x>", Some("href")),
            ("<rect style=\"fill:url('//a.example/')\"/>", Some("url()")),
        ] {
            assert_eq!(active(svg(inside).as_bytes()), found, "{inside}");
        }
    }

    #[test]
    fn a_file_is_what_its_ending_says() {
        assert!(is("png", b"\x89PNG\r\n\x1A\nrest") && !is("png", b"GIF89a"));
        assert!(is("wav", b"RIFF\0\0\0\0WAVEfmt ") && !is("webp", b"RIFF\0\0\0\0WAVEfmt "));
        assert!(is("svg", b"<?xml version=\"1.0\"?><svg/>") && !is("svg", b"<html/>"));
        assert!(is("mp4", b"\0\0\0\x18ftypisom") && !is("webm", b"") && !is("mp3", b"\xFF"));
    }
}
