//! Lists of policies, complete without script: `/policies/`, `/theme/<id>/`, … each in pages, and `/theme/`, … of all
//! values.

use serde::Serialize;
use yima_model::record::Department;
use yima_search::shelf::WHOLE_CITY;

use super::meta::{Alternate, Column, Head};
use super::stencil::{Inserted, Safe};
use super::view::{Day, Link, Named, ValidityView};
use super::{PageRecipe, Renderer};
use crate::city::PolicyIx;
use crate::listing::{Facet, Shelf};
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
}

#[derive(Serialize)]
struct RowView<'a> {
    /// Of its heading.
    level: u8,
    row: Row<'a>,
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
        })
    }
}

/// The pages of a list, numbered from the end where nothing comes any more: a page that is full stays as it is, and a
/// new record changes one page and not all.
#[derive(Clone, Copy)]
pub(super) struct Pages {
    rows: usize,
    size: usize,
    count: usize,
    /// Whether the newest rows come first, on the page without a number, which is up to twice as long.
    newest_first: bool,
}

impl Pages {
    /// Of a list that has its newest rows first.
    pub(super) fn newest_first(rows: usize, size: usize) -> Self {
        let size = size.max(1);
        Self { rows, size, count: (rows / size).max(1), newest_first: true }
    }

    /// Of a list to whose end new rows come.
    pub(super) fn in_order(rows: usize, size: usize) -> Self {
        let size = size.max(1);
        Self { rows, size, count: rows.div_ceil(size).max(1), newest_first: false }
    }

    /// Numbers of the pages.
    pub(super) const fn numbers(self) -> std::ops::RangeInclusive<usize> {
        1..=self.count
    }

    /// Whether it is the page that the list begins with.
    pub(super) const fn is_first(self, page: usize) -> bool {
        if self.newest_first { page >= self.count } else { page <= 1 }
    }

    /// `/theme/x/` for the page that the list begins with, `/theme/x/page/2/` for page 2.
    pub(super) fn address(self, base: &str, page: usize) -> String {
        if self.is_first(page) { base.to_owned() } else { format!("{base}page/{page}/") }
    }

    /// The rows that stand on a page.
    pub(super) fn slice<T>(self, rows: &[T], page: usize) -> &[T] {
        let rows = rows.get(..self.rows).unwrap_or(rows);
        if !self.newest_first {
            return rows.chunks(self.size).nth(page.saturating_sub(1)).unwrap_or_default();
        }
        let start = rows.len().saturating_sub(page * self.size);
        if self.is_first(page) {
            let end = rows.len().saturating_sub((self.count - 1) * self.size);
            return rows.get(..end).unwrap_or_default();
        }
        rows.get(start..start + self.size).unwrap_or_default()
    }

    /// What a page says of the others.
    pub(super) fn pager(self, base: &str, page: usize) -> Pager {
        let (before, after) = if self.newest_first { (page + 1, page - 1) } else { (page - 1, page + 1) };
        let there = |other: usize| self.numbers().contains(&other).then(|| self.address(base, other));
        let last = if self.newest_first { 1 } else { self.count };
        Pager {
            page,
            is_first: self.is_first(page),
            newest_first: self.newest_first,
            pages: self.count,
            previous: there(before),
            next: there(after),
            first: (!self.is_first(page) && !self.is_first(before)).then(|| base.to_owned()),
            last: (page != last && after != last).then(|| self.address(base, last)),
        }
    }
}

/// Where a page stands among the pages of its list.
#[derive(Serialize)]
pub(super) struct Pager {
    page: usize,
    is_first: bool,
    newest_first: bool,
    /// Only for the first page to say: the others would change with every new one.
    pages: usize,
    previous: Option<String>,
    next: Option<String>,
    first: Option<String>,
    last: Option<String>,
}

/// Adds every list page of every facet, `/policies/` and the questions by theme.
pub(super) fn plan(site: &Renderer<'_>, plan: &mut Vec<(String, PageRecipe)>) {
    let size = site.city.settings.page_size;
    let mut add = |base: String, pages: Pages, recipe: &dyn Fn(u32) -> PageRecipe| {
        for page in pages.numbers() {
            let number = u32::try_from(page).unwrap_or(u32::MAX);
            plan.push((pages.address(&base, page), recipe(number)));
        }
    };
    add("policies/".to_owned(), Pages::newest_first(site.shelves.all.len(), size), &PageRecipe::Policies);
    for facet in Facet::ALL {
        add(format!("{}/", facet.id()), Pages::in_order(0, size), &|_| PageRecipe::Values(facet));
        for (value, shelf) in (0..).zip(site.shelves.of(facet)) {
            let base = format!("{}/{}/", facet.id(), shelf.id);
            let pages = Pages::newest_first(shelf.listed().len(), size);
            add(base, pages, &|page| PageRecipe::List { facet, value, page });
        }
    }
    for (theme, (term, questions)) in (0..).zip(site.city.tables.themes.iter().zip(&site.shelves.questions)) {
        let base = format!("questions/{}/", term.id);
        add(base, Pages::in_order(questions.len(), size), &|page| PageRecipe::QuestionTheme { theme, page });
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
    /// Where the policies of the whole city stand that apply too.
    citywide: Option<String>,
    /// How many they are; only for the first page to say.
    besides: usize,
    rows: Inserted,
    pager: Pager,
    siblings: Safe<'a>,
    feed: String,
    office: Option<Office<'a>>,
    questions: usize,
}

/// The values of a facet, for the page of one of them.
#[derive(Serialize)]
struct Siblings<'a> {
    facet: &'static str,
    siblings: Vec<Sibling<'a>>,
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
    let summary = "本站收录的全部政策文件，按发布日期从新到旧排列。";
    let everything = Shelf::named("全部政策", summary, live);
    show(site, None, &everything, &site.shelves.all, page)
}

