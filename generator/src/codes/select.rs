//! Which records are meant by what a person typed after `--only`.

use super::RecordKey;
use super::wording::{Say, Wording, wording};
use crate::City;

/// What was typed leads to no record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unselected {
    /// Not one of the forms that [`select`] knows.
    Form(String),
    /// Of the right form, but the city does not have it; the nearest one it has, where there is one.
    Unknown(String, Option<String>),
    /// The value exists, but no record belongs to it.
    Empty(String),
}

impl Say for Unselected {
    fn zh(&self) -> Wording {
        let kinds = RecordKey::KINDS.join("、");
        match self {
            Self::Form(text) => wording(
                format!("看不懂「{text}」"),
                format!(
                    "可以写：policy:2025-foo 这样的记录；theme:<主题> 或 department:<部门>，取其政策；{kinds} 之一，取这一类的全部"
                ),
            ),
            Self::Unknown(text, Some(near)) => wording(format!("没有 {text}"), format!("是不是 {near}？")),
            Self::Unknown(text, None) => wording(format!("没有 {text}"), "请核对 id"),
            Self::Empty(text) => wording(format!("{text} 下面没有记录"), "换一个，或者先添加内容"),
        }
    }

    fn en(&self) -> Wording {
        let kinds = RecordKey::KINDS.join(", ");
        match self {
            Self::Form(text) => wording(
                format!("`{text}` selects nothing"),
                format!(
                    "write a record such as policy:2025-foo; theme:<id> or department:<id> for its policies; or one of \
                     {kinds} for all of that kind"
                ),
            ),
            Self::Unknown(text, Some(near)) => wording(format!("there is no {text}"), format!("did you mean {near}?")),
            Self::Unknown(text, None) => wording(format!("there is no {text}"), "check the id"),
            Self::Empty(text) => {
                wording(format!("no record belongs to {text}"), "choose another, or add content first")
            }
        }
    }
}

/// The records meant by `wanted`, sorted, each once; all policies when nothing is wanted. One entry is `kind:id` for one
/// record, a kind for all of that kind, `theme:<id>` or `department:<id>` for the policies of a theme or issuer.
///
/// # Errors
/// [`Unselected`] for the first entry that leads to no record.
pub fn select(city: &City, wanted: &[String]) -> Result<Vec<RecordKey>, Unselected> {
    let policies = || "policy".to_owned();
    let wanted = if wanted.is_empty() { &[policies()] } else { wanted };
    let mut records = Vec::new();
    for text in wanted {
        let before = records.len();
        records.extend(one(city, text)?);
        if records.len() == before {
            return Err(Unselected::Empty(text.clone()));
        }
    }
    records.sort();
    records.dedup();
    Ok(records)
}

fn one(city: &City, text: &str) -> Result<Vec<RecordKey>, Unselected> {
    let live = || city.codes.by_record.keys();
    if RecordKey::KINDS.contains(&text) {
        return Ok(live().filter(|key| key.kind() == text).cloned().collect());
    }
    let of_policies = |belongs: &dyn Fn(&yima_model::record::Policy) -> bool| {
        let entries = city.policies.iter().filter(|entry| belongs(&entry.policy));
        entries.map(|entry| RecordKey::Policy(entry.policy.id.clone())).collect()
    };
    match text.split_once(':') {
        Some(("theme", id)) => {
            known(text, "theme", id, city.tables.themes.iter().map(|theme| theme.id.as_str()))?;
            Ok(of_policies(&|policy| policy.themes.iter().any(|theme| theme == id)))
        }
        Some(("department", id)) => {
            known(text, "department", id, city.tables.departments.iter().map(|department| department.id.as_str()))?;
            Ok(of_policies(&|policy| policy.issuers().any(|issuer| issuer == id)))
        }
        Some((kind, _)) if RecordKey::KINDS.contains(&kind) => match text.parse::<RecordKey>() {
            Ok(key) if city.codes.by_record.contains_key(&key) => Ok(vec![key]),
            _ => {
                let names: Vec<String> = live().filter(|key| key.kind() == kind).map(ToString::to_string).collect();
                Err(Unselected::Unknown(text.to_owned(), nearest(text, names.iter().map(String::as_str))))
            }
        },
        _ => Err(Unselected::Form(text.to_owned())),
    }
}

fn known<'a>(text: &str, table: &str, id: &str, ids: impl Iterator<Item = &'a str> + Clone) -> Result<(), Unselected> {
    if ids.clone().any(|known| known == id) {
        return Ok(());
    }
    Err(Unselected::Unknown(text.to_owned(), nearest(id, ids).map(|near| format!("{table}:{near}"))))
}

/// The most similar name, if it is similar at all; the first of equals.
fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    let scored = names.map(|name| (strsim::jaro_winkler(text, name), name));
    let best = scored.fold((0.75, None), |best, (score, name)| if score > best.0 { (score, Some(name)) } else { best });
    best.1.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codes::example;

    #[test]
    fn what_is_selected() {
        let city = example::city(2, &[], vec![]);
        let chosen = |what: &str| {
            let wanted: Vec<String> = what.split_whitespace().map(str::to_owned).collect();
            select(&city, &wanted).map(|keys| keys.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(chosen(""), Ok("policy:2025-p0 policy:2025-p1".into()));
        assert_eq!(chosen("theme:jiuye policy:2025-p1"), Ok("policy:2025-p0 policy:2025-p1".into()));
        // Signed jointly counts too.
        assert_eq!(chosen("department:renshe"), Ok("policy:2025-p0 policy:2025-p1".into()));
        assert_eq!(chosen("department:zhufang"), Ok("policy:2025-p1".into()));
        assert_eq!(chosen("stage"), Ok("stage:2025-p0/basis stage:2025-p1/basis".into()));
        let said = |what: &str| {
            let Wording { reason, hint } = chosen(what).unwrap_err().zh();
            format!("{reason}，{hint}")
        };
        assert_eq!(said("theme:jiuyee"), "没有 theme:jiuyee，是不是 theme:jiuye？");
        assert_eq!(said("policy:2025-p9"), "没有 policy:2025-p9，是不是 policy:2025-p0？");
        assert_eq!(said("theme:zhufang"), "theme:zhufang 下面没有记录，换一个，或者先添加内容");
        assert!(said("polcy").starts_with("看不懂「polcy」"));
    }
}
