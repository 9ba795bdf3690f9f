//! One question, what the desk asked back, and what it says.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};
use yima_model::Validity;
use yima_search::desk::{Choice, Choosable, Exchange, Side};

use super::article::Clause;
use super::desk::{Answered, Near, Office, Reply, desk};
use super::slip::Slip;
use super::speech::{self, ReadAloud};
use crate::browser::{self, Shared};
use crate::favourites::Keep;

/// The exchange of this number.
#[component]
pub(super) fn Turn(key: u32) -> impl IntoView {
    let desk = desk();
    let exchange = Memo::new(move |_| desk.log.with(|log| log.of(key).cloned()).unwrap_or_default());
    let reply = RwSignal::new(Reply::Looking);
    let attempt = RwSignal::new(0_u32);
    Effect::new(move |before: Option<bool>| {
        attempt.track();
        let asked = exchange.get();
        reply.set(Reply::Looking);
        let moves = before.is_some() || key > 0 || !desk.opened.get_value();
        desk.reply(asked.clone(), move |said| {
            // A late reply to what was said before.
            if exchange.try_with_untracked(|now| *now == asked) == Some(true) {
                reply.set(said);
                if moves && desk.log.with_untracked(|log| log.is_last(key)) {
                    browser::focus_next(vec![format!("#ask-turn-{key} .ask-said-last")]);
                    // The question stands at the top, what is said to it below.
                    request_animation_frame(move || {
                        if let Some(turn) = browser::element(&format!("ask-turn-{key}")) {
                            turn.scroll_into_view();
                        }
                    });
                }
            }
        });
        true
    });
    let text = move || exchange.with(|exchange| exchange.text().to_owned());
    let said_back = move || exchange.with(|exchange| exchange.choices().to_vec());
    view! {
        <article class="ask-turn" id=format!("ask-turn-{key}")>
            <p class="ask-mine">
                <span class="app-hidden">"您问："</span>
                {text}
            </p>
            {move || {
                said_back()
                    .into_iter()
                    .map(|choice| {
                        view! {
                            <p class="ask-theirs ask-asked">{choice.side.zh()}</p>
                            <p class="ask-mine">
                                <span class="app-hidden">"您答："</span>
                                {desk.name(&choice)}
                            </p>
                        }
                    })
                    .collect_view()
            }}
            {move || match reply.get() {
                Reply::Looking => view! { <p class="ask-theirs ask-looking">"正在查找"</p> }.into_any(),
                Reply::Failed(error) => {
                    view! {
                        <div class="ask-theirs">
                            <p class="ask-said-last" tabindex="-1">{error.to_string()}</p>
                            <button type="button" class="button" on:click=move |_| attempt.update(|n| *n += 1)>
                                "再试一次"
                            </button>
                        </div>
                    }
                        .into_any()
                }
                Reply::Answer(answered) => view! { <Answer answered=*answered/> }.into_any(),
                Reply::AskBack { side, options } => view! { <AskBack side options/> }.into_any(),
                Reply::Unsure { nearest, office } => {
                    view! { <Unsure exchange=exchange.get_untracked() nearest office/> }.into_any()
                }
            }}
        </article>
    }
}

#[component]
fn AskBack(side: Side, options: Vec<Choosable>) -> impl IntoView {
    let desk = desk();
    let option = move |value: Option<String>, name: String, count: Option<usize>| {
        let choose = move |_| desk.choose(Choice { side, value: value.clone() });
        view! {
            <li>
                <button type="button" class="button" on:click=choose>
                    {name}
                    {count.map(|count| view! { <span class="tally">{format!("{count} 条")}</span> })}
                </button>
            </li>
        }
    };
    let options: Vec<_> =
        options.into_iter().map(|Choosable { value, name, count }| option(Some(value), name, Some(count))).collect();
    view! {
        <div class="ask-theirs">
            <h2 class="ask-said-last" tabindex="-1">{side.zh()}</h2>
            <ul class="ask-options">{options} {option(None, "都不是，或者不确定".to_owned(), None)}</ul>
        </div>
    }
}

#[component]
fn Answer(answered: Answered) -> impl IntoView {
    let Answered { question, href, card, validity, article, related } = answered;
    let desk = desk();
    let ground = NodeRef::<html::Div>::new();
    let said = RwSignal::new("");
    let share = {
        let (question, href) = (question.clone(), href.clone());
        move |_| match browser::share(&question, &href) {
            Some(Shared::Handed) => {}
            Some(Shared::Copied) => said.set("链接已复制"),
            None => said.set("请复制浏览器地址栏里的链接"),
        }
    };
    let standing = standing(validity, article.review);
    view! {
        <section class="ask-theirs ask-answer">
            <p class="kicker">"审核过的回答"</p>
            <h2 class="ask-said-last" tabindex="-1">{question}</h2>
            {standing
                .map(|sentence| {
                    view! {
                        <p class="ask-standing">
                            {dead(validity).map(|word| view! { <strong class="ask-dead">{word}</strong> })} {sentence}
                        </p>
                    }
                })}
            <div class="ask-article" node_ref=ground inner_html=article.html></div>
            {(!article.clauses.is_empty()).then(|| view! { <Clauses clauses=article.clauses/> })}
            <p class="actions">
                <ReadAloud article=ground sentences=article.sentences/>
                <button type="button" class="button" on:click=share>
                    "分享"
                </button>
                <button type="button" class="button" on:click=|event| print_only(&event, ".ask-turn")>
                    "打印"
                </button>
                {article.policy.map(|(id, title)| view! { <Keep kept=desk.kept id title/> })}
                <span role="status">{move || said.get()}</span>
            </p>
            <p class="meta ask-ways">
                <a href=href>"这条问答的网页"</a>
                {(!card.is_empty()).then(|| view! { <a href=card>"它的一码"</a> })}
            </p>
            {(!related.is_empty())
                .then(|| {
                    view! {
                        <h3>"接着问"</h3>
                        <Others others=related/>
                    }
                })}
        </section>
    }
}

