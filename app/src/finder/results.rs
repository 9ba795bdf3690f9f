//! The records found, some at a time.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlElement, KeyboardEvent, MouseEvent};
use yima_search::{Query, Standing};

use super::answered::{Matched, Phase, size};
use super::desk::desk;
use super::recent;
use super::row::{Coming, Row};
use super::state::{Change, STEP};
use crate::browser;
use crate::line::zh_date;
use crate::load::{LoadError, Remedy};

/// The list, what it is, and what to do where it ends.
#[component]
pub(super) fn Results() -> impl IntoView {
    let desk = desk();
    let shown = Memo::new(move |_| desk.state.with(|state| state.shown));
    let hits = Memo::new(move |_| desk.found.with(|found| found.hits.len()));
    let looking = Memo::new(move |_| desk.progress.with(super::answered::Progress::is_looking));
    let pending = Memo::new(move |_| desk.matched.with(|matched| *matched == Matched::Pending));
    let failed = Memo::new(move |_| {
        let failure = desk.progress.with(|progress| match &progress.phase {
            Phase::Failed(error) => Some(error.clone()),
            _ => None,
        });
        failure.or_else(|| desk.trouble.get())
    });
    let waiting =
        move || failed.with(Option::is_none) && (pending.get() || hits.get() > 0) && desk.rows.with(Vec::is_empty);
    let busy = move || {
        let under_way = desk.progress.with(|progress| progress.is_under_way());
        if under_way || waiting() { "true" } else { "false" }
    };
    let lines = move || shown.get().min(desk.depth.get().max(desk.rows.with(Vec::len)));
    let rest = move || if desk.rows.with(Vec::is_empty) { 0 } else { hits.get().saturating_sub(lines()) };
    let more = move |_| {
        let first_new = desk.rows.with_untracked(Vec::len) + 1;
        let next = desk
            .found
            .with_untracked(|found| found.hits.iter().copied().take(first_new - 1 + STEP).collect::<Vec<_>>());
        let library = desk.library.get_value();
        spawn_local(async move {
            // What cannot be fetched is said where the lines are.
            let _ = library.bring_faces(&next).await;
            desk.depth.set(first_new - 1 + STEP);
            if desk.state.with_untracked(|state| state.shown) < first_new - 1 + STEP {
                desk.change(Change::More);
            }
            // The focus goes on where reading goes on.
            browser::focus_next(vec![format!(".finder .row:nth-child({first_new}) a")]);
        });
    };
    let built = move || desk.facts.get().then(|| desk.with_shelf(|shelf| zh_date(shelf.catalogue().built)));
    let explanation = move || desk.progress.with(|progress| progress.explanation(hits.get()));
    let offered = move || {
        desk.progress.with(|progress| match progress.phase {
            Phase::Offered(bytes) => Some(bytes),
            _ => None,
        })
    };
    let agree = move |_| desk.state.with_untracked(|state| desk.seek(state.query.text(), true));
    // Arrow keys walk from line to line, and back into the field.
    let walk = move |event: KeyboardEvent| {
        let step: i32 = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            _ => return,
        };
        let row = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let Some(row) = row.and_then(|target| target.closest(".row").ok().flatten()) else { return };
        event.prevent_default();
        let next = if step > 0 { row.next_element_sibling() } else { row.previous_element_sibling() };
        match next.and_then(|row| browser::find::<HtmlElement>(&row, ".row-title a")) {
            Some(link) => {
                let _ = link.focus();
            }
            None if step < 0 => browser::focus_next(vec!["#finder input[name=q]".to_owned()]),
            None => browser::focus_next(vec![".finder-more".to_owned()]),
        }
    };
    // What led to a record was worth looking for.
    let keep = move |event: MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.closest(".row-title a").ok().flatten().is_some()) {
            desk.state.with_untracked(|state| recent::keep(state.query.text()));
        }
    };
    view! {
        <section class="finder-results" class:finder-stale=looking aria-busy=busy aria-labelledby="finder-results">
            <h2 id="finder-results" class="app-hidden">"查找结果"</h2>
            {move || failed.get().map(|error| view! { <Trouble error/> })}
            {move || explanation().map(|said| view! { <p class="finder-near">{said}</p> })}
            <ol class="rows" on:keydown=walk on:click=keep>
                <For each=move || desk.rows.get() key=|row| *row let(row)>
                    <Row row/>
                </For>
            </ol>
            <Show when=waiting>
                <AtOnce/>
            </Show>
            {move || offered().map(|bytes| view! {
                <p class="finder-offer">
                    "条数是估计的。"
                    <button type="button" class="button" on:click=agree>{format!("逐字核对（约 {}）", size(bytes))}</button>
                </p>
            })}
            <Show when=move || { rest() > 0 }>
                <button type="button" class="button finder-more" on:click=more>
                    {move || format!("显示更多（还有 {} 条）", rest())}
                </button>
            </Show>
            <Show when=move || hits.get() == 0 && !pending.get() && !looking.get() && failed.with(Option::is_none)>
                <Nothing/>
            </Show>
            {move || built().map(|built| view! { <p class="note">{format!("目录数据截至{built}；有效性按今天计算。")}</p> })}
        </section>
    }
}

/// While the index is on its way: the titles that the small filter knows, else lines to come.
#[component]
fn AtOnce() -> impl IntoView {
    const MOST: usize = 5;
    let desk = desk();
    let hits = Memo::new(move |_| {
        desk.state.with(|state| desk.library.with_value(|library| library.at_once(state.query.text(), MOST)))
    });
    view! {
        <Show when=move || hits.with(|hits| !hits.is_empty()) fallback=|| view! { <Coming/> <Coming/> <Coming/> }>
            <ul class="finder-at-once">
                <For each=move || hits.get() key=Clone::clone let((title, path))>
                    <li><a href=path>{title}</a></li>
                </For>
            </ul>
        </Show>
    }
}

/// What could not be fetched, and ways on.
#[component]
fn Trouble(error: LoadError) -> impl IntoView {
    let desk = desk();
    let remedy = error.remedy();
    let act = move |_| match remedy {
        Remedy::Reload => browser::reload(),
        Remedy::Retry => desk.retry(),
    };
    let label = match remedy {
        Remedy::Reload => "刷新页面",
        Remedy::Retry => "重试",
    };
    view! {
        <div class="app-message">
            <p role="alert">
                {error.to_string()} "也可以直接看"<a href="/policies/">"全部政策"</a>"、"<a href="/questions/">"全部问答"</a>"。"
            </p>
            <button type="button" on:click=act>{label}</button>
        </div>
    }
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
        let today = desk.today.get();
        desk.matched.with(|matched| match matched {
            Matched::Pending => 0,
            Matched::Everything => desk.with_shelf(|shelf| shelf.run(&query, None, today).hits.len()),
            Matched::Records(scores) => desk.with_shelf(|shelf| shelf.run(&query, Some(scores), today).hits.len()),
        })
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
