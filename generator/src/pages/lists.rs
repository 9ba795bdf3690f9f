//! Lists of policies, complete without script: `/policies/`, `/theme/<id>/`, … each in pages, and `/theme/`, … of all
//! values.

use minijinja::value::Serde;
use serde::Serialize;
use yima_model::record::Department;

use super::meta::{Alternate, Column, Head};
use super::view::{Day, Link, Named, ValidityView};
use super::{PageRecipe, Renderer};
use crate::city::PolicyIx;
use crate::listing::{self, Facet, Shelf};
use crate::site::RenderError;

/// A policy on a list.
#[derive(Serialize)]
pub(super) struct Row<'a> {
    id: &'a str,
    title: &'a str,
    short: Option<&'a str>,
    summary: &'a str,
    number: Option<&'a str>,
    issuer: &'a str,
    published: Day,
    validity: ValidityView,
    /// Set on the list of a district, where policies of the whole city stand among its own.
    citywide: bool,
}

impl<'a> Row<'a> {
    pub(super) fn of(site: &'a Renderer<'_>, ix: PolicyIx) -> Option<Self> {
        let entry = site.city.policies.get(ix)?;
        let policy = &entry.policy;
        Some(Self {
            id: &policy.id,
            title: &policy.title,
            short: policy.short_title.as_deref(),
            summary: &policy.summary,
            number: policy.document_numbers.first().map(String::as_str),
            issuer: site.name(Facet::Department, &policy.issuer),
            published: Day::new(policy.published),
            validity: ValidityView::of(entry, site.city.settings.expiring_days),
            citywide: false,
        })
    }
}

/// Where a list stands among its pages.
#[derive(Serialize)]
pub(super) struct Pager {
    page: usize,
    pages: usize,
    previous: Option<String>,
    next: Option<String>,
    first: String,
    last: String,
}

impl Pager {
    pub(super) fn new(base: &str, page: usize, pages: usize) -> Self {
        Self {
            page,
            pages,
            previous: (page > 1).then(|| address(base, page - 1)),
            next: (page < pages).then(|| address(base, page + 1)),
            first: address(base, 1),
            last: address(base, pages),
        }
    }
}

/// `/theme/x/` for the first page, `/theme/x/page/2/` for the second.
pub(super) fn address(base: &str, page: usize) -> String {
    if page <= 1 { base.to_owned() } else { format!("{base}page/{page}/") }
}

/// The rows that stand on `page`.
pub(super) fn slice<T>(rows: &[T], page: usize, size: usize) -> &[T] {
    let size = size.max(1);
    rows.chunks(size).nth(page.saturating_sub(1)).unwrap_or_default()
}

/// Adds every list page of every facet, `/policies/` and the questions by theme.
pub(super) fn plan(site: &Renderer<'_>, plan: &mut Vec<(String, PageRecipe)>) {
    let size = site.city.settings.page_size;
    let mut add = |base: String, rows: usize, recipe: &dyn Fn(u32) -> PageRecipe| {
        for page in 1..=listing::pages(rows, size) {
            let number = u32::try_from(page).unwrap_or(u32::MAX);
            plan.push((address(&base, page), recipe(number)));
        }
    };
    add("policies/".to_owned(), site.shelves.all.len(), &PageRecipe::Policies);
    for facet in Facet::ALL {
        add(format!("{}/", facet.id()), 0, &|_| PageRecipe::Values(facet));
        for (value, shelf) in (0..).zip(site.shelves.of(facet)) {
            let base = format!("{}/{}/", facet.id(), shelf.id);
            add(base, shelf.policies.len(), &|page| PageRecipe::List { facet, value, page });
        }
    }
    for (theme, (term, questions)) in (0..).zip(site.city.tables.themes.iter().zip(&site.shelves.questions)) {
        let base = format!("questions/{}/", term.id);
        add(base, questions.len(), &|page| PageRecipe::QuestionTheme { theme, page });
    }
}

#[derive(Serialize)]
struct View<'a> {
    title: &'a str,
    facet: Option<Named<'static>>,
    id: &'a str,
    summary: Option<&'a str>,
    total: usize,
    live: usize,
    rows: minijinja::Value,
    pager: Pager,
    siblings: Vec<Sibling<'a>>,
    feed: String,
    office: Option<Office<'a>>,
    questions: usize,
}

/// Another value of the same facet.
#[derive(Serialize)]
struct Sibling<'a> {
    id: &'a str,
    name: &'a str,
    here: bool,
}

/// How to reach a department.
#[derive(Serialize)]
struct Office<'a> {
    phone: Option<&'a str>,
    hours: Option<&'a str>,
    address: Option<&'a str>,
    aliases: String,
}

impl<'a> Office<'a> {
    fn of(unit: &'a Department) -> Self {
        Self {
            phone: unit.phone.as_deref(),
            hours: unit.hours.as_deref(),
            address: unit.address.as_deref(),
            aliases: unit.aliases.join("、"),
        }
    }
}

/// `/policies/`
pub(super) fn all(site: &Renderer<'_>, page: usize) -> Result<String, RenderError> {
    let live = site.city.policies.iter().filter(|entry| entry.validity.is_live()).count();
    let everything = Shelf {
        id: String::new(),
        name: "全部政策".to_owned(),
        group: None,
        summary: Some("本站收录的全部政策文件，按发布日期从新到旧排列。".to_owned()),
        policies: Vec::new(),
        live,
    };
    show(site, None, &everything, &site.shelves.all, page)
}

/// `/theme/<id>/` and its like.
pub(super) fn list(site: &Renderer<'_>, facet: Facet, shelf: &Shelf, page: usize) -> Result<String, RenderError> {
    show(site, Some(facet), shelf, &shelf.policies, page)
}

