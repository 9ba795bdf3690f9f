//! One policy file → [`Policy`] and its parsed text.

use std::collections::BTreeSet;
use std::sync::Arc;

use yima_model::record::{
    Attachment, Benefit, Contact, Document, Figure, Level, Method, Policy, Relation, StageRecord, Target,
};
use yima_model::{Date, RelationKind, Stage, StageStatus};

use super::fields::{Fields, FileContext};
use super::{audio, text};
use crate::markdown::{self, Body};
use crate::mistake::{Fault, Mistakes, Place};

/// A policy as read, before anything is known about the others.
#[derive(Clone, Debug)]
pub(crate) struct PolicyFile {
    pub(crate) policy: Arc<Policy>,
    pub(crate) body: Arc<Body>,
    pub(crate) file: Arc<str>,
    pub(crate) body_line: u32,
    /// See [`super::digest`].
    pub(crate) digest: u64,
}

/// Reads a policy. Attachments get their size and hash later, from the files themselves.
pub(crate) fn read(file: &Arc<str>, content: &str) -> (Option<PolicyFile>, Mistakes) {
    let Some((head, body, body_line)) = split(content) else {
        let mut mistakes = Mistakes::default();
        mistakes.add(Place::file(file), Fault::NoFrontMatter);
        return (None, mistakes);
    };
    let mut ctx = FileContext::new(file, head, 1);
    let table = ctx.table();
    // After a bracket that was never closed the rest was read as something else.
    let policy = policy(&mut ctx, &table).filter(|_| !ctx.is_derailed());
    let mut mistakes = ctx.finish();
    text::check(file, content, &mut mistakes);
    let source = body;
    let body = markdown::parse(source);
    text::problems(file, body_line, &body, &mut mistakes);
    text::entities(file, body_line, source, &body, &mut mistakes);
    let body = Arc::new(body);
    let (file, digest) = (Arc::clone(file), super::digest(content.as_bytes()));
    (policy.map(|policy| PolicyFile { policy: Arc::new(policy), body, file, body_line, digest }), mistakes)
}

/// The id of a policy is the name of its file.
pub(crate) fn id_of(file: &str) -> &str {
    file.rsplit('/').next().and_then(|name| name.strip_suffix(".md")).unwrap_or_default()
}

/// `+++` head `+++` body; also the first line of the body, counted from 1.
fn split(content: &str) -> Option<(&str, &str, u32)> {
    let content = content.strip_prefix('\u{FEFF}').unwrap_or(content);
    let rest = content.strip_prefix("+++\n").or_else(|| content.strip_prefix("+++\r\n"))?;
    let end = if rest.starts_with("+++") { 0 } else { memchr::memmem::find(rest.as_bytes(), b"\n+++")? + 1 };
    let (head, tail) = rest.split_at(end);
    let body = tail.get(3..)?;
    let body = body.strip_prefix('\r').unwrap_or(body);
    let body = match body.strip_prefix('\n') {
        Some(body) => body,
        None if body.is_empty() => body,
        None => return None,
    };
    let lines = head.bytes().filter(|&byte| byte == b'\n').count();
    Some((head, body, u32::try_from(lines).ok()? + 3))
}

