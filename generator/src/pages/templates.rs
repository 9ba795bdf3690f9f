//! The templates, and what all of them know.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior, Value};
use serde::Serialize;

use super::listing::Facet;
use super::security;
use super::view::{Day, Named};
use crate::assets::Assets;
use crate::city::City;
use crate::site::RenderError;

/// Name and source of every template.
macro_rules! templates {
    ($($name:literal),* $(,)?) => { [$(($name, include_str!(concat!("../../templates/", $name)))),*] };
}

const TEMPLATES: [(&str, &str); 26] = templates![
    "base.html",
    "card_base.html",
    "validity.html",
    "row.html",
    "rows.html",
    "pager.html",
    "life.html",
    "benefit.html",
    "home.html",
    "policy.html",
    "lifecycle.html",
    "card.html",
    "card_part.html",
    "tombstone.html",
    "list.html",
    "values.html",
    "questions.html",
    "question_theme.html",
    "question.html",
    "facets.html",
    "search.html",
    "favourites.html",
    "ask.html",
    "offline.html",
    "about.html",
    "404.html",
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
    today: Day,
    facets: Vec<Named<'static>>,
}

/// Addresses of the static files that pages refer to.
#[derive(Serialize)]
struct Files {
    style: String,
    script: String,
    boot: String,
    app_script: Option<String>,
    app_module: Option<String>,
}

/// An environment with all templates and their globals. Autoescape follows the `.html` of the names.
pub(super) fn environment(city: &City, assets: &Assets) -> Result<Environment<'static>, RenderError> {
    let fault = |error: minijinja::Error| RenderError { what: "templates".to_owned(), why: format!("{error:#}") };
    let mut env = Environment::new();
    env.set_debug(false);
    env.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(fault)?;
    env.set_syntax(syntax);
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
        today: Day::new(city.today),
        facets: Facet::ALL.into_iter().map(|facet| Named { id: facet.id(), name: facet.zh() }).collect(),
    };
    env.add_global("site", Serde(site));
    let files = Files {
        style: assets.href("assets/site.css"),
        script: assets.href("assets/yima.js"),
        boot: assets.href("assets/boot.js"),
        app_script: assets.app.as_ref().map(|app| format!("/{}", app.script)),
        app_module: assets.app.as_ref().map(|app| format!("/{}", app.module)),
    };
    env.add_global("files", Serde(files));
    let style = squeeze(assets.text("assets/card.css").unwrap_or_default());
    env.add_global("csp", Value::from_safe_string(security::policy(None)));
    env.add_global("card_csp", Value::from_safe_string(security::policy(Some(&style))));
    env.add_global("card_style", Value::from_safe_string(style));
    Ok(env)
}

/// A style sheet without its comments, indentation and line ends, for the pages that carry it inside.
fn squeeze(css: &str) -> String {
    let mut squeezed = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        squeezed.extend(before.lines().map(str::trim));
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    squeezed.extend(rest.lines().map(str::trim));
    squeezed
}

#[cfg(test)]
mod tests {
    use super::squeeze;

    #[test]
    fn a_squeezed_style_means_the_same() {
        assert_eq!(squeeze("a{\n  b:c;\n}\n/* why\n */\nd > e{\n f:g h\n}\n"), "a{b:c;}d > e{f:g h}");
        assert_eq!(squeeze("/* open"), "");
    }
}
