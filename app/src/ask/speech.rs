//! Reading aloud: sentence by sentence, the one being read marked. Only where the browser has a Chinese voice.
//!
//! To pause is to stop, and to begin the same sentence again: browsers differ too much in how they pause.

use core::cell::{Cell, RefCell};

use leptos::prelude::*;
use leptos::{ev, html};
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, SpeechSynthesis, SpeechSynthesisUtterance, SpeechSynthesisVoice};

use crate::browser;

/// Speeds, and their words.
const SPEEDS: [(f32, &str); 3] = [(0.75, "慢"), (1.0, "正常"), (1.4, "快")];

/// A sentence, and what is called when it has been said.
type Said = (SpeechSynthesisUtterance, Closure<dyn FnMut()>);

thread_local! {
    /// Counts what was begun: whoever spoke before is silent.
    static SPEAKER: Cell<u32> = const { Cell::new(0) };
    /// What is being said; some browsers forget it otherwise, and never tell that it has ended.
    static SAID: RefCell<Option<Said>> = const { RefCell::new(None) };
}

fn synthesis() -> Option<SpeechSynthesis> {
    if !browser::has(&JsValue::from(window()), "speechSynthesis") {
        return None;
    }
    window().speech_synthesis().ok()
}

/// A voice that speaks Chinese, one of the device first: it needs no network.
fn voice() -> Option<SpeechSynthesisVoice> {
    let voices = synthesis()?.get_voices();
    let chinese = |voice: &SpeechSynthesisVoice| voice.lang().to_ascii_lowercase().starts_with("zh");
    let mut voices: Vec<SpeechSynthesisVoice> =
        voices.iter().map(|voice| voice.unchecked_into::<SpeechSynthesisVoice>()).filter(chinese).collect();
    voices.sort_by_key(|voice| !voice.local_service());
    voices.into_iter().next()
}

/// Nobody speaks any more.
pub(super) fn hush() {
    SPEAKER.set(SPEAKER.get().wrapping_add(1));
    if let Some(synthesis) = synthesis() {
        synthesis.cancel();
    }
}

/// How far one is with an article.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Progress {
    /// The sentence being read.
    at: Option<usize>,
    /// Whether it is being read now.
    speaking: bool,
}

/// Buttons that read an article whose sentences are marked with `data-say`.
#[component]
pub(super) fn ReadAloud(article: NodeRef<html::Div>, sentences: usize) -> impl IntoView {
    let can = RwSignal::new(voice().is_some());
    if let Some(synthesis) = synthesis() {
        // Voices come late in some browsers.
        browser::on(&synthesis, "voiceschanged", move |_| {
            let _ = can.try_set(voice().is_some());
        });
    }
    let progress = RwSignal::new(Progress::default());
    let speed = RwSignal::new(1.0_f32);
    on_cleanup(hush);
    Effect::new(move |_| {
        let at = progress.get().at;
        if let Some(article) = article.get() {
            mark(&article, at);
        }
    });
    let start = move |_| speak(article, sentences, progress.get_untracked().at.unwrap_or_default(), progress, speed);
    let pause = move |_| {
        hush();
        progress.update(|progress| progress.speaking = false);
    };
    let stop = move |_| {
        hush();
        progress.set(Progress::default());
    };
    let choose = move |event: ev::Event| {
        speed.set(event_target_value(&event).parse().unwrap_or(1.0));
        if let Progress { at: Some(at), speaking: true } = progress.get_untracked() {
            speak(article, sentences, at, progress, speed);
        }
    };
    let options = move || {
        SPEEDS.map(|(rate, word)| {
            let chosen = rate.to_string() == speed.get_untracked().to_string();
            view! { <option value=rate.to_string() selected=chosen>{word}</option> }
        })
    };
    view! {
        <Show when=move || can.get()>
            <span class="ask-speech">
                <Show
                    when=move || progress.get().speaking
                    fallback=move || {
                        view! {
                            <button type="button" class="button" on:click=start>
                                {move || if progress.get().at.is_some() { "接着读" } else { "朗读" }}
                            </button>
                        }
                    }
                >
                    <button type="button" class="button" on:click=pause>
                        "暂停"
                    </button>
                </Show>
                <Show when=move || progress.get().at.is_some()>
                    <button type="button" class="button" on:click=stop>
                        "停止"
                    </button>
                    <label>"语速"<select on:change=choose>{options()}</select></label>
                </Show>
            </span>
        </Show>
    }
}

/// Says a sentence, then the next.
fn speak(article: NodeRef<html::Div>, sentences: usize, at: usize, progress: RwSignal<Progress>, speed: RwSignal<f32>) {
    hush();
    let (Some(synthesis), Some(ground)) = (synthesis(), article.get_untracked()) else { return };
    // Numbers without text are gaps between blocks.
    let next = (at..sentences).map(|at| (at, text(&ground, at))).find(|(_, text)| !text.trim().is_empty());
    let Some((at, text)) = next else {
        progress.set(Progress::default());
        return;
    };
    let Ok(utterance) = SpeechSynthesisUtterance::new_with_text(&text) else { return };
    utterance.set_lang("zh-CN");
    utterance.set_rate(speed.get_untracked());
    utterance.set_voice(voice().as_ref());
    let mine = SPEAKER.get();
    let ended = Closure::<dyn FnMut()>::new(move || {
        if SPEAKER.get() == mine && progress.try_get_untracked().is_some() {
            // The closure must not be dropped while it runs.
            request_animation_frame(move || speak(article, sentences, at + 1, progress, speed));
        }
    });
    utterance.set_onend(Some(ended.as_ref().unchecked_ref()));
    synthesis.speak(&utterance);
    SAID.replace(Some((utterance, ended)));
    progress.set(Progress { at: Some(at), speaking: true });
}

fn spans(ground: &Element, at: usize) -> Vec<Element> {
    let Ok(list) = ground.query_selector_all(&format!("[data-say=\"{at}\"]")) else { return Vec::new() };
    (0..list.length()).filter_map(|at| list.get(at)?.dyn_into().ok()).collect()
}

fn text(ground: &Element, at: usize) -> String {
    spans(ground, at).iter().filter_map(|span| span.text_content()).collect()
}

/// Marks the sentence being read, and brings it into view.
fn mark(ground: &Element, at: Option<usize>) {
    if let Ok(marked) = ground.query_selector_all(".ask-said") {
        for span in (0..marked.length()).filter_map(|at| marked.get(at)?.dyn_into::<Element>().ok()) {
            let _ = span.class_list().remove_1("ask-said");
        }
    }
    for span in at.map(|at| spans(ground, at)).unwrap_or_default() {
        let _ = span.class_list().add_1("ask-said");
    }
}
