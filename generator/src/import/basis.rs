//! What an answer rests on, as a cell says it: `《某办法》（某发〔2025〕8号）第五条、第七条`, or the id of a policy.

use std::collections::BTreeMap;

use yima_model::document_number::normalise;
use yima_model::numeral::leading_article;
use yima_model::record::{Binding, ClauseHash, Policy};

use super::compose::State;
use crate::source::is_id;

/// How a cell names a binding; [`read`] brings it back.
pub(crate) fn write(binding: &Binding) -> String {
    let articles: Vec<String> = binding
        .articles
        .iter()
        .map(|number| {
            let label = format!("第{}条", yima_model::numeral::chinese(*number));
            binding.hashes.get(number).map_or_else(|| label.clone(), |hash| format!("{label}@{hash}"))
        })
        .collect();
    format!("{} {}", binding.policy, articles.join("、")).trim_end().to_owned()
}

/// The names under which a policy may be cited.
pub(crate) fn names(policy: &Policy) -> impl Iterator<Item = String> {
    let titles = [policy.title.as_str(), policy.short()].map(|title| bare(title).to_owned());
    // 关于印发《某办法》的通知, with or without the marks, is cited as 某办法.
    let issued = policy.title.split_once("印发").and_then(|(_, rest)| rest.strip_suffix("的通知"));
    let issued = issued.map(|inner| bare(inner).to_owned());
    titles.into_iter().chain(issued).chain(policy.document_numbers.iter().cloned())
}

fn bare(title: &str) -> &str {
    title.strip_prefix('《').and_then(|title| title.strip_suffix('》')).unwrap_or(title)
}

/// Reads one citation; `None` when no policy here is meant.
pub(crate) fn read(text: &str, state: &State) -> Option<Binding> {
    // Articles stand behind the title, which may itself name some.
    let behind = text.rfind('》').map_or(0, |at| at + '》'.len_utf8());
    let start = text[behind..]
        .match_indices('第')
        .map(|(at, _)| behind + at)
        .find(|&at| leading_article(&text[at..]).is_some());
    let (head, tail) = text.split_at(start.unwrap_or(text.len()));
    let policy = policy(head.trim(), state)?;
    let (articles, hashes) = articles(tail);
    Some(Binding { policy, articles, hashes })
}

fn policy(head: &str, state: &State) -> Option<String> {
    if is_id(head) {
        return Some(head.to_owned());
    }
    let title = head.find('《').zip(head.rfind('》')).and_then(|(from, to)| head.get(from + '《'.len_utf8()..to));
    let behind = head.rfind('》').map_or(head, |at| &head[at + '》'.len_utf8()..]);
    let number = normalise(behind.trim().trim_start_matches(['（', '(']).trim_end_matches(['）', ')']).trim());
    let names = number.into_iter().chain(title.map(str::to_owned)).chain([head.to_owned()]);
    names.into_iter().find_map(|name| state.named.get(&name).cloned())
}

fn articles(mut text: &str) -> (Vec<u16>, BTreeMap<u16, ClauseHash>) {
    let (mut articles, mut hashes): (Vec<u16>, _) = (Vec::new(), BTreeMap::new());
    let mut range_from = None;
    while let Some(at) = text.find('第') {
        let Some((number, sub, _, rest)) = leading_article(&text[at..]) else {
            text = &text[at + '第'.len_utf8()..];
            continue;
        };
        if sub == 0 {
            // 第五条至第七条
            let from = range_from.filter(|from| *from < number).map_or(number, |from: u16| from + 1);
            articles.extend(from..=number);
            if let Some(hash) = rest.strip_prefix('@').and_then(|rest| rest.get(..8)).and_then(ClauseHash::parse) {
                hashes.insert(number, hash);
            }
        }
        range_from = rest.starts_with(['至', '到', '—', '-', '～', '~']).then_some(number);
        text = rest;
    }
    (articles, hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn citations_as_people_write_them() {
        let mut state = State::default();
        for (name, id) in [("某办法", "p"), ("某发〔2025〕8号", "p"), ("关于《某法》第三条的批复", "q")]
        {
            state.named.insert(name.into(), id.into());
        }
        let read = |text: &str| read(text, &state).map(|binding| write(&binding));
        for (text, said) in [
            ("《某办法》（某发〔2025〕8号）第五条、第七条", "p 第五条、第七条"),
            ("某发[2025]8号第5条", "p 第五条"),
            ("《某办法》第五条至第七条、第九条第二款", "p 第五条、第六条、第七条、第九条"),
            ("《关于《某法》第三条的批复》", "q"),
            ("2025-foo 第五条@1a2b3c4d、第七条", "2025-foo 第五条@1a2b3c4d、第七条"),
            ("某办法", "p"),
        ] {
            assert_eq!(read(text).as_deref(), Some(said), "{text}");
        }
        assert_eq!(read("《国家某法》第三条"), None);
    }
}
