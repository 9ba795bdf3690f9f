//! The records found, some at a time.

use leptos::prelude::*;
use yima_search::shelf::RowIx;
use yima_search::{Query, Standing};

use super::controls::Badge;
use super::desk::desk;
use super::state::Change;
use crate::browser;
use crate::favourites::Keep;
use crate::line::{line, until, zh_date};

/// The list, and what to do where it ends.
#[component]
pub(super) fn Results() -> impl IntoView {
    let desk = desk();
    let shown = Memo::new(move |_| desk.state.with(|state| state.shown));
    let rows = Memo::new(move |_| {
        desk.found.with(|found| found.hits.iter().copied().take(shown.get()).collect::<Vec<RowIx>>())
    });
    let rest = move || desk.found.with(|found| found.hits.len().saturating_sub(shown.get()));
    let more = move |_| {
        let first_new = shown.get_untracked() + 1;
        desk.change(Change::More);
        // The focus goes on where reading goes on.
        browser::focus_next(vec![format!(".finder .row:nth-child({first_new}) a")]);
    };
    let built = desk.shelf.with_value(|shelf| zh_date(shelf.catalogue().built));
    view! {
        <section class="finder-results" aria-labelledby="finder-results">
            <h2 id="finder-results" class="app-hidden">"查找结果"</h2>
            <ol class="rows">
                <For each=move || rows.get() key=|row| *row let(row)>
                    <Row row/>
                </For>
            </ol>
            <Show when=move || { rest() > 0 }>
                <button type="button" class="button finder-more" on:click=more>
                    {move || format!("显示更多（还有 {} 条）", rest())}
                </button>
            </Show>
            <Show when=move || desk.found.with(|found| found.hits.is_empty())>
                <Nothing/>
            </Show>
            <p class="note">{format!("目录数据截至{built}；有效性按今天计算。")}</p>
        </section>
    }
}

#[component]
fn Row(row: RowIx) -> impl IntoView {
    let desk = desk();
    let said = desk.shelf.with_value(|shelf| line(shelf, row))?;
    let validity = Memo::new(move |_| desk.shelf.with_value(|shelf| shelf.validity(row, desk.today.get())));
    let ends = move || {
        desk.shelf
            .with_value(|shelf| shelf.record(row).and_then(|record| until(record, validity.get(), desk.today.get())))
    };
    let keep = said.policy.map(|id| view! { <Keep kept=desk.kept id title=said.title.clone()/> });
    Some(view! {
        <li class="row">
            <h3 class="row-title"><a href=said.href>{said.title}</a></h3>
            {(!said.gives.is_empty()).then(|| view! { <p class="row-summary">{said.gives}</p> })}
            <p class="row-facts">
                <Badge validity/>
                {move || ends().map(|ends| view! { <span>{ends}</span> })}
                {said.facts.into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view()}
            </p>
            {keep}
        </li>
    })
}

/// Nothing found: why that may be, and ways on.
#[component]
fn Nothing() -> impl IntoView {
    let desk = desk();
    let not_live = move || match desk.state.with(|state| *state.query.standing() == Standing::Live) {
        true => desk.found.with(yima_search::Found::not_live),
        false => 0,
    };
    let go_on = move |change| {
        desk.change(change);
        browser::focus_next(vec![".finder .row a".to_owned()]);
    };
    let chosen = move || desk.state.with(|state| state.query.choices()) > 0;
    let without_choices = Memo::new(move |_| {
        let mut query: Query = desk.state.with(|state| state.query.clone());
        query.clear_choices();
        desk.shelf.with_value(|shelf| shelf.run(&query, desk.today.get()).hits.len())
    });
    view! {
        <div class="finder-nothing">
            <p>"没有符合全部条件的记录。换个说法、少写几个字再试试。"</p>
            <Show when=move || { not_live() > 0 }>
                <button type="button" class="button" on:click=move |_| go_on(Change::LiveOnly(false))>
                    {move || format!("看看不在有效期内的 {} 条", not_live())}
                </button>
            </Show>
            <Show when=move || chosen() && { without_choices.get() > 0 }>
                <button type="button" class="button" on:click=move |_| go_on(Change::Cleared)>
                    {move || format!("去掉已选条件，有 {} 条", without_choices.get())}
                </button>
            </Show>
            <p>"也可以看"<a href="/policies/">"全部政策"</a>"、"<a href="/questions/">"全部问答"</a>"。"</p>
        </div>
    }
}