fn policy(ctx: &mut FileContext<'_>, table: &toml::de::DeTable<'_>) -> Option<Policy> {
    let mut f = Fields::new(table, 0, "");
    let id = id_of(ctx.file).to_owned();
    if !super::is_id(&id) {
        ctx.mistakes.add(Place::file(ctx.file), Fault::BadId { value: id });
        return None;
    }
    let title = f.required_text(ctx, "title");
    let issuer = f.required_text(ctx, "issuer");
    let written = f.required_date(ctx, "written");
    let published = f.required_date(ctx, "published");
    let effective = f.required_date(ctx, "effective");
    let disclosure = f.required_text(ctx, "disclosure");
    if !disclosure.is_empty() && disclosure != "主动公开" {
        ctx.add(f.offset("disclosure"), Fault::NotDisclosed { value: disclosure });
    }
    let mut themes = vec![f.required_text(ctx, "theme")];
    themes.extend(f.texts(ctx, "also_themes"));
    let level = f.choice(ctx, "level", &Level::ALL, |level| (level.id(), level.zh())).unwrap_or(Level::Other);
    let policy = Policy {
        short_title: f.short_text(ctx, "short_title", 20),
        popular_names: f.texts(ctx, "popular_names"),
        index_number: f.required_text(ctx, "index_number"),
        document_numbers: document_numbers(ctx, &mut f),
        joint_issuers: f.texts(ctx, "joint_issuers"),
        drafted_by: f.text(ctx, "drafted_by").unwrap_or_else(|| issuer.clone()),
        interpreted_by: f.text(ctx, "interpreted_by").unwrap_or_else(|| issuer.clone()),
        written: written.unwrap_or_default(),
        published: published.unwrap_or_default(),
        effective: effective.unwrap_or_default(),
        expires: f.date(ctx, "expires"),
        repealed: f.date(ctx, "repealed"),
        genre: f.required_text(ctx, "genre"),
        level,
        audiences: f.texts(ctx, "audiences"),
        sectors: f.texts(ctx, "sectors"),
        districts: f.texts(ctx, "districts"),
        keywords: f.texts(ctx, "keywords"),
        summary: f.required_text(ctx, "summary"),
        plain: plain(ctx, &mut f),
        marked_articles: f.articles(ctx, "marked_articles"),
        source: f.text(ctx, "source"),
        contact: contact(ctx, &mut f),
        audio: audio::read(ctx, &mut f),
        attachments: distinct(ctx, &mut f, "attachments", "file")
            .into_iter()
            .filter_map(|row| attachment(ctx, row))
            .collect(),
        relations: f.tables(ctx, "relations").into_iter().filter_map(|row| relation(ctx, row)).collect(),
        stages: stages(ctx, &mut f),
        benefits: distinct(ctx, &mut f, "benefits", "id").into_iter().map(|row| benefit(ctx, row)).collect(),
        id,
        title,
        issuer,
        themes,
    };
    f.finish(ctx);
    dates(ctx, table, &policy, written.zip(published).zip(effective).is_some());
    // Without its days a record cannot be placed in time; everything else was reported and has a stand-in.
    (written.is_some() && published.is_some() && effective.is_some()).then_some(policy)
}

/// Dates of one record against each other.
fn dates(ctx: &mut FileContext<'_>, table: &toml::de::DeTable<'_>, policy: &Policy, complete: bool) {
    if !complete {
        return;
    }
    let f = Fields::new(table, 0, "");
    let written = ("成文日期", "written", Some(policy.written));
    let published = ("发布日期", "published", Some(policy.published));
    let effective = ("施行日期", "effective", Some(policy.effective));
    order(ctx, &f, written, published);
    order(ctx, &f, written, effective);
    order(ctx, &f, effective, ("有效期的最后一天", "expires", policy.expires));
    order(ctx, &f, published, ("废止日期", "repealed", policy.repealed));
}

/// Reports two days that stand the wrong way round: what they are called, their keys, the days.
fn order(
    ctx: &mut FileContext<'_>,
    f: &Fields<'_, '_>,
    (early_zh, early_key, early): (&str, &str, Option<Date>),
    (late_zh, late_key, late): (&str, &str, Option<Date>),
) {
    if let (Some(early), Some(late)) = (early, late)
        && early > late
    {
        let fault = Fault::DateOrder {
            early_zh: early_zh.into(),
            early_key: f.name(early_key),
            early: early.to_string(),
            late_zh: late_zh.into(),
            late_key: f.name(late_key),
            late: late.to_string(),
        };
        ctx.add(f.offset(late_key), fault);
    }
}

