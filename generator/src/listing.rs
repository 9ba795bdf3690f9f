//! Which policies stand on which list: computed once per build; pages, data and feeds follow it.
//!
//! In a district its own policies apply and those of the whole city; [`is_citywide`] tells them apart. Data and feeds of a
//! district have both. Its pages list its own, which would be lost among the others, and lead to the list that all
//! districts share: [`WHOLE_CITY`] is a shelf beside them.

use std::collections::BTreeMap;

use yima_model::Validity;
use yima_model::record::{Policy, Term};
use yima_search::shelf::WHOLE_CITY;

use crate::city::{City, PolicyIx, QuestionIx};

/// A way to divide the policies; every value of it has a list of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Facet {
    /// 主题
    Theme,
    /// 部门
    Department,
    /// 区市
    District,
    /// 对象
    Audience,
    /// 行业
    Sector,
    /// 体裁
    Genre,
    /// 年份 of publication
    Year,
    /// 有效性 on the build date
    Validity,
}

impl Facet {
    /// All of them, in the order pages list them.
    pub const ALL: [Self; 8] = [
        Self::Theme,
        Self::Department,
        Self::Audience,
        Self::District,
        Self::Sector,
        Self::Genre,
        Self::Year,
        Self::Validity,
    ];

    /// The first part of the address.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Theme => "theme",
            Self::Department => "department",
            Self::District => "district",
            Self::Audience => "audience",
            Self::Sector => "sector",
            Self::Genre => "genre",
            Self::Year => "year",
            Self::Validity => "validity",
        }
    }

    /// The words on the page.
    #[must_use]
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Theme => "主题",
            Self::Department => "部门",
            Self::District => "区市",
            Self::Audience => "对象",
            Self::Sector => "行业",
            Self::Genre => "体裁",
            Self::Year => "年份",
            Self::Validity => "有效性",
        }
    }
}

/// One value of a facet and its policies, newest first.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// Id of the value.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The group it is listed under.
    pub group: Option<String>,
    /// One sentence about it.
    pub summary: Option<String>,
    /// Its policies, newest first.
    pub policies: Vec<PolicyIx>,
    /// Of a district, those that name it, where they are not all.
    own: Option<Vec<PolicyIx>>,
    /// How many of those that its pages list are in force on the build date.
    pub live: usize,
}

impl Shelf {
    /// A shelf of a name and a sentence, with so many policies in force, whose policies stand elsewhere.
    #[must_use]
    pub fn named(name: &str, summary: &str, live: usize) -> Self {
        let (name, summary) = (name.to_owned(), Some(summary.to_owned()));
        Self { id: String::new(), name, group: None, summary, policies: Vec::new(), own: None, live }
    }

    /// The policies that its pages list.
    #[must_use]
    pub fn listed(&self) -> &[PolicyIx] {
        self.own.as_ref().unwrap_or(&self.policies)
    }

    /// How many policies of the whole city apply besides.
    #[must_use]
    pub fn besides(&self) -> usize {
        self.policies.len() - self.listed().len()
    }
}

/// All lists of a city.
#[derive(Clone, Debug)]
pub struct Shelves {
    facets: BTreeMap<Facet, Vec<Shelf>>,
    /// Every policy, newest first.
    pub all: Vec<PolicyIx>,
    /// Questions by the place of their theme in the table, in id order.
    pub questions: Vec<Vec<QuestionIx>>,
}

impl Shelves {
    /// Puts every policy on its shelves.
    #[must_use]
    pub fn new(city: &City) -> Self {
        let mut all: Vec<PolicyIx> = (0..city.policies.len()).collect();
        // Policies stand in id order already: equal days keep it.
        all.sort_by_key(|&ix| std::cmp::Reverse(city.policies[ix].policy.published));
        let mut facets = BTreeMap::new();
        for facet in Facet::ALL {
            facets.insert(facet, fill(city, &all, facet));
        }
        let mut questions = vec![Vec::new(); city.tables.themes.len()];
        let themes = places(city.tables.themes.iter().map(|theme| theme.id.as_str()));
        for (ix, entry) in city.questions.iter().enumerate() {
            if let Some(&place) = themes.get(entry.question.theme.as_str()) {
                questions[place].push(ix);
            }
        }
        Self { facets, all, questions }
    }

    /// The shelves of a facet, in the order of its table.
    #[must_use]
    pub fn of(&self, facet: Facet) -> &[Shelf] {
        self.facets.get(&facet).map_or(&[], Vec::as_slice)
    }
}

fn places<'a>(ids: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, usize> {
    ids.enumerate().map(|(place, id)| (id, place)).collect()
}