/// The words of the clauses an answer rests on, fetched when one wants to read them.
#[component]
fn Clauses(clauses: Vec<Clause>) -> impl IntoView {
    let desk = desk();
    let lines = RwSignal::new(Vec::<String>::new());
    let failed = RwSignal::new(String::new());
    let read = move |_| {
        desk.read(clauses.clone(), move |read| match read {
            Ok(read) => {
                let _ = lines.try_set(read);
            }
            Err(error) => {
                let _ = failed.try_set(error.to_string());
            }
        });
    };
    view! {
        <details class="ask-clauses" on:toggle=read>
            <summary>"看条文原文"</summary>
            {move || lines.get().into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            <p role="status">{move || failed.get()}</p>
        </details>
    }
}

/// The word for an answer that no longer stands.
fn dead(validity: Validity) -> Option<&'static str> {
    match validity {
        Validity::Expired => Some("已过期"),
        Validity::Repealed => Some("依据已废止"),
        Validity::NotYet | Validity::InForce | Validity::Expiring | Validity::Amended => None,
    }
}

/// What must be said before the answer: it no longer stands, does not stand yet, or is being looked at again.
fn standing(validity: Validity, review: bool) -> Option<&'static str> {
    if validity.is_dead() {
        Some("这条回答的口径已经过期，或者所依据的文件不再执行。下面的内容仅供查考，请以现行文件为准。")
    } else if validity == Validity::NotYet {
        Some("所依据的文件尚未施行，下面的内容到施行那天才算数。")
    } else if review {
        Some("依据条文有变动，这条回答待复核。")
    } else {
        None
    }
}

#[component]
fn Unsure(exchange: Exchange, nearest: Vec<Near>, office: Option<Office>) -> impl IntoView {
    let desk = desk();
    let (text, query) = (exchange.text().to_owned(), exchange.to_query_string());
    let find = format!("/search/?{}", Exchange::new(&text).to_query_string());
    let hotline = desk.hotline.get_value();
    let none = nearest.is_empty();
    let call = |phone: &str| view! { <a class="tel" href=format!("tel:{phone}")>{phone.to_owned()}</a> };
    view! {
        <section class="ask-theirs ask-unsure">
            <h2 class="ask-said-last" tabindex="-1">
                {if none { "没有找到审核过的回答" } else { "没有把握，不替您猜" }}
            </h2>
            {(!none)
                .then(|| {
                    view! {
                        <p>"意思最接近的是这几条，点一下就看回答："</p>
                        <Others others=nearest/>
                    }
                })}
            <p>
                {if none { "可以" } else { "都不是的话，可以" }}
                {office
                    .clone()
                    .map(|office| {
                        view! {
                            "打给"
                            <a href=format!("/department/{}/", office.id)>{office.name}</a>
                            {(!office.phone.is_empty()).then(|| call(&office.phone))}
                            "，或者"
                        }
                    })} "打政务服务热线" {call(&hotline)}
                "，也可以"<a href=find>"在政策文件里找"</a>"。"
            </p>
            <Slip text query=StoredValue::new(query) office/>
        </section>
    }
}

/// Questions one can go on with: each is asked in its own words.
#[component]
fn Others(others: Vec<Near>) -> impl IntoView {
    let desk = desk();
    let item = move |near: Near| {
        let question = near.question.clone();
        let ask = move |event: MouseEvent| {
            // A link as well, for who opens it in another tab.
            if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
                event.prevent_default();
                desk.ask(&question);
            }
        };
        view! {
            <li>
                <a href=near.href on:click=ask>
                    {near.question}
                </a>
                <p class="meta">
                    {near.dead.then(|| view! { <span class="ask-dead">"已过期"</span> })}{near.short}
                </p>
            </li>
        }
    };
    view! { <ul class="ask-others">{others.into_iter().map(item).collect_view()}</ul> }
}

/// Prints the part of the page around a button, and nothing else.
pub(super) fn print_only(event: &MouseEvent, selector: &str) {
    speech::hush();
    let button = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let (Some(part), Some(root)) =
        (button.and_then(|button| button.closest(selector).ok().flatten()), document().document_element())
    else {
        return;
    };
    let _ = part.class_list().add_1("ask-printed");
    let _ = root.class_list().add_1("ask-printing");
    let _ = window().print();
    let _ = part.class_list().remove_1("ask-printed");
    let _ = root.class_list().remove_1("ask-printing");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_answer_that_does_not_stand_goes_without_a_word() {
        for validity in Validity::ALL {
            let said = standing(validity, false);
            assert_eq!(said.is_none(), validity.is_live(), "{validity:?}");
            assert_eq!(dead(validity).is_some(), validity.is_dead(), "{validity:?}");
            assert!(standing(validity, true).is_some());
        }
    }
}
