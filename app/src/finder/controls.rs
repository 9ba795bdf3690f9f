//! Count, switch, order, the way to the filters, and the values chosen so far.

use leptos::prelude::*;
use yima_model::Validity;
use yima_model::catalogue::Facet;
use yima_search::{Sort, Standing};

use super::desk::desk;
use super::facets::Opener;
use super::share::Share;
use super::state::Change;
use crate::browser;

/// How many were found, 只看现行有效, and the order.
#[component]
pub(super) fn Controls() -> impl IntoView {
    let desk = desk();
    let live_only = move || desk.state.with(|state| *state.query.standing() == Standing::Live);
    let has_routine = move || {
        desk.facts.get() && desk.with_shelf(|shelf| shelf.catalogue().policies.iter().any(|policy| policy.routine))
    };
    let hides_routine = move || desk.state.with(|state| state.query.hides_routine());
    let sort = move || desk.state.with(|state| state.query.sort().id());
    let on_sort = move |event| {
        if let Some(sort) = Sort::from_id(&event_target_value(&event)) {
            desk.change(Change::Sorted(sort));
        }
    };
    view! {
        <div class="finder-controls">
            <p class="finder-count" role="status" aria-live="polite">
                {move || desk.progress.with(|progress| progress.count(desk.found.with(|found| found.hits.len())))}
            </p>
            <label class="finder-live">
                <input
                    type="checkbox"
                    prop:checked=live_only
                    on:change=move |event| desk.change(Change::LiveOnly(event_target_checked(&event)))
                />
                "只看现行有效"
            </label>
            {move || has_routine().then(|| view! {
                <label class="finder-live">
                    <input
                        type="checkbox"
                        prop:checked=hides_routine
                        on:change=move |event| desk.change(Change::HidesRoutine(event_target_checked(&event)))
                    />
                    "不看人事任免和会议通知"
                </label>
            })}
            <label class="finder-sort">
                "排序 "
                <select on:change=on_sort prop:value=sort>
                    {Sort::ALL.into_iter().map(|sort| view! { <option value=sort.id()>{sort.zh()}</option> }).collect_view()}
                </select>
            </label>
            <Share/>
            <Opener/>
        </div>
    }
}

/// The values chosen, each with a button that takes it back.
#[component]
pub(super) fn Chosen() -> impl IntoView {
    let desk = desk();
    let chosen = Memo::new(move |_| {
        desk.state.with(|state| {
            let pairs = Facet::ALL.into_iter().flat_map(|facet| {
                let ids: Vec<String> = state.query.chosen(facet).map(str::to_owned).collect();
                ids.into_iter().map(move |id| (facet, id))
            });
            pairs.collect::<Vec<(Facet, String)>>()
        })
    });
    let take_back = move |facet: Facet, id: &str| {
        let place =
            chosen.with_untracked(|chosen| chosen.iter().position(|(of, it)| (*of, it.as_str()) == (facet, id)));
        desk.change(Change::Toggled(facet, id.to_owned()));
        let next = place.unwrap_or_default() + 1;
        browser::focus_next(vec![
            format!(".finder-chosen li:nth-child({next}) .chip"),
            ".finder-live input".to_owned(),
        ]);
    };
    let clear = move |_| {
        desk.change(Change::Cleared);
        browser::focus_next(vec![".finder-live input".to_owned()]);
    };
    let name = move |facet: Facet, id: &str| desk.with_shelf(|shelf| shelf.name(facet, id).to_owned());
    view! {
        <Show when=move || chosen.with(|chosen| !chosen.is_empty())>
            <ul class="finder-chosen" aria-label="已选条件">
                <For each=move || chosen.get() key=Clone::clone let((facet, id))>
                    {
                        let name = name(facet, &id);
                        let label = format!("去掉条件 {}：{name}", facet.zh());
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="chip"
                                    aria-label=label
                                    on:click=move |_| take_back(facet, &id)
                                >
                                    <span class="chip-facet">{facet.zh()}</span>
                                    {name}
                                    <span class="chip-cross" aria-hidden="true">"×"</span>
                                </button>
                            </li>
                        }
                    }
                </For>
                <li>
                    <button type="button" class="chip chip-clear" on:click=clear>
                        "清除全部条件"
                    </button>
                </li>
            </ul>
        </Show>
    }
}

/// 有效性 as the badge of the static pages.
#[component]
pub(crate) fn Badge(#[prop(into)] validity: Signal<Validity>) -> impl IntoView {
    view! {
        <span class=move || format!("validity {}", validity.get().id())>
            <i></i>
            <strong>{move || validity.get().zh()}</strong>
        </span>
    }
}
