//! One query, one address, whatever stands in the address.

use super::*;
use proptest::prelude::*;

fn queries() -> impl Strategy<Value = Query> {
    let choice = (0..Facet::ALL.len(), "[a-z0-9-]{1,8}", 0..Validity::ALL.len());
    let choices = proptest::collection::vec(choice, 0..12);
    (any::<String>(), 0..Sort::ALL.len(), any::<bool>(), choices).prop_map(|(text, sort, live, choices)| {
        let mut query = Query::default();
        query.set_text(&text);
        query.set_sort(Sort::ALL[sort]);
        query.set_live_only(live);
        for (facet, id, validity) in choices {
            match Facet::ALL[facet] {
                Facet::Validity => query.toggle(Facet::Validity, Validity::ALL[validity].id()),
                facet => query.toggle(facet, &id),
            }
        }
        query
    })
}

proptest! {
    #[test]
    fn an_address_leads_back_to_its_query(query in queries()) {
        let string = query.to_query_string();
        prop_assert!(string.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert_eq!(&Query::from_query_string(&string), &query);
        prop_assert_eq!(&Query::from_query_string(&format!("?{string}")), &query);
    }

    #[test]
    fn any_address_is_read_and_then_stable(string in any::<String>()) {
        let query = Query::from_query_string(&string);
        prop_assert_eq!(Query::from_query_string(&query.to_query_string()), query);
    }
}

#[test]
fn one_query_has_one_address() {
    let mut query = Query::default();
    assert_eq!(query.to_query_string(), "");
    query.set_text("租房 补贴");
    query.toggle(Facet::Theme, "zhufang");
    query.toggle(Facet::District, "chengnan");
    query.toggle(Facet::Theme, "jiuye");
    query.set_sort(Sort::Newest);
    let address = "district=chengnan&q=%E7%A7%9F%E6%88%BF%20%E8%A1%A5%E8%B4%B4&sort=newest&theme=jiuye&theme=zhufang";
    assert_eq!(query.to_query_string(), address);
    assert_eq!(query.choices(), 3);
}

#[test]
fn forms_and_torn_addresses_are_read() {
    assert_eq!(Query::from_query_string("?q=%E7%A7%9F+100%").text(), "租 100%");
    assert_eq!(Query::from_query_string("q=%E7%A7").text(), "\u{FFFD}");
    assert_eq!(Query::from_query_string("utm=1&sort=worst&validity=maybe&="), Query::default());
    assert_eq!(Query::from_query_string(&format!("q={}", "长".repeat(10_000))).text().chars().count(), MAX_TEXT);
}

#[test]
fn a_validity_chosen_by_hand_takes_the_place_of_the_switch() {
    let mut query = Query::default();
    assert!(query.standing().admits(Validity::Amended) && !query.standing().admits(Validity::Expired));
    query.toggle(Facet::Validity, "expired");
    assert!(query.standing().admits(Validity::Expired) && !query.standing().admits(Validity::InForce));
    assert_eq!(query.to_query_string(), "validity=expired");
    query.toggle(Facet::Validity, "expired");
    assert_eq!(query.standing(), &Standing::Any);
    assert_eq!(query.to_query_string(), "validity=all");
    query.set_live_only(true);
    assert_eq!(query, Query::default());
}
