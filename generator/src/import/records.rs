//! Records as an editor would write them: the canonical form of the content folder.

use std::fmt::Write as _;

use yima_model::Date;
use yima_model::numeral::chinese;
use yima_model::record::{Department, Policy, Question, SiteSettings, StageRecord, Target, Term};

/// A policy file with this text. Whatever `source` reads from it equals `policy`, but for the size and hash of
/// attachments, which come from the attached files.
#[must_use]
pub fn policy(policy: &Policy, body: &str) -> String {
    let mut t = Toml(String::with_capacity(body.len() + 3000));
    t.0.push_str("+++\n");
    t.text("title", &policy.title);
    t.optional("short_title", policy.short_title.as_deref());
    t.list("popular_names", &policy.popular_names);
    t.text("index_number", &policy.index_number);
    t.full_list("document_numbers", &policy.document_numbers);
    t.text("issuer", &policy.issuer);
    t.list("joint_issuers", &policy.joint_issuers);
    t.optional("drafted_by", Some(policy.drafted_by.as_str()).filter(|&id| id != policy.issuer));
    t.optional("interpreted_by", Some(policy.interpreted_by.as_str()).filter(|&id| id != policy.issuer));
    t.date("written", Some(policy.written));
    t.date("published", Some(policy.published));
    t.date("effective", Some(policy.effective));
    t.date("expires", policy.expires);
    t.date("repealed", policy.repealed);
    t.text("theme", policy.theme());
    t.list("also_themes", policy.themes.get(1..).unwrap_or_default());
    t.text("genre", &policy.genre);
    t.text("level", policy.level.id());
    t.list("audiences", &policy.audiences);
    t.list("sectors", &policy.sectors);
    t.list("districts", &policy.districts);
    t.list("keywords", &policy.keywords);
    t.text("disclosure", "主动公开");
    t.text("summary", &policy.summary);
    t.full_list("plain", &policy.plain);
    t.articles("marked_articles", &policy.marked_articles);
    t.optional("source", policy.source.as_deref());
    t.header("[contact]");
    t.text("unit", &policy.contact.unit);
    t.text("phone", &policy.contact.phone);
    t.optional("hours", policy.contact.hours.as_deref());
    t.optional("place", policy.contact.place.as_deref());
    for attachment in &policy.attachments {
        t.header("[[attachments]]");
        t.text("file", &attachment.file);
        t.text("title", &attachment.title);
    }
    for relation in &policy.relations {
        t.header("[[relations]]");
        t.text("kind", relation.kind.id());
        match &relation.target {
            Target::Policy(id) => t.text("to", id),
            Target::External { title, number, url } => {
                t.text("title", title);
                t.optional("number", number.as_deref());
                t.optional("url", url.as_deref());
            }
        }
        t.optional("note", relation.note.as_deref());
    }
    for stage in &policy.stages {
        t.stage(stage);
    }
    for benefit in &policy.benefits {
        t.header("[[benefits]]");
        t.text("id", &benefit.id);
        t.text("title", &benefit.title);
        t.text("who", &benefit.who);
        t.text("gives", &benefit.gives);
        t.text("method", benefit.method.id());
        t.list("papers", &benefit.papers);
        t.list("steps", &benefit.steps);
        t.date("opens", benefit.opens);
        t.date("closes", benefit.closes);
        for (key, value) in [
            ("window", &benefit.window),
            ("place", &benefit.place),
            ("phone", &benefit.phone),
            ("hours", &benefit.hours),
            ("entry", &benefit.entry),
            ("payment", &benefit.payment),
        ] {
            t.optional(key, value.as_deref());
        }
        t.articles("articles", &benefit.articles);
    }
    t.0.push_str("+++\n\n");
    t.0.push_str(body.trim_end());
    t.0.push('\n');
    t.0
}

/// A file of questions. Their theme is given by where the file stands.
#[must_use]
pub fn questions<'q>(questions: impl IntoIterator<Item = &'q Question>) -> String {
    let mut t = Toml(String::new());
    for question in questions {
        t.header("[[questions]]");
        t.text("id", &question.id);
        t.text("question", &question.question);
        t.list("variants", &question.variants);
        t.optional("short", question.short.as_deref());
        t.text("answer", &question.answer);
        if !question.forms.is_empty() {
            let rows = question.forms.iter().map(|form| {
                let (kind, file) = (quoted(form.kind.id()), quoted(&form.file));
                let (title, text) = (quoted(&form.title), quoted(&form.text));
                format!("{{ kind = {kind}, file = {file}, title = {title}, text = {text} }}")
            });
            let _ = writeln!(t.0, "forms = [{}]", rows.collect::<Vec<_>>().join(", "));
        }
        if !question.bindings.is_empty() {
            let rows = question.bindings.iter().map(|binding| {
                let mut row = format!("{{ id = {}", quoted(&binding.policy));
                if !binding.articles.is_empty() {
                    let clauses = binding.articles.iter().map(|number| match binding.hashes.get(number) {
                        Some(hash) => format!("{{ no = {}, hash = \"{hash}\" }}", quoted(&article(*number))),
                        None => quoted(&article(*number)),
                    });
                    let _ = write!(row, ", articles = [{}]", clauses.collect::<Vec<_>>().join(", "));
                }
                row + " }"
            });
            let _ = writeln!(t.0, "policies = [{}]", rows.collect::<Vec<_>>().join(", "));
        }
        t.optional("unbound", question.unbound.as_deref());
        t.text("department", &question.department);
        t.date("checked", Some(question.checked));
        t.date("expires", question.expires);
        t.list("audiences", &question.audiences);
        t.list("districts", &question.districts);
        t.list("keywords", &question.keywords);
    }
    t.0
}