fn fill(city: &City, all: &[PolicyIx], facet: Facet) -> Vec<Shelf> {
    let mut shelves = empty(city, facet);
    let index: BTreeMap<String, usize> =
        shelves.iter().enumerate().map(|(place, shelf)| (shelf.id.clone(), place)).collect();
    for &ix in all {
        let entry = &city.policies[ix];
        let mut put = |id: &str| {
            if let Some(shelf) = index.get(id).and_then(|&place| shelves.get_mut(place))
                && shelf.policies.last() != Some(&ix)
            {
                shelf.policies.push(ix);
            }
        };
        let policy = &entry.policy;
        match facet {
            Facet::Theme => policy.themes.iter().for_each(|id| put(id)),
            Facet::Department => policy.issuers().for_each(put),
            Facet::District if is_citywide(policy) => {
                put(WHOLE_CITY);
                city.tables.districts.iter().for_each(|term| put(&term.id));
            }
            Facet::District => policy.districts.iter().for_each(|id| put(id)),
            Facet::Audience => policy.audiences.iter().for_each(|id| put(id)),
            Facet::Sector => policy.sectors.iter().for_each(|id| put(id)),
            Facet::Genre => put(&policy.genre),
            Facet::Year => put(&policy.published.year().to_string()),
            Facet::Validity => put(entry.validity.id()),
        }
    }
    for shelf in &mut shelves {
        if facet == Facet::District && shelf.id != WHOLE_CITY {
            let own = shelf.policies.iter().copied().filter(|&ix| !is_citywide(&city.policies[ix].policy));
            shelf.own = Some(own.collect());
        }
        shelf.live = shelf.listed().iter().filter(|&&ix| city.policies[ix].validity.is_live()).count();
    }
    shelves
}

fn empty(city: &City, facet: Facet) -> Vec<Shelf> {
    let shelf = |id: &str, name: &str, group: Option<&String>, summary: Option<&String>| Shelf {
        id: id.to_owned(),
        name: name.to_owned(),
        group: group.cloned(),
        summary: summary.cloned(),
        policies: Vec::new(),
        own: None,
        live: 0,
    };
    let terms = |terms: &[Term]| {
        terms.iter().map(|term| shelf(&term.id, &term.name, term.group.as_ref(), term.summary.as_ref())).collect()
    };
    match facet {
        Facet::Theme => terms(&city.tables.themes),
        Facet::District if city.tables.districts.is_empty() => Vec::new(),
        Facet::District => {
            let summary = "没有限定区市的文件，在每个区市都适用。".to_owned();
            let mut districts = terms(&city.tables.districts);
            districts.insert(0, shelf(WHOLE_CITY, "全市", None, Some(&summary)));
            districts
        }
        Facet::Audience => terms(&city.tables.audiences),
        Facet::Sector => terms(&city.tables.sectors),
        Facet::Genre => terms(&city.tables.genres),
        Facet::Department => {
            city.tables.departments.iter().map(|unit| shelf(&unit.id, &unit.name, None, unit.duties.as_ref())).collect()
        }
        Facet::Year => {
            let years: std::collections::BTreeSet<i16> =
                city.policies.iter().map(|entry| entry.policy.published.year()).collect();
            years.iter().rev().map(|year| shelf(&year.to_string(), &format!("{year}年"), None, None)).collect()
        }
        Facet::Validity => Validity::ALL
            .into_iter()
            .map(|validity| shelf(validity.id(), validity.zh(), None, Some(&meaning(validity).to_owned())))
            .collect(),
    }
}

/// What a status means for the reader.
const fn meaning(validity: Validity) -> &'static str {
    match validity {
        Validity::InForce => "正在施行，可以照此办理。",
        Validity::Expiring => "仍然有效，但有效期的最后一天已经不远。",
        Validity::Amended => "仍然有效，但部分内容已被后来的文件修改，请对照修改文件阅读。",
        Validity::NotYet => "已经发布，还没有到施行日期。",
        Validity::Expired => "有效期已满，不再执行，留作查阅。",
        Validity::Repealed => "已被废止，不再执行，留作查阅。",
    }
}

/// Whether a policy names no district, which means that it applies in all of them.
#[must_use]
pub fn is_citywide(policy: &Policy) -> bool {
    policy.districts.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::demonstration;

    #[test]
    fn a_district_lists_its_own_and_counts_what_holds_in_the_whole_city() {
        let city = demonstration::project().city;
        let shelves = Shelves::new(&city);
        let (whole, districts) = shelves.of(Facet::District).split_first().unwrap();
        assert_eq!((whole.id.as_str(), whole.besides()), (WHOLE_CITY, 0));
        assert!(whole.listed().iter().all(|&ix| is_citywide(&city.policies[ix].policy)));
        assert_eq!(districts.len(), city.tables.districts.len());
        for shelf in districts {
            let names = |ix: &PolicyIx| city.policies[*ix].policy.districts.contains(&shelf.id);
            assert!(shelf.listed().iter().all(names), "{}", shelf.id);
            assert_eq!(shelf.listed().len(), shelf.policies.iter().filter(|ix| names(ix)).count(), "{}", shelf.id);
            assert_eq!(shelf.besides(), whole.policies.len(), "{}", shelf.id);
        }
    }
}
