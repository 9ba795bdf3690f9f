//! The templates, and what all of them know.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value, escape_formatter};
use serde::Serialize;

use super::security;
use super::view::{Day, Named};
use crate::assets::Assets;
use crate::city::City;
use crate::headers::content_security_policy;
use crate::listing::Facet;
use crate::reading::{self, Language};
use crate::site::RenderError;

/// Name and source of every template.
macro_rules! templates {
    ($($name:literal),* $(,)?) => { [$(($name, include_str!(concat!("../../templates/", $name)))),*] };
}

const TEMPLATES: [(&str, &str); 42] = templates![
    "404.html",
    "about.html",
    "answer.html",
    "app.html",
    "ask.html",
    "audio.html",
    "base.html",
    "benefit.html",
    "card.html",
    "card_base.html",
    "card_part.html",
    "facets.html",
    "favourites.html",
    "frame_card_foot.html",
    "frame_card_top.html",
    "frame_foot.html",
    "frame_head.html",
    "frame_top.html",
    "glance.html",
    "groups.html",
    "head.html",
    "home.html",
    "life.html",
    "lifecycle.html",
    "list.html",
    "notices.html",
    "offline.html",
    "pager.html",
    "policy.html",
    "question.html",
    "question_theme.html",
    "questions.html",
    "reading.html",
    "row.html",
    "search.html",
    "search_form.html",
    "speak.html",
    "stage.html",
    "standing.html",
    "tombstone.html",
    "validity.html",
    "values.html",
];

/// What every page says about the site.
#[derive(Serialize)]
struct Site<'a> {
    title: &'a str,
    short_title: &'a str,
    city: &'a str,
    host: &'a str,
    identifier: &'a str,
    operator: &'a str,
    description: &'a str,
    hotline: &'a str,
    phone: Option<&'a str>,
    email: Option<&'a str>,
    address: Option<&'a str>,
    demonstration: bool,
    expiring_days: u16,
    stale_days: u16,
    today: Day,
    facets: Vec<Named<'static>>,
}

/// Addresses of a module of the app and its script.
#[derive(Serialize)]
struct ModuleHref {
    script: String,
    module: String,
}

fn module(module: &crate::assets::Module) -> ModuleHref {
    ModuleHref { script: format!("/{}", module.script), module: format!("/{}", module.module) }
}

/// Addresses of the static files that pages refer to.
#[derive(Serialize)]
struct Files {
    style: String,
    script: String,
    boot: String,
    app_style: String,
    search: String,
    finder: Option<ModuleHref>,
    ask: Option<ModuleHref>,
    /// The service worker, and what registers it.
    worker: Option<String>,
    offline: String,
    offline_page: String,
    offline_style: String,
    /// What shows the page in other scripts and languages, and where it finds their words.
    reader: Option<String>,
    hant: String,
    languages: Vec<Language>,
    /// What reads a page aloud, once asked to.
    speak: Option<Extra>,
    /// What makes a tab a kiosk.
    kiosk: Option<Extra>,
    keypad: String,
    paper: String,
    kiosk_app: Option<ModuleHref>,
}

/// Addresses of a script that is loaded only when it is wanted, and of its style.
#[derive(Serialize)]
struct Extra {
    script: String,
    style: String,
}

impl Extra {
    /// `assets/<name>.js` and `assets/<name>.css`, where the script is there.
    fn find(assets: &Assets, name: &str) -> Option<Self> {
        let [script, style] = ["js", "css"].map(|ending| format!("assets/{name}.{ending}"));
        assets.text(&script).is_some().then(|| Self { script: assets.href(&script), style: assets.href(&style) })
    }
}