/// Rows of `departments.toml`.
#[must_use]
pub fn departments<'d>(rows: impl IntoIterator<Item = &'d Department>) -> String {
    let mut t = Toml(String::new());
    for row in rows {
        t.header("[[departments]]");
        t.text("id", &row.id);
        t.text("name", &row.name);
        t.optional("short_name", row.short_name.as_deref());
        t.list("aliases", &row.aliases);
        for (key, value) in [
            ("code", &row.code),
            ("prefix", &row.prefix),
            ("phone", &row.phone),
            ("hours", &row.hours),
            ("address", &row.address),
            ("duties", &row.duties),
        ] {
            t.optional(key, value.as_deref());
        }
    }
    t.0
}

/// Rows of another table; `kind` is its array and file name.
#[must_use]
pub fn terms<'t>(kind: &str, rows: impl IntoIterator<Item = &'t Term>) -> String {
    let mut t = Toml(String::new());
    for row in rows {
        t.header(&format!("[[{kind}]]"));
        t.text("id", &row.id);
        t.text("name", &row.name);
        t.optional("group", row.group.as_deref());
        t.optional("summary", row.summary.as_deref());
    }
    t.0
}

/// `site.toml`.
#[must_use]
pub fn settings(site: &SiteSettings) -> String {
    let mut t = Toml(String::new());
    for (key, value) in [
        ("title", &site.title),
        ("short_title", &site.short_title),
        ("city", &site.city),
        ("host", &site.host),
        ("identifier", &site.identifier),
        ("operator", &site.operator),
        ("description", &site.description),
        ("hotline", &site.hotline),
    ] {
        t.text(key, value);
    }
    t.optional("phone", site.phone.as_deref());
    t.optional("email", site.email.as_deref());
    t.optional("address", site.address.as_deref());
    let _ = writeln!(t.0, "demonstration = {}", site.demonstration);
    let _ = writeln!(
        t.0,
        "expiring_days = {}\nstale_days = {}\npage_size = {}",
        site.expiring_days, site.stale_days, site.page_size
    );
    t.0
}

struct Toml(String);

impl Toml {
    fn header(&mut self, header: &str) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(header);
        self.0.push('\n');
    }

    fn text(&mut self, key: &str, value: &str) {
        let _ = writeln!(self.0, "{key} = {}", quoted(value));
    }

    fn optional(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn full_list(&mut self, key: &str, values: &[String]) {
        let _ = writeln!(self.0, "{key} = [{}]", joined(values));
    }

    fn list(&mut self, key: &str, values: &[String]) {
        if !values.is_empty() {
            self.full_list(key, values);
        }
    }

    fn articles(&mut self, key: &str, numbers: &[u16]) {
        self.list(key, &numbers.iter().map(|&number| article(number)).collect::<Vec<_>>());
    }

    fn date(&mut self, key: &str, value: Option<Date>) {
        if let Some(value) = value {
            let _ = writeln!(self.0, "{key} = {value}");
        }
    }

    fn stage(&mut self, stage: &StageRecord) {
        self.header(&format!("[stages.{}]", stage.stage.id()));
        self.text("status", stage.status.id());
        self.date("date", stage.date);
        self.date("closes", stage.closes);
        self.date("due", stage.due);
        self.optional("unit", stage.unit.as_deref());
        self.optional("reason", stage.reason.as_deref());
        self.optional("legal_basis", stage.legal_basis.as_deref());
        self.optional("text", stage.text.as_deref());
        for document in &stage.documents {
            self.header(&format!("[[stages.{}.documents]]", stage.stage.id()));
            self.text("title", &document.title);
            self.optional("url", document.url.as_deref());
        }
        for figure in &stage.figures {
            self.header(&format!("[[stages.{}.figures]]", stage.stage.id()));
            self.text("label", &figure.label);
            self.text("value", &figure.value);
            self.optional("unit", figure.unit.as_deref());
            self.date("as_of", Some(figure.as_of));
            self.text("source", &figure.source);
            self.optional("method", figure.method.as_deref());
        }
    }
}

fn article(number: u16) -> String {
    format!("第{}条", chinese(number))
}

fn joined(values: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    values.into_iter().map(|value| quoted(value.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A TOML string. Text of several lines stays readable, unless a line of it could be taken for the end of the head.
fn quoted(text: &str) -> String {
    let lines = text.contains('\n') && !text.split('\n').any(|line| line.starts_with("+++"));
    let mut out = String::with_capacity(text.len() + 6);
    out.push_str(if lines { "\"\"\"\n" } else { "\"" });
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' if lines => out.push('\n'),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            _ if ch.is_control() => drop(write!(out, "\\u{:04X}", u32::from(ch))),
            _ => out.push(ch),
        }
    }
    out.push_str(if lines { "\"\"\"" } else { "\"" });
    out
}