/// `/theme/<id>/` and its like.
pub(super) fn list(site: &Renderer<'_>, facet: Facet, shelf: &Shelf, page: usize) -> Result<String, RenderError> {
    show(site, Some(facet), shelf, shelf.listed(), page)
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
    let pages = Pages::newest_first(rows.len(), city.settings.page_size);
    let first = pages.is_first(page);
    let mut crumbs = vec![Link::new("/", "首页")];
    if let Some(facet) = facet {
        crumbs.push(Link::new(format!("/{}/", facet.id()), facet.zh()));
    }
    let path = pages.address(&base, page);
    let title = match first {
        true => format!("{}政策", shelf.name.trim_end_matches("政策")),
        false => format!("{}政策（第{page}页）", shelf.name.trim_end_matches("政策")),
    };
    let head = Head {
        title,
        // What is counted stands on the first page alone: the others stay as they are.
        description: match (&shelf.summary, first) {
            (Some(summary), true) => format!("{summary}共{}件政策文件。", rows.len()),
            (None, true) => format!("{}，共{}件政策文件。", shelf.name, rows.len()),
            (Some(summary), false) => format!("{summary}第{page}页，第1页最早。"),
            (None, false) => format!("{}政策文件，第{page}页，第1页最早。", shelf.name),
        },
        structured: site.graph(&crumbs, &shelf.name, &path).text(),
        path,
        column: Column { name: &shelf.name, kind: "政策文件" },
        article: None,
        alternates: vec![Alternate::feed(feed.clone(), format!("{} 更新", shelf.name))],
        hidden: false,
    };
    let siblings = match facet {
        Some(facet) => siblings(site, facet, shelf)?,
        None => "",
    };
    let unit = city.tables.departments.iter().find(|unit| facet == Some(Facet::Department) && unit.id == shelf.id);
    let questions = match facet {
        Some(Facet::Theme) if first => {
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
        citywide: (shelf.besides() > 0).then(|| format!("/{}/{WHOLE_CITY}/", Facet::District.id())),
        besides: if first { shelf.besides() } else { 0 },
        rows: Inserted,
        pager: pages.pager(&base, page),
        siblings: siblings.into(),
        feed,
        office: unit.map(Office::of),
        questions,
    };
    let rows = rows_of(site, pages.slice(rows, page))?;
    site.show_with("list.html", &head, &crumbs, None, view, &rows)
}

/// The other values of a facet beside a value: the same on all pages of its list, and so made once.
fn siblings<'s>(site: &'s Renderer<'_>, facet: Facet, shelf: &Shelf) -> Result<&'s str, RenderError> {
    let all = site.shelves.of(facet);
    let place = all.iter().position(|other| other.id == shelf.id).unwrap_or_default();
    let Some(cell) = site.siblings.get(&facet).and_then(|cells| cells.get(place)) else { return Ok("") };
    if let Some(html) = cell.get() {
        return Ok(html);
    }
    let siblings = all.iter().map(|s| Sibling { id: &s.id, name: &s.name, here: s.id == shelf.id }).collect();
    let html = site.part("siblings.html", &Siblings { facet: facet.id(), siblings })?;
    Ok(cell.get_or_init(|| html.into()))
}

/// The rows of a list. A policy stands on a dozen lists and looks the same on all of them: each row is made once.
fn rows_of(site: &Renderer<'_>, policies: &[PolicyIx]) -> Result<String, RenderError> {
    let mut html = String::with_capacity(1024 * policies.len());
    for &ix in policies {
        let Some(cell) = site.rows.get(ix) else { continue };
        match cell.get() {
            Some(row) => html.push_str(row),
            None => {
                let Some(row) = Row::of(site, ix) else { continue };
                let row = site.part("row.html", &RowView { level: 2, row })?;
                html.push_str(cell.get_or_init(|| row.into()));
            }
        }
    }
    Ok(html)
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
            total: shelf.listed().len(),
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
