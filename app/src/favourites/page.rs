//! The list on its page: what is kept and whether it holds today, export, import, clear.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yima_search::shelf::RowIx;

use super::kept::Kept;
use super::list::{LARGEST_FILE, List, ListError};
use crate::browser;
use crate::finder::Badge;
use crate::library::Library;
use crate::line::{line, until};
use crate::load::LoadError;

#[component]
pub(super) fn Favourites(library: StoredValue<Library, LocalStorage>, kept: Kept) -> impl IntoView {
    let shown = RwSignal::new(Shown::Coming);
    Effect::new(move |_| {
        let ids = kept.with(List::latest_first);
        let library = library.get_value();
        spawn_local(async move {
            // Once more where the site was built anew between.
            let mut outcome = bring(&library, &ids).await;
            if outcome == Err(LoadError::Renewed) {
                outcome = bring(&library, &ids).await;
            }
            shown.set(match outcome {
                Ok(()) => Shown::Here,
                Err(error) => Shown::Missing(error.to_string()),
            });
        });
    });
    let said = RwSignal::new(String::new());
    let remove = move |id: &str, title: &str| {
        let place = kept.with(|list| list.latest_first().iter().position(|kept| kept == id));
        let (_, stored) = kept.change(|list| list.remove(id));
        let next = place.unwrap_or_default() + 1;
        let button = |row: String| format!(".favourites .row{row} .favourite");
        let empty = ".favourites-empty a".to_owned();
        browser::focus_next(vec![button(format!(":nth-child({next})")), button(":last-child".to_owned()), empty]);
        said.set(outcome(stored, format!("已移除 {title}")));
    };
    view! {
        <p class="note">"收藏只存在这台设备上，不会上传。换设备时先导出成文件，再在新设备上导入。"</p>
        <p class="favourites-said" role="status" aria-live="polite">{said}</p>
        <Show when=move || kept.with(|list| list.len() == 0)>
            <p class="favourites-empty">
                "还没有收藏。打开一件政策，点“收藏”，就会列在这里。"
                <a href="/search/">"去查政策"</a>
            </p>
        </Show>
        <ol class="rows">
            <For each=move || kept.with(List::latest_first) key=Clone::clone let(id)>
                <Item library shown id remove/>
            </For>
        </ol>
        <Files kept said/>
    }
}

/// How far the records of the list are.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    Coming,
    Here,
    /// Why they are not.
    Missing(String),
}

/// Fetches what is shown of these policies.
async fn bring(library: &Library, ids: &[String]) -> Result<(), LoadError> {
    if ids.is_empty() {
        return Ok(());
    }
    library.bring_facts().await?;
    library.bring_ids().await?;
    let rows: Vec<RowIx> = ids.iter().filter_map(|id| library.row_of(id)).collect();
    library.bring_faces(&rows).await
}

/// One kept policy, or an id that the city does not know (any more).
#[component]
fn Item(
    library: StoredValue<Library, LocalStorage>,
    shown: RwSignal<Shown>,
    id: String,
    remove: impl Fn(&str, &str) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let today = browser::today();
    let id = StoredValue::new(id);
    let found = Memo::new(move |_| {
        shown.track();
        library.with_value(|library| {
            let row = id.with_value(|id| library.row_of(id))?;
            library.with_shelf(|shelf| {
                let validity = shelf.validity(row, today);
                let ends = shelf.record(row).and_then(|record| until(record, validity, today));
                Some((line(shelf, row)?, validity, ends))
            })
        })
    });
    let title =
        move || found.with(|found| found.as_ref().map_or_else(|| id.get_value(), |found| found.0.title.clone()));
    let body = move || match found.get() {
        Some((line, validity, ends)) => view! {
            <h2 class="row-title"><a href=line.href>{line.title}</a></h2>
            <p class="row-facts">
                <Badge validity/>
                {ends.map(|ends| view! { <span>{ends}</span> })}
                {line.facts.into_iter().map(|fact| view! { <span>{fact}</span> }).collect_view()}
            </p>
        }
        .into_any(),
        None => view! {
            <h2 class="row-title"><a href=format!("/policy/{}/", id.get_value())>{id.get_value()}</a></h2>
            <p class="row-facts">
                {move || match shown.get() {
                    Shown::Coming => "正在取这件政策的信息…".to_owned(),
                    Shown::Here => "本站现在没有这件政策，可能已经撤下。".to_owned(),
                    Shown::Missing(why) => why,
                }}
            </p>
        }
        .into_any(),
    };
    let label = move || format!("移除 {}", title());
    let take_out = move |_| remove(&id.get_value(), &title());
    view! {
        <li class="row">
            {body}
            <button type="button" class="favourite" aria-label=label on:click=take_out>"移除"</button>
        </li>
    }
}

