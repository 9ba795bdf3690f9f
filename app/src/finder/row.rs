//! One record found.

use leptos::prelude::*;
use yima_model::Validity;
use yima_model::numeral::leading_article;
use yima_search::index::texts::{Snippet, marks};
use yima_search::shelf::RowIx;

use super::controls::Badge;
use super::desk::desk;
use super::marks::{Piece, article_zh, fragment, pieces};
use crate::favourites::Keep;
use crate::line::{Line, label, line, until};

/// One record: its line, or an empty one while its face is on the way.
#[component]
pub(super) fn Row(row: RowIx) -> impl IntoView {
    let desk = desk();
    let said = Memo::new(move |_| {
        desk.faces.track();
        desk.with_shelf(|shelf| line(shelf, row))
    });
    view! {
        <li class="row">
            {move || match said.get() {
                Some(said) => view! { <Said row said/> }.into_any(),
                None => view! { <Coming/> }.into_any(),
            }}
        </li>
    }
}

/// Where a line will be.
#[component]
pub(super) fn Coming() -> impl IntoView {
    view! {
        <div class="row-coming" aria-hidden="true"><i></i><i></i><i></i></div>
    }
}

#[component]
fn Said(row: RowIx, said: Line) -> impl IntoView {
    let desk = desk();
    let Line { kind, href, title, gives, facts, policy } = said;
    let validity: Memo<Validity> = Memo::new(move |_| desk.with_shelf(|shelf| shelf.validity(row, desk.today.get())));
    let ends = move || {
        desk.with_shelf(|shelf| shelf.record(row).and_then(|record| until(record, validity.get(), desk.today.get())))
    };
    let snippet = Memo::new(move |_| desk.snippets.with(|snippets| snippets.get(&row).cloned()));
    let article = Memo::new(move |_| {
        let in_text = snippet.with(|snippet| snippet.as_ref().and_then(|snippet| snippet.article));
        in_text.or_else(|| desk.asked.with(|asked| asked.article))
    });
    let keep = policy.clone().map(|id| view! { <Keep kept=desk.kept id title=title.clone()/> });
    let is_policy = policy.is_some();
    let page = StoredValue::new(href);
    let place = move || {
        let mut address = page.get_value();
        if is_policy {
            address.push_str(&snippet.with(|snippet| fragment(article.get(), snippet.as_ref())));
        }
        address
    };
    let title = StoredValue::new(title);
    let marked_title =
        move || desk.needles.with(|needles| title.with_value(|title| marked(pieces(title, &marks(title, needles)))));
    // A part that only repeats the title says nothing.
    let shown = move || {
        let repeats = |part: &Snippet| title.with_value(|title| title.contains(part.text.trim_matches('…').trim()));
        snippet.get().filter(|part| !repeats(part))
    };
    view! {
        <h3 class="row-title"><a href=place>{marked_title}</a></h3>
        {(!gives.is_empty()).then(|| view! { <p class="row-summary">{gives}</p> })}
        {move || shown().map(|part| view! {
            <p class="row-part">
                {named(&part).map(|article| view! { <span class="row-article">{article_zh(article)}</span> })}
                {marked(pieces(&part.text, &part.marks))}
            </p>
        })}
        <p class="row-facts">
            <span class="row-kind">{label(kind)}</span>
            {move || desk.facts.get().then(|| view! { <Badge validity/> })}
            {move || ends().map(|ends| view! { <span>{ends}</span> })}
            {facts.into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view()}
        </p>
        {keep}
    }
}

/// The article a part stands in, where the part does not begin with its name.
fn named(part: &Snippet) -> Option<(u16, u16)> {
    part.article.filter(|_| leading_article(part.text.trim_start()).is_none())
}

fn marked(pieces: Vec<Piece>) -> impl IntoView {
    let piece = |(text, is_marked): Piece| match is_marked {
        true => view! { <mark>{text}</mark> }.into_any(),
        false => text.into_any(),
    };
    pieces.into_iter().map(piece).collect_view()
}
