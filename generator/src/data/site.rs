//! `data/site.json`, `data/tables.json`, and `data/index.json`, where a program that knows only the host begins.

use serde::Serialize;
use yima_model::record::{Department, SiteSettings};

use super::schema::Schema;
use crate::City;
use crate::address::{Absolute, Address};
use crate::listing::{Facet, Shelf, Shelves};

/// `data/site.json`
#[derive(Serialize)]
pub(super) struct SiteView<'a> {
    title: &'a str,
    short_title: &'a str,
    description: &'a str,
    city: &'a str,
    host: &'a str,
    url: Absolute<'a>,
    identifier: &'a str,
    operator: &'a str,
    hotline: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
    expiring_days: u16,
    time_zone: &'static str,
    generator: Generator,
    counts: Counts,
}

#[derive(Serialize)]
struct Generator {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Counts {
    policies: usize,
    live_policies: usize,
    questions: usize,
    codes: usize,
    withdrawn_codes: usize,
    departments: usize,
}

pub(super) fn site(city: &City) -> SiteView<'_> {
    let settings: &SiteSettings = &city.settings;
    SiteView {
        title: &settings.title,
        short_title: &settings.short_title,
        description: &settings.description,
        city: &settings.city,
        host: &settings.host,
        url: Address::Home.absolute(&settings.host),
        identifier: &settings.identifier,
        operator: &settings.operator,
        hotline: &settings.hotline,
        phone: settings.phone.as_deref(),
        email: settings.email.as_deref(),
        address: settings.address.as_deref(),
        expiring_days: settings.expiring_days,
        time_zone: "Asia/Shanghai",
        generator: Generator { name: "Yima", version: env!("CARGO_PKG_VERSION") },
        counts: Counts {
            policies: city.policies.len(),
            live_policies: city.policies.iter().filter(|entry| entry.validity.is_live()).count(),
            questions: city.questions.len(),
            codes: city.codes.by_code.len(),
            withdrawn_codes: city.codes.withdrawn.len(),
            departments: city.tables.departments.len(),
        },
    }
}

/// `data/tables.json`
#[derive(Serialize)]
pub(super) struct TablesView<'a> {
    tables: Vec<Table<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    id: &'static str,
    name: &'static str,
    url: Absolute<'a>,
    values: Vec<Value<'a>>,
}

#[derive(Serialize)]
struct Value<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<&'a str>,
    url: Absolute<'a>,
    data_url: Absolute<'a>,
    feed_url: Absolute<'a>,
    policies: usize,
    live_policies: usize,
    #[serde(flatten)]
    office: Option<Office<'a>>,
}

/// What a department has and other values have not.
#[derive(Serialize)]
struct Office<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    short_name: Option<&'a str>,
    aliases: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<&'a str>,
}

impl<'a> Office<'a> {
    fn of(unit: &'a Department) -> Self {
        Self {
            short_name: unit.short_name.as_deref(),
            aliases: &unit.aliases,
            code: unit.code.as_deref(),
            prefix: unit.prefix.as_deref(),
            phone: unit.phone.as_deref(),
            hours: unit.hours.as_deref(),
            address: unit.address.as_deref(),
        }
    }
}

pub(super) fn tables<'a>(city: &'a City, shelves: &'a Shelves) -> TablesView<'a> {
    let host = &city.settings.host;
    let value = |facet: Facet, place: usize, shelf: &'a Shelf| Value {
        id: &shelf.id,
        name: &shelf.name,
        group: shelf.group.as_deref(),
        summary: shelf.summary.as_deref(),
        url: Address::List(facet, &shelf.id, 1).absolute(host),
        data_url: Address::ListData(facet, &shelf.id).absolute(host),
        feed_url: Address::ListFeed(facet, &shelf.id).absolute(host),
        policies: shelf.policies.len(),
        live_policies: shelf.policies.iter().filter(|&&ix| city.policies[ix].validity.is_live()).count(),
        // The shelves of a facet stand in the order of its table.
        office: if facet == Facet::Department { city.tables.departments.get(place).map(Office::of) } else { None },
    };
    let table = |facet: Facet| Table {
        id: facet.id(),
        name: facet.zh(),
        url: Address::Values(facet).absolute(host),
        values: shelves.of(facet).iter().enumerate().map(|(place, shelf)| value(facet, place, shelf)).collect(),
    };
    TablesView { tables: Facet::ALL.into_iter().map(table).collect() }
}

