//! 问题单: the question on paper, or in a QR code to carry away.

use leptos::prelude::*;

use super::desk::{Office, desk};
use super::turn::print_only;
use crate::browser;
use crate::line::zh_date;
use crate::symbol::symbol;

/// A slip with the question, whom to take it to, and a QR code that asks it again.
#[component]
pub(super) fn Slip(text: String, query: StoredValue<String>, office: Option<Office>) -> impl IntoView {
    let desk = desk();
    let hotline = desk.hotline.get_value();
    let symbol = query.with_value(|query| symbol(&browser::address(query))).map(|(side, path)| {
        view! {
            <figure class="ask-carry">
                <svg
                    viewBox=format!("0 0 {side} {side}")
                    role="img"
                    aria-label="这个问题的二维码"
                    shape-rendering="crispEdges"
                >
                    <path fill="#fff" d=format!("M0 0h{side}v{side}H0z")></path>
                    <path fill="#000" d=path></path>
                </svg>
                <figcaption>"用手机扫一扫，带走这个问题"</figcaption>
            </figure>
        }
    });
    view! {
        <section class="ask-slip">
            <h3>"问题单"</h3>
            <div class="ask-slip-body">
                <dl class="facts">
                    <dt>"想问"</dt>
                    <dd>{text}</dd>
                    {office
                        .map(|office| {
                            view! {
                                <dt>"问谁"</dt>
                                <dd>{office.name}{(!office.phone.is_empty()).then(|| format!("，{}", office.phone))}</dd>
                            }
                        })}
                    <dt>"热线"</dt>
                    <dd>{hotline}</dd>
                    <dt>"日期"</dt>
                    <dd>{zh_date(browser::today())}</dd>
                    <dt class="ask-paper">"回电"</dt>
                    <dd class="ask-paper"></dd>
                    <dt class="ask-paper">"答复"</dt>
                    <dd class="ask-paper ask-tall"></dd>
                </dl>
                {symbol}
            </div>
            <p class="actions">
                <button type="button" class="button" on:click=|event| print_only(&event, ".ask-slip")>
                    "打印问题单"
                </button>
            </p>
        </section>
    }
}