fn show(
    site: &Renderer<'_>,
    facet: Option<Facet>,
    shelf: &Shelf,
    rows: &[PolicyIx],
    page: usize,
) -> Result<String, RenderError> {
    let city = site.city;
    let (base, feed) = match facet {
        Some(facet) => (format!("/{}/{}/", facet.id(), shelf.id), format!("/feeds/{}/{}.xml", facet.id(), shelf.id)),
        None => ("/policies/".to_owned(), "/feeds/policies.xml".to_owned()),
    };
    let pages = listing::pages(rows.len(), city.settings.page_size);
    let mut crumbs = vec![Link::new("/", "首页")];
    if let Some(facet) = facet {
        crumbs.push(Link::new(format!("/{}/", facet.id()), facet.zh()));
    }
    let path = address(&base, page);
    let title = match page {
        0 | 1 => format!("{}政策", shelf.name.trim_end_matches("政策")),
        _ => format!("{}政策（第{page}页）", shelf.name.trim_end_matches("政策")),
    };
    let head = Head {
        title,
        description: match &shelf.summary {
            Some(summary) => format!("{summary}共{}件政策文件。", rows.len()),
            None => format!("{}，共{}件政策文件。", shelf.name, rows.len()),
        },
        structured: site.graph(&crumbs, &shelf.name, &path).text(),
        path,
        column: Column { name: &shelf.name, kind: "政策文件" },
        article: None,
        alternates: vec![Alternate::feed(feed.clone(), format!("{} 更新", shelf.name))],
        hidden: false,
    };
    let siblings = facet.map_or(&[][..], |facet| site.shelves.of(facet));
    let unit = city.tables.departments.iter().find(|unit| facet == Some(Facet::Department) && unit.id == shelf.id);
    let questions = match facet {
        Some(Facet::Theme) => {
            let place = city.tables.themes.iter().position(|theme| theme.id == shelf.id);
            place.and_then(|place| site.shelves.questions.get(place)).map_or(0, Vec::len)
        }
        _ => 0,
    };
    let view = View {
        title: &shelf.name,
        facet: facet.map(|facet| Named { id: facet.id(), name: facet.zh() }),
        id: &shelf.id,
        summary: shelf.summary.as_deref(),
        total: rows.len(),
        live: shelf.live,
        rows: rows_of(site, facet, slice(rows, page, city.settings.page_size))?,
        pager: Pager::new(&base, page, pages),
        siblings: siblings.iter().map(|s| Sibling { id: &s.id, name: &s.name, here: s.id == shelf.id }).collect(),
        feed,
        office: unit.map(Office::of),
        questions,
    };
    site.show("list.html", &head, &crumbs, None, view)
}

/// The rows of a list. A policy stands on sixteen lists and looks the same on all of them: each row is made once.
fn rows_of(site: &Renderer<'_>, facet: Option<Facet>, policies: &[PolicyIx]) -> Result<minijinja::Value, RenderError> {
    let mut html = String::with_capacity(1024 * policies.len());
    for &ix in policies {
        let Some(cells) = site.rows.get(ix) else { continue };
        let citywide = facet == Some(Facet::District) && listing::is_citywide(&site.city.policies[ix].policy);
        let cell = &cells[usize::from(citywide)];
        match cell.get() {
            Some(row) => html.push_str(row),
            None => {
                let Some(row) = Row::of(site, ix) else { continue };
                let row = Row { citywide, ..row };
                let row = site.part("row.html", minijinja::context! { level => 2, row => Serde(row) })?;
                html.push_str(cell.get_or_init(|| row.into()));
            }
        }
    }
    Ok(minijinja::Value::from_safe_string(html))
}

/// Values of one facet, under the name of their group where they have one.
#[derive(Serialize)]
pub(super) struct Group<'a> {
    name: Option<&'a str>,
    values: Vec<Value<'a>>,
}

#[derive(Serialize)]
struct Value<'a> {
    id: &'a str,
    name: &'a str,
    summary: Option<&'a str>,
    total: usize,
    live: usize,
}

/// The values of a facet, grouped in the order of the table.
pub(super) fn groups<'a>(site: &'a Renderer<'_>, facet: Facet) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for shelf in site.shelves.of(facet) {
        let value = Value {
            id: &shelf.id,
            name: &shelf.name,
            summary: shelf.summary.as_deref(),
            total: shelf.policies.len(),
            live: shelf.live,
        };
        let name = shelf.group.as_deref();
        match groups.iter_mut().find(|group| group.name == name) {
            Some(group) => group.values.push(value),
            None => groups.push(Group { name, values: vec![value] }),
        }
    }
    groups
}

#[derive(Serialize)]
struct ValuesView<'a> {
    facet: Named<'static>,
    groups: Vec<Group<'a>>,
}

/// `/theme/` and its like.
pub(super) fn values(site: &Renderer<'_>, facet: Facet) -> Result<String, RenderError> {
    let crumbs = [Link::new("/", "首页")];
    let path = format!("/{}/", facet.id());
    let head = Head {
        title: format!("按{}找政策", facet.zh()),
        description: format!("{}的政策文件按{}分列。", site.city.settings.city, facet.zh()),
        structured: site.graph(&crumbs, facet.zh(), &path).text(),
        path,
        column: Column { name: facet.zh(), kind: "政策文件" },
        article: None,
        alternates: Vec::new(),
        hidden: false,
    };
    let view = ValuesView { facet: Named { id: facet.id(), name: facet.zh() }, groups: groups(site, facet) };
    site.show("values.html", &head, &crumbs, None, view)
}