/// `data/index.json`
#[derive(Serialize)]
pub(super) struct IndexView<'a> {
    title: &'a str,
    files: Vec<Listed<'a>>,
    templates: Vec<Template>,
}

/// A file of data or a feed.
#[derive(Serialize)]
struct Listed<'a> {
    url: Absolute<'a>,
    title: String,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<Absolute<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entries: Option<usize>,
}

/// Files too many to name one by one: a URI template (RFC 6570, level 1) and where the values come from.
#[derive(Serialize)]
struct Template {
    template: String,
    title: &'static str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    schema: Option<String>,
    entries: usize,
}

const JSON: &str = "application/json";
const ATOM: &str = "application/atom+xml";
const SCHEMA: &str = "application/schema+json";

pub(super) fn index<'a>(city: &'a City, shelves: &'a Shelves) -> IndexView<'a> {
    let host: &'a str = &city.settings.host;
    let json = |address: Address<'a>, title: &str, schema: Schema, entries| Listed {
        url: address.absolute(host),
        title: title.to_owned(),
        r#type: JSON,
        schema: Some(Address::Schema(schema.name()).absolute(host)),
        entries,
    };
    let plain = |address: Address<'a>, title: &str, r#type, entries| Listed {
        url: address.absolute(host),
        title: title.to_owned(),
        r#type,
        schema: None,
        entries,
    };
    let codes = city.codes.by_code.len() + city.codes.withdrawn.len();
    let mut files = vec![
        json(Address::Data("site.json"), "站点", Schema::Site, None),
        json(Address::Data("tables.json"), "受控词表", Schema::Tables, None),
        json(Address::Data("policies.json"), "全部政策", Schema::List, Some(city.policies.len())),
        plain(Address::Data("codes.csv"), "一码台账", "text/csv", Some(codes)),
        plain(Address::Feed("policies.xml"), "最新政策", ATOM, None),
        plain(Address::Feed("changes.xml"), "最近变动的政策", ATOM, None),
        plain(Address::Feed("questions.xml"), "最近核对的问答", ATOM, None),
        plain(Address::Feed("deadlines.ics"), "申报窗口、征集截止和到期日历", "text/calendar", None),
    ];
    for facet in Facet::ALL {
        for shelf in shelves.of(facet) {
            let title = format!("{}：{}", facet.zh(), shelf.name);
            let entries = Some(shelf.policies.len());
            files.push(json(Address::ListData(facet, &shelf.id), &title, Schema::List, entries));
            files.push(plain(Address::ListFeed(facet, &shelf.id), &title, ATOM, None));
        }
    }
    for (theme, questions) in city.tables.themes.iter().zip(&shelves.questions) {
        let title = format!("问答：{}", theme.name);
        files.push(json(Address::QuestionData(&theme.id), &title, Schema::Questions, Some(questions.len())));
    }
    for schema in Schema::ALL {
        files.push(plain(Address::Schema(schema.name()), schema.zh(), SCHEMA, None));
    }
    let template = Template {
        template: Address::PolicyData("{id}").absolute(host).to_string(),
        title: "一份政策的全部公开信息；id 见全部政策",
        r#type: JSON,
        schema: Some(Address::Schema(Schema::Policy.name()).absolute(host).to_string()),
        entries: city.policies.len(),
    };
    IndexView { title: &city.settings.title, files, templates: vec![template] }
}
