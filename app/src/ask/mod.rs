//! 问政策: a conversation that shows approved answers and nothing else.
//!
//! - `log`: what was asked so far, as an ordinary struct
//! - `desk`: from a question to what the desk says, file by file
//! - `article`: the answer as its own page shows it, made ready to stand in a conversation
//! - `field`: the question being typed, and questions like it
//! - `turn`: one question and what the desk says to it
//! - `slip`: the question on paper or in a QR code, for where there is no answer
//! - `speech`: reading aloud
//!
//! The answer is taken from the page of its question: what the desk shows is what the department approved, down to the
//! byte, and no second program words it. Which question is meant decides `yima_search::desk`.

mod article;
mod desk;
mod field;
mod log;
mod slip;
mod speech;
mod turn;

use leptos::mount::mount_to;
use leptos::prelude::*;
use web_sys::HtmlElement;

use crate::browser;
use crate::library::Library;
use desk::Desk;

/// Lays the desk over its page: the conversation stands before the form; what the page had stays below it, and gives
/// way only while there is a conversation.
pub(crate) fn lay(place: &HtmlElement, library: Library) {
    let Some((form, input)) = field::keep(place) else { return };
    let Some(ground) = browser::create("div", "ask") else { return };
    if place.insert_before(&ground, Some(&form)).is_err() {
        return;
    }
    let place = place.clone();
    mount_to(ground, move || {
        let hotline = place.get_attribute("data-hotline").unwrap_or_default();
        let desk = Desk::new(library, hotline);
        field::listen(desk, &form, &input);
        let talking = Memo::new(move |_| desk.log.with(|log| !log.is_empty()));
        let place = StoredValue::new_local(place);
        Effect::new(move |_| {
            place.with_value(|place| {
                let _ = place.class_list().toggle_with_force("talking", talking.get());
            });
        });
        provide_context(desk);
        view! { <Conversation/> }
    })
    .forget();
}

#[component]
fn Conversation() -> impl IntoView {
    let desk = desk::desk();
    let keys = Memo::new(move |_| desk.log.with(log::Log::keys));
    view! {
        <div class="ask-log" role="log" aria-label="问答记录">
            <For each=move || keys.get() key=|key| *key let(key)>
                <turn::Turn key/>
            </For>
        </div>
        <Show when=move || !keys.with(Vec::is_empty)>
            <p class="ask-again">
                <button type="button" class="button" on:click=move |_| desk.start_anew()>
                    "重新开始"
                </button>
                <span class="note">"这里说的话只留在这一页，离开就没有了。"</span>
            </p>
        </Show>
    }
}