/// An environment with all templates and their globals. Autoescape follows the `.html` of the names.
pub(super) fn environment(city: &City, assets: &Assets) -> Result<Environment<'static>, RenderError> {
    let fault = |error: Error| RenderError { what: "templates".to_owned(), why: format!("{error:#}") };
    let mut env = Environment::new();
    env.set_debug(false);
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(fault)?;
    env.set_syntax(syntax);
    env.set_formatter(write_html);
    for (name, source) in TEMPLATES {
        env.add_template(name, source).map_err(fault)?;
    }
    let settings = &city.settings;
    let site = Site {
        title: &settings.title,
        short_title: &settings.short_title,
        city: &settings.city,
        host: &settings.host,
        identifier: &settings.identifier,
        operator: &settings.operator,
        description: &settings.description,
        hotline: &settings.hotline,
        phone: settings.phone.as_deref(),
        email: settings.email.as_deref(),
        address: settings.address.as_deref(),
        demonstration: settings.demonstration,
        expiring_days: settings.expiring_days,
        stale_days: settings.stale_days,
        today: Day::new(city.today),
        facets: Facet::ALL.into_iter().map(|facet| Named { id: facet.id(), name: facet.zh() }).collect(),
    };
    env.add_global("site", Serde(site));
    let files = Files {
        style: assets.href("assets/site.css"),
        script: assets.href("assets/yima.js"),
        boot: assets.href("assets/boot.js"),
        app_style: assets.href("assets/app.css"),
        search: format!("/{}", yima_search::index::HEAD),
        finder: assets.app.as_ref().map(|app| module(&app.finder)),
        ask: assets.app.as_ref().map(|app| module(&app.ask)),
        worker: assets.worker.as_ref().map(|path| format!("/{path}")),
        offline: assets.href("assets/offline.js"),
        offline_page: assets.href("assets/offline-page.js"),
        offline_style: assets.href("assets/offline.css"),
        reader: assets.text(reading::SCRIPT).map(|_| assets.href(reading::SCRIPT)),
        hant: format!("/{}", reading::TABLE),
        languages: reading::languages(assets),
        speak: Extra::find(assets, "speak"),
        kiosk: Extra::find(assets, "kiosk"),
        keypad: assets.href("assets/keypad.js"),
        paper: assets.href("assets/paper.js"),
        kiosk_app: assets.app.as_ref().map(|app| module(&app.kiosk)),
    };
    env.add_global("files", Serde(files));
    env.add_global("csp", Value::from_safe_string(content_security_policy(&[])));
    env.add_global("card_csp", Value::from_safe_string(security::card_policy(assets)));
    env.add_global("card_style", Value::from_safe_string(security::card_style(assets)));
    let frame = frame(&env).map_err(fault)?;
    env.add_global("frame", frame);
    Ok(env)
}

/// What is the same on every page of the site, rendered once: it saves each of tens of thousands of pages 4 µs.
fn frame(env: &Environment<'_>) -> Result<Value, Error> {
    let part = |name: &str| -> Result<Value, Error> {
        Ok(Value::from_safe_string(env.get_template(name)?.render(())?.trim_end().to_owned()))
    };
    Ok(minijinja::context! {
        head => part("frame_head.html")?,
        top => part("frame_top.html")?,
        foot => part("frame_foot.html")?,
        card_top => part("frame_card_top.html")?,
        card_foot => part("frame_card_foot.html")?,
    })
}

/// Writes a value into HTML. Other than minijinja's own way it leaves `/` alone, so that addresses stay readable, and
/// refuses an absent value, which would read `None`.
fn write_html(out: &mut Output<'_>, state: &mut State<'_, '_>, value: &Value) -> Result<(), Error> {
    match value.as_str() {
        Some(text) if value.is_safe() => Ok(out.write_str(text)?),
        Some(text) => escape(out, text),
        None if value.is_none() => Err(Error::new(ErrorKind::InvalidOperation, "an absent value was to be printed")),
        None => escape_formatter(out, state, value),
    }
}

fn escape(out: &mut Output<'_>, text: &str) -> Result<(), Error> {
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'&' | b'<' | b'>' | b'"' | b'\'')) {
        out.write_str(&rest[..at])?;
        out.write_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' => "&quot;",
            _ => "&#39;",
        })?;
        rest = &rest[at + 1..];
    }
    Ok(out.write_str(rest)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_editors_write_cannot_become_markup() {
        let mut env = Environment::new();
        env.set_formatter(write_html);
        let show =
            |value: Value| env.render_named_str("x.html", "<a href=\"{{ v }}\">", minijinja::context! { v => value });
        assert_eq!(show(Value::from("/a/?b=1&c=\"'<>")).unwrap(), "<a href=\"/a/?b=1&amp;c=&quot;&#39;&lt;&gt;\">");
        assert_eq!(show(Value::from_safe_string("<i>".into())).unwrap(), "<a href=\"<i>\">");
        assert_eq!(show(Value::from(7)).unwrap(), "<a href=\"7\">");
        assert!(show(Value::from(())).is_err(), "an absent value");
    }
}
