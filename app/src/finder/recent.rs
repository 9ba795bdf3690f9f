//! What was looked for lately, kept on this device and nowhere else; shown when the field is empty and has the focus.

use leptos::prelude::*;

use super::desk::desk;
use super::state::Change;
use crate::browser;

/// Where the list is kept on the device: one text a line.
const KEY: &str = "yima.searches";

/// As many as one glance takes in.
const MOST: usize = 8;

/// Texts looked for, the latest first, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Searches(Vec<String>);

impl Searches {
    /// Reads what stands on the device.
    fn parse(stored: &str) -> Self {
        let mut searches = Self::default();
        for text in stored.lines().rev() {
            searches.add(text);
        }
        searches
    }

    fn to_stored(&self) -> String {
        self.0.join("\n")
    }

    /// Puts a text first.
    fn add(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() {
            return;
        }
        self.0.retain(|known| *known != text);
        self.0.insert(0, text);
        self.0.truncate(MOST);
    }
}

/// Keeps a text on the device, where the device keeps anything.
pub(super) fn keep(text: &str) {
    let mut searches = read();
    searches.add(text);
    browser::store(KEY, &searches.to_stored());
}

fn read() -> Searches {
    browser::stored(KEY).map(|stored| Searches::parse(&stored)).unwrap_or_default()
}

/// The list, below the empty field.
#[component]
pub(super) fn Recent() -> impl IntoView {
    let desk = desk();
    let empty = Memo::new(move |_| desk.state.with(|state| state.query.text().is_empty()));
    let searches = Memo::new(move |_| if desk.at_field.get() && empty.get() { read() } else { Searches::default() });
    let choose = move |text: &str| {
        desk.fill(text);
        desk.change(Change::Typed(text.to_owned()));
    };
    let forget = move |_| {
        browser::forget(KEY);
        desk.at_field.set(false);
        browser::focus_next(vec!["#finder input[name=q]".to_owned()]);
    };
    view! {
        <Show when=move || searches.with(|searches| !searches.0.is_empty())>
            <div class="finder-recent" role="group" aria-label="最近查找">
                <p class="finder-recent-title">"最近查找（只存在这台设备上）"</p>
                <ul>
                    {move || searches.get().0.into_iter().map(|text| {
                        let said = text.clone();
                        view! { <li><button type="button" on:click=move |_| choose(&text)>{said}</button></li> }
                    }).collect_view()}
                </ul>
                <button type="button" class="finder-forget" on:click=forget>"清除记录"</button>
            </div>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_stand_first_and_each_once() {
        let mut searches = Searches::default();
        for number in 0..12 {
            searches.add(&format!("第 {number} 次"));
        }
        searches.add("  第  8 次 ");
        searches.add(" ");
        assert_eq!(searches.0.len(), MOST);
        assert_eq!(searches.0[..2], ["第 8 次", "第 11 次"]);
        assert_eq!(Searches::parse(&searches.to_stored()), searches);
        assert_eq!(Searches::parse(""), Searches::default());
    }
}