/// Export, import, clear.
#[component]
fn Files(kept: Kept, said: RwSignal<String>) -> impl IntoView {
    let file = NodeRef::<html::Input>::new();
    let asking = RwSignal::new(false);
    let some = move || kept.with(|list| list.len() > 0);
    let export = move |_| {
        let done = browser::download("yima-favourites.json", &kept.with(List::to_json));
        said.set(if done.is_some() { "已导出 yima-favourites.json" } else { "此浏览器不能导出文件。" }.to_owned());
    };
    let import = move |_| {
        let Some(input) = file.get_untracked() else { return };
        let chosen = input.files().and_then(|files| files.get(0));
        // So that the same file can be chosen again.
        input.set_value("");
        let Some(chosen) = chosen else { return };
        spawn_local(async move {
            said.set(match read(&chosen).await {
                Ok(list) => {
                    let (new, stored) = kept.change(|kept| kept.merge(&list));
                    outcome(stored, format!("文件里有 {} 条，新增 {new} 条。", list.len()))
                }
                Err(error) => error.zh().to_owned(),
            });
        });
    };
    let clear = move |_| {
        let (count, stored) = kept.change(|list| core::mem::take(list).len());
        asking.set(false);
        browser::focus_next(vec![".favourites-empty a".to_owned()]);
        said.set(outcome(stored, format!("已清空 {count} 条收藏。")));
    };
    let ask = move |_| {
        asking.set(true);
        browser::focus_next(vec![".favourites-ask .button:last-child".to_owned()]);
    };
    let leave = move |_| {
        asking.set(false);
        browser::focus_next(vec![".favourites-files .button:last-child".to_owned()]);
    };
    view! {
        <div class="favourites-files">
            <Show when=some>
                <button type="button" class="button" on:click=export>"导出到文件"</button>
            </Show>
            <label class="button">
                "从文件导入"
                <input class="app-hidden" type="file" accept=".json,application/json" node_ref=file on:change=import/>
            </label>
            <Show when=move || some() && !asking.get()>
                <button type="button" class="button" on:click=ask>"全部清空"</button>
            </Show>
        </div>
        <Show when=move || some() && asking.get()>
            <div class="favourites-ask" role="group" aria-label="确认清空">
                <p>{move || format!("确定清空全部 {} 条收藏？清空后不能恢复。", kept.with(List::len))}</p>
                <button type="button" class="button" on:click=clear>"确定清空"</button>
                <button type="button" class="button" on:click=leave>"不清空"</button>
            </div>
        </Show>
    }
}

async fn read(file: &web_sys::File) -> Result<List, ListError> {
    if file.size() > LARGEST_FILE {
        return Err(ListError::TooLong);
    }
    let text = JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string());
    List::parse(&text.ok_or(ListError::NotAList)?)
}

/// What to say, where the device may have refused to keep it.
fn outcome(stored: bool, done: String) -> String {
    if stored {
        done
    } else {
        "此浏览器不允许本站保存数据，改动在关闭页面后会丢失。".to_owned()
    }
}
