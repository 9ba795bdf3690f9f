//! The templates, and what all of them know.

use minijinja::syntax::SyntaxConfig;
use serde::Serialize;

use super::security;
use super::stencil::{Fault, Safe, Stencils, Tree};
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

pub(super) const TEMPLATES: [(&str, &str); 43] = templates![
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
    "siblings.html",
    "speak.html",
    "stage.html",
    "standing.html",
    "tombstone.html",
    "validity.html",
    "values.html",
];

/// What a page shows, by name.
const PAGE: &[&str] = &["head", "crumbs", "code", "qr", "page"];

/// The templates that are shown, each with the names of what it shows.
const SHOWN: [(&str, &[&str]); 19] = [
    ("404.html", PAGE),
    ("about.html", PAGE),
    ("ask.html", PAGE),
    ("card.html", PAGE),
    ("card_part.html", PAGE),
    ("favourites.html", PAGE),
    ("home.html", PAGE),
    ("lifecycle.html", PAGE),
    ("list.html", PAGE),
    ("offline.html", PAGE),
    ("policy.html", PAGE),
    ("question.html", PAGE),
    ("question_theme.html", PAGE),
    ("questions.html", PAGE),
    ("row.html", &["level", "row"]),
    ("search.html", PAGE),
    ("siblings.html", &["facet", "siblings"]),
    ("tombstone.html", PAGE),
    ("values.html", PAGE),
];

/// What is the same on every page of the site, shown once.
const FRAME: [(&str, &[&str]); 5] = [
    ("frame_head.html", &[]),
    ("frame_top.html", &[]),
    ("frame_foot.html", &[]),
    ("frame_card_top.html", &[]),
    ("frame_card_foot.html", &[]),
];

/// What every template knows.
#[derive(Serialize)]
struct Globals<'a> {
    site: Site<'a>,
    files: Files,
    csp: Safe<'static>,
    card_csp: Safe<'static>,
    card_style: Safe<'static>,
    frame: Option<Frame>,
}

#[derive(Serialize)]
struct Frame {
    head: Safe<'static>,
    top: Safe<'static>,
    foot: Safe<'static>,
    card_top: Safe<'static>,
    card_foot: Safe<'static>,
}

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

/// How templates are written: what a line of nothing but a statement leaves behind is nothing.
pub(super) fn syntax() -> Result<SyntaxConfig, Fault> {
    SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(|error| format!("{error:#}"))
}

/// All templates, with what they know about the site.
pub(super) fn stencils(city: &City, assets: &Assets) -> Result<Stencils, RenderError> {
    ready(city, assets).map_err(|why| RenderError { what: "templates".to_owned(), why })
}

fn ready(city: &City, assets: &Assets) -> Result<Stencils, Fault> {
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
    let mut globals = Globals {
        site,
        files,
        csp: content_security_policy(&[]).into(),
        card_csp: security::card_policy(assets).into(),
        card_style: security::card_style(assets).into(),
        frame: None,
    };
    let frame = Stencils::new(&TEMPLATES, Tree::of(&globals, 8192, "")?, &FRAME)?;
    let part = |name: &str| Ok::<_, Fault>(Safe::from(frame.show(name, &(), 0, "")?.trim_end().to_owned()));
    globals.frame = Some(Frame {
        head: part("frame_head.html")?,
        top: part("frame_top.html")?,
        foot: part("frame_foot.html")?,
        card_top: part("frame_card_top.html")?,
        card_foot: part("frame_card_foot.html")?,
    });
    Stencils::new(&TEMPLATES, Tree::of(&globals, 8192, "")?, &SHOWN)
}