/// The rows of a list; those whose `key` an earlier row has are reported.
fn distinct<'t, 'a>(
    ctx: &mut FileContext<'_>,
    f: &mut Fields<'t, 'a>,
    list: &'static str,
    key: &'static str,
) -> Vec<Fields<'t, 'a>> {
    let rows = f.tables(ctx, list);
    let mut seen = BTreeSet::new();
    for row in &rows {
        let id = row.peek(key);
        if !id.is_empty() && !seen.insert(id.to_owned()) {
            ctx.add(row.offset(key), Fault::DuplicateId { id: id.to_owned(), other: ctx.file.to_string() });
        }
    }
    rows
}

fn plain(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> [String; 3] {
    if !f.has("plain") {
        f.missing("plain");
    }
    let sentences = f.texts(ctx, "plain");
    let found = sentences.len();
    <[String; 3]>::try_from(sentences).unwrap_or_else(|_| {
        if f.has("plain") {
            ctx.add(f.offset("plain"), Fault::PlainNotThree { found: found.to_string() });
        }
        <[String; 3]>::default()
    })
}

fn document_numbers(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Vec<String> {
    if !f.has("document_numbers") {
        f.missing("document_numbers");
    }
    let mut numbers = Vec::new();
    for (text, offset) in f.spanned_texts(ctx, "document_numbers") {
        match yima_model::document_number::normalise(&text) {
            Some(number) => numbers.push(number),
            None => ctx.add(offset, Fault::BadDocumentNumber { value: text }),
        }
    }
    numbers
}

fn contact(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Contact {
    let Some(mut f) = f.required_table(ctx, "contact") else { return Contact::default() };
    let contact = Contact {
        unit: f.required_text(ctx, "unit"),
        phone: f.required_text(ctx, "phone"),
        hours: f.text(ctx, "hours"),
        place: f.text(ctx, "place"),
    };
    f.finish(ctx);
    contact
}

fn attachment(ctx: &mut FileContext<'_>, mut f: Fields<'_, '_>) -> Option<Attachment> {
    let file = f.required_text(ctx, "file");
    let title = f.required_text(ctx, "title");
    let safe = super::is_file_name(&file);
    if !file.is_empty() && !safe {
        ctx.add(f.offset("file"), Fault::AttachmentName { name: file.clone() });
    }
    f.finish(ctx);
    safe.then(|| Attachment { file, title, bytes: 0, sha256: String::new() })
}

fn relation(ctx: &mut FileContext<'_>, mut f: Fields<'_, '_>) -> Option<Relation> {
    let kind = f.choice(ctx, "kind", &RelationKind::ALL, |kind| (kind.id(), kind.zh()));
    let (to, title) = (f.text(ctx, "to"), f.text(ctx, "title"));
    let (number, url) = (f.text(ctx, "number"), f.url(ctx, "url", false));
    let note = f.text(ctx, "note");
    let target = match (to, title) {
        (Some(id), None) => Some(Target::Policy(id)),
        (None, Some(title)) => Some(Target::External { title, number, url }),
        _ => {
            ctx.add(f.offset("kind"), Fault::RelationTarget);
            None
        }
    };
    f.finish(ctx);
    Some(Relation { kind: kind?, target: target?, note })
}

fn stages(ctx: &mut FileContext<'_>, f: &mut Fields<'_, '_>) -> Vec<StageRecord> {
    let Some(mut f) = f.required_table(ctx, "stages") else { return Vec::new() };
    let mut stages = Vec::with_capacity(Stage::ALL.len());
    let mut absent = Vec::new();
    for stage in Stage::ALL {
        match f.table(ctx, stage.id()) {
            Some(fields) => stages.extend(stage_record(ctx, stage, fields)),
            None if f.has(stage.id()) => {}
            None => absent.push(stage),
        }
    }
    if !absent.is_empty() {
        let zh: Vec<String> = absent.iter().map(|stage| format!("{}（{}）", stage.id(), stage.zh())).collect();
        let en: Vec<&str> = absent.iter().map(|stage| stage.id()).collect();
        ctx.add(f.start(), Fault::StageMissing { zh: zh.join("、"), en: en.join(", ") });
    }
    f.finish(ctx);
    stages
}

fn stage_record(ctx: &mut FileContext<'_>, stage: Stage, mut f: Fields<'_, '_>) -> Option<StageRecord> {
    let status = f.choice(ctx, "status", &StageStatus::ALL, |status| (status.id(), status.zh()));
    let record = StageRecord {
        stage,
        status: status.unwrap_or(StageStatus::Upcoming),
        date: f.date(ctx, "date"),
        closes: f.date(ctx, "closes"),
        due: f.date(ctx, "due"),
        unit: f.text(ctx, "unit"),
        reason: f.text(ctx, "reason"),
        legal_basis: f.text(ctx, "legal_basis"),
        text: f.text(ctx, "text"),
        documents: f.tables(ctx, "documents").into_iter().map(|row| document(ctx, row)).collect(),
        figures: f.tables(ctx, "figures").into_iter().filter_map(|row| figure(ctx, row)).collect(),
    };
    order(ctx, &f, ("开始日期", "date", record.date), ("截止日期", "closes", record.closes));
    if let Some(status) = status {
        let needs: &[(&str, bool)] = match status {
            StageStatus::Published | StageStatus::Ongoing => &[("date", record.date.is_some() || f.has("date"))],
            StageStatus::Upcoming => &[],
            StageStatus::NotApplicable => &[("reason", record.reason.is_some())],
            StageStatus::Withheld => &[("legal_basis", record.legal_basis.is_some())],
            StageStatus::Missing => &[("unit", record.unit.is_some()), ("due", record.due.is_some() || f.has("due"))],
        };
        for (key, _) in needs.iter().filter(|(_, there)| !there) {
            let fault = Fault::StageNeeds {
                stage: stage.id().into(),
                name: stage.zh().into(),
                zh: status.zh().into(),
                status: status.id().into(),
                key: (*key).into(),
            };
            ctx.add(f.offset("status"), fault);
        }
    }
    f.finish(ctx);
    status.map(|_| record)
}

fn document(ctx: &mut FileContext<'_>, mut f: Fields<'_, '_>) -> Document {
    let document = Document { title: f.required_text(ctx, "title"), url: f.url(ctx, "url", true) };
    f.finish(ctx);
    document
}

fn figure(ctx: &mut FileContext<'_>, mut f: Fields<'_, '_>) -> Option<Figure> {
    let as_of = f.required_date(ctx, "as_of");
    let label = f.required_text(ctx, "label");
    let value = f.required_text(ctx, "value");
    let source = f.required_text(ctx, "source");
    let (unit, method) = (f.text(ctx, "unit"), f.text(ctx, "method"));
    f.finish(ctx);
    Some(Figure { label, value, unit, as_of: as_of?, source, method })
}

fn benefit(ctx: &mut FileContext<'_>, mut f: Fields<'_, '_>) -> Benefit {
    let benefit = Benefit {
        id: super::id(ctx, &mut f),
        title: f.required_text(ctx, "title"),
        who: f.required_text(ctx, "who"),
        gives: f.required_text(ctx, "gives"),
        method: f.choice(ctx, "method", &Method::ALL, |method| (method.id(), method.zh())).unwrap_or(Method::Apply),
        papers: f.texts(ctx, "papers"),
        steps: f.texts(ctx, "steps"),
        opens: f.date(ctx, "opens"),
        closes: f.date(ctx, "closes"),
        window: f.text(ctx, "window"),
        place: f.text(ctx, "place"),
        phone: f.text(ctx, "phone"),
        hours: f.text(ctx, "hours"),
        entry: f.url(ctx, "entry", false),
        payment: f.text(ctx, "payment"),
        articles: f.articles(ctx, "articles"),
    };
    order(ctx, &f, ("开始日期", "opens", benefit.opens), ("截止日期", "closes", benefit.closes));
    f.finish(ctx);
    benefit
}
