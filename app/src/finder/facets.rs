//! The filters: beside the results where there is room, else in a sheet over them.

use leptos::html;
use leptos::prelude::*;
use yima_model::catalogue::Facet;

use super::desk::desk;
use super::state::Change;

/// The filters beside the results, where the window has room for them.
#[component]
pub(super) fn Beside() -> impl IntoView {
    let desk = desk();
    view! {
        <Show when=move || desk.roomy.get()>
            <section class="finder-facets" aria-labelledby="finder-facets">
                <h2 id="finder-facets" class="app-hidden">"筛选条件"</h2>
                <Boxes open=3/>
            </section>
        </Show>
    }
}

/// The button to the filters, where there is no room for them.
#[component]
pub(super) fn Opener() -> impl IntoView {
    let desk = desk();
    view! {
        <Show when=move || !desk.roomy.get()>
            <Sheet/>
        </Show>
    }
}

/// A button, and the sheet it opens over the whole window.
///
/// A modal `<dialog>`: the browser keeps the focus inside, closes it on Esc, and gives the focus back to the button.
#[component]
fn Sheet() -> impl IntoView {
    let desk = desk();
    let sheet = NodeRef::<html::Dialog>::new();
    let chosen = move || desk.state.with(|state| state.query.choices());
    let open = move |_| {
        if let Some(sheet) = sheet.get_untracked()
            && sheet.show_modal().is_err()
        {
            // A browser without modal dialogs still shows one.
            let _ = sheet.set_attribute("open", "");
        }
    };
    let close = move |_| {
        if let Some(sheet) = sheet.get_untracked() {
            sheet.close();
        }
    };
    view! {
        <button type="button" class="button finder-opener" aria-haspopup="dialog" on:click=open>
            "筛选"
            {move || match chosen() {
                0 => String::new(),
                chosen => format!("（已选 {chosen}）"),
            }}
        </button>
        <dialog class="finder-sheet" aria-labelledby="finder-sheet" node_ref=sheet>
            <div class="finder-sheet-head">
                <h2 id="finder-sheet">"筛选"</h2>
                <button type="button" class="button" on:click=close>"关闭"</button>
            </div>
            <div class="finder-sheet-body">
                <Boxes open=1/>
            </div>
            <div class="finder-sheet-foot">
                <button type="button" class="button" on:click=move |_| desk.change(Change::Cleared)>"清除条件"</button>
                <button type="button" class="button primary" on:click=close>
                    {move || format!("查看 {} 条结果", desk.found.with(|found| found.hits.len()))}
                </button>
            </div>
        </dialog>
    }
}

/// One box for every facet that has something to choose; the first `open` of them open. They come one at a time.
#[component]
fn Boxes(open: usize) -> impl IntoView {
    let desk = desk();
    let worth = move |facet: Facet| {
        let values = desk.with_shelf(|shelf| shelf.values(facet).len());
        desk.all.with_untracked(|all| (0..values).filter(|&value| all.count(facet, value) > 0).count() > 1)
    };
    let facet_box = move |facet: Facet| {
        let place = Facet::ALL.into_iter().take_while(|other| *other != facet).filter(|other| worth(*other)).count();
        let chosen = desk.state.with_untracked(|state| state.query.chosen(facet).next().is_some());
        worth(facet).then(|| view! { <FacetBox facet open=place < open || chosen/> })
    };
    Facet::ALL
        .into_iter()
        .enumerate()
        .map(|(place, facet)| {
            let due = Memo::new(move |_| desk.boxes.get() > place);
            move || due.get().then(|| facet_box(facet))
        })
        .collect_view()
}

/// The values of one facet, each with the number of records it would leave.
#[component]
fn FacetBox(facet: Facet, open: bool) -> impl IntoView {
    let desk = desk();
    let chosen = move || desk.state.with(|state| state.query.chosen(facet).count());
    let values = desk.with_shelf(|shelf| shelf.values(facet).to_vec());
    let mut group = String::new();
    let lines = values
        .into_iter()
        .enumerate()
        .filter(|(place, _)| desk.all.with_untracked(|all| all.count(facet, *place) > 0))
        .map(|(place, value)| {
            let count = Memo::new(move |_| desk.tallied.with(|found| found.count(facet, place)));
            let heading = (value.group != group && !value.group.is_empty())
                .then(|| view! { <p class="facet-group">{value.group.clone()}</p> });
            group.clone_from(&value.group);
            let id = value.id.clone();
            // A hundred boxes are not set anew at every key stroke.
            let checked = Memo::new(move |_| desk.state.with(|state| state.query.is_chosen(facet, &value.id)));
            view! {
                {heading}
                <label class="facet-value" class:facet-none=move || count.get() == 0>
                    <input
                        type="checkbox"
                        prop:checked=checked
                        on:change=move |_| desk.change(Change::Toggled(facet, id.clone()))
                    />
                    <span>{value.name}</span>
                    <span class="tally">{count}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <details class="facet-box" open=open>
            <summary>
                {facet.zh()}
                {move || (chosen() > 0).then(|| view! { <span class="facet-chosen">{format!("已选 {}", chosen())}</span> })}
            </summary>
            <fieldset>
                <legend class="app-hidden">{facet.zh()}</legend>
                {(facet == Facet::District).then(|| view! { <p class="facet-note">"各区市都包括全市适用的政策"</p> })}
                {lines}
            </fieldset>
        </details>
    }
}
