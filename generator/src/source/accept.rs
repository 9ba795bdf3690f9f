//! Writes the hashes of clauses into a file of questions, and leaves every other byte of it alone.

use std::ops::Range;

use toml::de::{DeTable, DeValue};
use yima_model::numeral::leading_article;
use yima_model::record::ClauseHash;

/// An article that a question of the file is bound to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bound<'a> {
    /// Id of the question.
    pub(crate) question: &'a str,
    /// Id of the policy.
    pub(crate) policy: &'a str,
    /// The article.
    pub(crate) article: u16,
    /// The hash that stands beside it.
    pub(crate) hash: Option<ClauseHash>,
}

/// The text with the hashes that `wanted` gives, and how many were written. Articles for which it gives none, or the one
/// that stands there, stay as they are written.
pub(crate) fn with_hashes(text: &str, wanted: &dyn Fn(Bound<'_>) -> Option<ClauseHash>) -> (String, usize) {
    let (table, _) = DeTable::parse_recoverable(text);
    let mut edits: Vec<(Range<usize>, String)> = Vec::new();
    for question in tables(table.get_ref(), "questions") {
        for binding in tables(question, "policies") {
            let Some(articles) = binding.get("articles").and_then(|value| value.get_ref().as_array()) else { continue };
            for item in articles {
                let (no, old) = match item.get_ref() {
                    DeValue::String(no) => (&**no, None),
                    DeValue::Table(row) => (text_of(row, "no"), row.get("hash")),
                    _ => continue,
                };
                let Some((article, 0, _, "")) = leading_article(no.trim()) else { continue };
                let hash = old.and_then(|value| value.get_ref().as_str()).and_then(ClauseHash::parse);
                let bound = Bound { question: text_of(question, "id"), policy: text_of(binding, "id"), article, hash };
                let Some(new) = wanted(bound).filter(|new| Some(*new) != hash) else { continue };
                match (old, item.get_ref()) {
                    (Some(old), _) => edits.push((old.span(), format!("\"{new}\""))),
                    (None, DeValue::String(_)) => {
                        let no = text.get(item.span()).unwrap_or_default();
                        edits.push((item.span(), format!("{{ no = {no}, hash = \"{new}\" }}")));
                    }
                    // A row without its hash is a mistake, and told as such.
                    _ => {}
                }
            }
        }
    }
    edits.sort_by_key(|(range, _)| range.start);
    let count = edits.len();
    let mut out = String::with_capacity(text.len() + count * 32);
    let mut from = 0;
    for (range, new) in edits {
        out.push_str(text.get(from..range.start).unwrap_or_default());
        out.push_str(&new);
        from = range.end;
    }
    out.push_str(text.get(from..).unwrap_or_default());
    (out, count)
}

fn tables<'t, 'a>(table: &'t DeTable<'a>, key: &str) -> impl Iterator<Item = &'t DeTable<'a>> {
    let rows = table.get(key).and_then(|value| value.get_ref().as_array());
    rows.into_iter().flatten().filter_map(|row| row.get_ref().as_table())
}

fn text_of<'t>(table: &'t DeTable<'_>, key: &str) -> &'t str {
    table.get(key).and_then(|value| value.get_ref().as_str()).map_or("", str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hashes_change() {
        let text = "# 注\r\n[[questions]]\r\nid = \"a\" # 旁注\r\npolicies = [{ id = \"p\", articles = [ '第五条',  \"第七条\", {no=\"第九条\",hash=\"00000000\"} ] }]\n\n[[questions]]\nid = \"b\"\n[[questions.policies]]\nid = \"p\"\narticles = [\"第五条\"]\n";
        let wanted = |bound: Bound<'_>| {
            (bound.question == "b" || bound.article != 7).then(|| ClauseHash(0xABC0 + u32::from(bound.article)))
        };
        let (new, count) = with_hashes(text, &wanted);
        assert_eq!(count, 3);
        let expected = text
            .replacen("'第五条'", "{ no = '第五条', hash = \"0000abc5\" }", 1)
            .replacen("\"00000000\"", "\"0000abc9\"", 1)
            .replacen("[\"第五条\"]", "[{ no = \"第五条\", hash = \"0000abc5\" }]", 1);
        assert_eq!(new, expected);
        assert_eq!(with_hashes(&new, &wanted), (expected, 0), "accepted once is accepted");
    }
}
