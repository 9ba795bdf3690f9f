//! Pages that every city has once: search, favourites, ask, offline, about, and the page for a wrong address.

use serde::Serialize;
use serde_json::json;

use super::lists::{self, Group};
use super::meta::{Column, Head};
use super::questions::{self, ThemeCount};
use super::view::Named;
use super::{Renderer, home, words};
use crate::listing::Facet;
use crate::site::RenderError;

/// Title, description and address of a fixed page.
struct Plate {
    title: &'static str,
    description: String,
    path: &'static str,
    hidden: bool,
}

fn show<T: Serialize>(
    site: &Renderer<'_>,
    template: &'static str,
    plate: Plate,
    view: T,
) -> Result<String, RenderError> {
    let crumbs = home::crumbs();
    let head = Head {
        title: plate.title.to_owned(),
        description: plate.description,
        structured: site.graph(&crumbs, plate.title, plate.path).text(),
        path: plate.path.to_owned(),
        column: Column { name: plate.title, kind: "便民服务" },
        article: None,
        alternates: Vec::new(),
        hidden: plate.hidden,
    };
    site.show(template, &head, &crumbs, None, view)
}

/// All values of one facet.
#[derive(Serialize)]
struct FacetView<'a> {
    facet: Named<'static>,
    groups: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct SearchView<'a> {
    /// Whether the app was built: only then do its scripts stand on the page.
    app: bool,
    total: String,
    facets: Vec<FacetView<'a>>,
}

/// `/search/`
pub(super) fn search(site: &Renderer<'_>) -> Result<String, RenderError> {
    let facet = |facet: Facet| FacetView {
        facet: Named { id: facet.id(), name: facet.zh() },
        groups: lists::groups(site, facet),
    };
    let view = SearchView {
        app: site.assets.app.is_some(),
        total: words::count(site.city.policies.len()),
        facets: Facet::ALL.into_iter().map(facet).collect(),
    };
    let description = format!("在{}件政策文件中按关键词、主题、部门、对象、区市查找。", view.total);
    show(site, "search.html", Plate { title: "查政策", description, path: "/search/", hidden: false }, view)
}

#[derive(Serialize)]
struct AppView {
    app: bool,
}

/// `/favourites/`
pub(super) fn favourites(site: &Renderer<'_>) -> Result<String, RenderError> {
    let view = AppView { app: site.assets.app.is_some() };
    let description = "收藏在这台设备上的政策。".to_owned();
    show(site, "favourites.html", Plate { title: "我的收藏", description, path: "/favourites/", hidden: true }, view)
}

#[derive(Serialize)]
struct AskView<'a> {
    app: bool,
    themes: Vec<ThemeCount<'a>>,
    offices: Vec<Office<'a>>,
}

#[derive(Serialize)]
struct Office<'a> {
    id: &'a str,
    name: &'a str,
    phone: &'a str,
    hours: Option<&'a str>,
    duties: Option<&'a str>,
}

/// `/ask/`
pub(super) fn ask(site: &Renderer<'_>) -> Result<String, RenderError> {
    let offices = site.city.tables.departments.iter().filter_map(|unit| {
        Some(Office {
            id: &unit.id,
            name: &unit.name,
            phone: unit.phone.as_deref()?,
            hours: unit.hours.as_deref(),
            duties: unit.duties.as_deref(),
        })
    });
    let view =
        AskView { app: site.assets.app.is_some(), themes: questions::theme_counts(site), offices: offices.collect() };
    let description = "政策问题怎么问：先看审核过的问答，再打责任部门或者热线电话。".to_owned();
    show(site, "ask.html", Plate { title: "问政策", description, path: "/ask/", hidden: false }, view)
}

/// `/offline/`
pub(super) fn offline(site: &Renderer<'_>) -> Result<String, RenderError> {
    let description = "把网站存到这台设备上，没有网络也能看。".to_owned();
    let view = AppView { app: site.assets.worker.is_some() };
    show(site, "offline.html", Plate { title: "离线使用", description, path: "/offline/", hidden: true }, view)
}

#[derive(Serialize)]
struct AboutView {
    policies: String,
    live: String,
    questions: String,
    codes: String,
}

/// `/about/`
pub(super) fn about(site: &Renderer<'_>) -> Result<String, RenderError> {
    let city = site.city;
    let view = AboutView {
        policies: words::count(city.policies.len()),
        live: words::count(city.policies.iter().filter(|entry| entry.validity.is_live()).count()),
        questions: words::count(city.questions.len()),
        codes: words::count(city.codes.by_code.len() + city.codes.withdrawn.len()),
    };
    let description = format!("{}是什么、数据从哪里来、哪些事它做不到。", city.settings.title);
    show(site, "about.html", Plate { title: "关于本站", description, path: "/about/", hidden: false }, view)
}

/// `404.html`
pub(super) fn not_found(site: &Renderer<'_>) -> Result<String, RenderError> {
    let description = "没有找到这个网页。".to_owned();
    show(site, "404.html", Plate { title: "没有找到这个网页", description, path: "/404.html", hidden: true }, ())
}

/// `manifest.webmanifest`: name and icons of the installed site (W3C Web Application Manifest).
pub(super) fn manifest(site: &Renderer<'_>) -> String {
    let settings = &site.city.settings;
    let png = |file: &str, size: u16, purpose: &str| {
        json!({ "src": format!("/icons/{file}.png"), "sizes": format!("{size}x{size}"), "type": "image/png",
                "purpose": purpose })
    };
    let shortcut = |name: &str, url: &str| json!({ "name": name, "url": url, "icons": [png("icon-192", 192, "any")] });
    let manifest = json!({
        "id": "/", "start_url": "/", "scope": "/", "display": "standalone", "lang": "zh-CN", "dir": "ltr",
        "name": settings.title, "short_name": settings.short_title, "description": settings.description,
        "background_color": "#ffffff", "theme_color": "#0f4c5c",
        "shortcuts": [
            shortcut("查政策", "/search/"), shortcut("问政策", "/ask/"), shortcut("我的收藏", "/favourites/"),
            shortcut("离线使用", "/offline/"),
        ],
        "icons": [
            json!({ "src": "/favicon.svg", "sizes": "any", "type": "image/svg+xml", "purpose": "any" }),
            png("icon-192", 192, "any"), png("icon-512", 512, "any"), png("icon-maskable-512", 512, "maskable"),
        ],
    });
    manifest.to_string()
}
