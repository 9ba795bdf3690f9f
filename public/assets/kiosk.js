/* A kiosk: a screen in a hall that one visitor after the other uses, and nobody looks after for weeks.
   A module of its own: yima.js asks for it once a page was opened with `?kiosk`, on every page of the tab until it is
   closed. What a visitor leaves is gone after 90 seconds without a touch; nothing on a page leads out of the site. */

const IDLE = 90, WARNED = 15; // seconds until all is wiped, and for how many of them a visitor is told
const FRESH = 900; // seconds after which a screen that nobody uses fetches the site again
const PAPERS = 6; // sheets a visitor can print
const KEY = "yima.kiosk";

const root = document.documentElement;
const meta = document.querySelector("[name=kiosk]"), parts = meta.dataset;
const page = {
  name: meta.content,
  origin: new URL(document.querySelector("[property='og:url']").content).origin
};

/* Everything that outlives a page: number of the visit, whether somebody is there, entries of the history that are this
   visit's, sheets printed, and how far the wiping is. */
const state = Object.assign({ visit: 1, there: location.pathname !== "/", entries: [], printed: 0, step: "" }, kept());
function kept() {
  try { return JSON.parse(sessionStorage.getItem(KEY)); } catch (e) { return null; }
}
const keep = change => sessionStorage.setItem(KEY, JSON.stringify(Object.assign(state, change)));
const visit = state.visit;

function make(tag, props, ...children) {
  const el = Object.assign(document.createElement(tag), props);
  el.append(...children.filter(Boolean));
  return el;
}
const button = (textContent, act, className = "") => {
  const el = make("button", { type: "button", className: "kiosk-button " + className, textContent });
  el.addEventListener("click", act);
  return el;
};

/* The module of the app that draws symbols and spells; null where the app was not built. */
let asked = null;
function app() {
  asked = asked || (async () => {
    if (!parts.glue) return null;
    const module = await import(parts.glue);
    await module.default({ module_or_path: parts.wasm });
    return module;
  })().catch(() => asked = null);
  return asked;
}

/* What a phone would open to see what is shown here. */
function address(href = location.href) {
  const url = new URL(href, location.href);
  if (url.origin !== location.origin) return url.href;
  if (url.searchParams.has("kiosk")) url.searchParams.delete("kiosk");
  return page.origin + url.pathname + url.search + (url.hash === "#main" ? "" : url.hash);
}

/* The symbol of a text; without the app the one that stands on the page, when it is the page that is asked for. */
async function symbol(text) {
  const module = await app(), drawn = module && module.symbol(text);
  if (!drawn) {
    const own = text === page.origin + location.pathname && document.querySelector(".foot-code .qr, .code .qr");
    return own ? own.cloneNode(true) : null;
  }
  const space = drawn.indexOf(" "), side = drawn.slice(0, space);
  const draw = (tag, attributes) => {
    const el = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const key in attributes) el.setAttribute(key, attributes[key]);
    return el;
  };
  const svg = draw("svg", { viewBox: `0 0 ${side} ${side}`, class: "qr", role: "img", "aria-label": "二维码", "shape-rendering": "crispEdges" });
  svg.append(draw("path", { fill: "#fff", d: `M0 0h${side}v${side}H0z` }), draw("path", { fill: "#000", d: drawn.slice(space + 1) }));
  return svg;
}

/* A dialog with a heading; gone when it is closed. */
function dialog(title, className, ...children) {
  const heading = make("h2", { id: "kiosk-title", textContent: title });
  const el = make("dialog", { className: "kiosk-dialog " + className }, heading, ...children);
  el.setAttribute("aria-labelledby", "kiosk-title");
  el.addEventListener("close", () => el.remove());
  document.body.append(el);
  el.showModal();
  return el;
}
const close = event => event.target.closest("dialog").close();

/* Something to take along: a symbol, what it holds, and a text of it if it can be shown here. */
async function carry(title, said, text, shown) {
  const code = await symbol(text);
  const missing = code ? null : make("p", { className: "note", textContent: "这台机器没有装二维码程序，请照下面的文字输入。" });
  const typed = make("p", { className: "kiosk-address", textContent: text.replace(/^(tel|mailto):/, "") });
  typed.setAttribute("translate", "no");
  const body = shown ? make("pre", { className: "kiosk-text", textContent: shown, tabIndex: 0 }) : null;
  dialog(title, "kiosk-carry", make("p", { textContent: said }), code, missing, typed, body, button("关闭", close, "primary"));
}
const carryPage = () => carry("带走这一页", "用手机扫一扫，接着看这一页。", address());

/* Links. A page of this site opens; text is shown; all else is for the phone. */
const isOwn = url => url.origin === location.origin && url.protocol === location.protocol;
const isPage = url => isOwn(url) && /^$|\.html$|^[^.]*$/.test(url.pathname.split("/").pop());
async function leave(url) {
  const own = isOwn(url);
  if (/^(blob|data|javascript|file):$/.test(url.protocol)) {
    return dialog("这台机器不能存文件", "", make("p", { textContent: "请用自己的手机打开本站再存。" }), button("关闭", close, "primary"));
  }
  if (own && /\.(txt|md|csv)$/i.test(url.pathname)) {
    const answer = await fetch(url.href).catch(() => null);
    const text = answer && answer.ok ? await answer.text() : null;
    return carry("附件", "用手机扫码，可以下载这个附件。", address(url.href), text && text.slice(0, 100000));
  }
  const call = url.protocol === "tel:";
  carry(call ? "用手机拨打" : "用手机扫码打开", own ? "这台机器不能下载，用手机扫码打开。" : "这台机器只看本站，用手机扫码打开。", address(url.href));
}
function follow(event) {
  const link = event.target.closest && event.target.closest("a[href],area[href]");
  if (!link || event.defaultPrevented) return;
  const url = new URL(link.getAttribute("href"), document.baseURI);
  const inside = isPage(url) && !link.hasAttribute("download");
  if (inside && event.type === "click" && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey) {
    link.removeAttribute("target");
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  inside ? location.assign(url) : leave(url);
}
addEventListener("click", follow, true);
addEventListener("auxclick", follow, true);
addEventListener("submit", event => {
  const form = event.target;
  form.removeAttribute("target");
  if (new URL(form.action || location.href, location.href).origin !== location.origin) event.preventDefault();
}, true);
for (const type of ["contextmenu", "dragstart", "dragover", "drop"]) addEventListener(type, event => event.preventDefault(), true);
addEventListener("wheel", event => event.ctrlKey && event.preventDefault(), { capture: true, passive: false });
addEventListener("keydown", event => {
  // Keys that belong to the browser, not to the page.
  if (event.ctrlKey || event.metaKey || event.altKey || /^F\d+$|^Browser|^ContextMenu$/.test(event.key)) event.preventDefault();
}, true);
window.open = () => null;
// What a script of the page starts is no way out either.
const press = HTMLAnchorElement.prototype.click;
HTMLAnchorElement.prototype.click = function () {
  isPage(this) && !this.hasAttribute("download") ? press.call(this) : leave(new URL(this.href));
};
if (window.navigation) navigation.addEventListener("navigate", event => {
  const url = new URL(event.destination.url), out = event.downloadRequest !== null || !isPage(url);
  if (!event.cancelable || !out || event.navigationType === "traverse") return;
  event.preventDefault();
  leave(url);
});

/* Printing: only from buttons of the page, and not without end. */
const paper = window.print.bind(window);
function print() {
  if (state.printed >= PAPERS) {
    dialog("已经打印了六张", "", make("p", { textContent: "请把机会留给下一位，也可以用手机扫码带走。" }), button("关闭", close, "primary"));
    return false;
  }
  keep({ printed: state.printed + 1 });
  paper();
  return true;
}
window.print = print;
async function choosePaper() {
  const { sheet } = await import(parts.paper);
  const choose = size => event => {
    close(event);
    sheet(size, { make, symbol, print, origin: page.origin });
  };
  dialog("打印", "", make("p", { textContent: "打印政策身份证，选一种纸。" }), button("A4 纸", choose("a4"), "primary"), button("80 毫米小票", choose("slip"), "primary"), button("不打了", close));
}
const printable = () => document.querySelector("main .code .typed, .foot-code .typed");

/* What is always at hand, at the foot of the screen. */
function bar() {
  const home = make("a", { className: "kiosk-button", href: "/", textContent: "首页" });
  const search = make("a", { className: "kiosk-button", href: "/search/", textContent: "查政策" });
  const el = make("div", { className: "kiosk-bar" }, home, search,
    button("返回", () => history.back()), button("带走这一页", carryPage), printable() && button("打印", choosePaper),
    button("用完了", wipe, "primary"));
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", "本机操作");
  document.body.append(el);
  new ResizeObserver(() => document.body.style.setProperty("--kiosk-bar", el.offsetHeight + "px")).observe(el);
  for (const own of document.querySelectorAll(".print")) own.addEventListener("click", event => {
    event.stopImmediatePropagation();
    printable() ? choosePaper() : print();
  }, true);
}

/* The keypad, for a screen whose system cannot type Chinese. */
const TYPED = "input:not([type]),input[type=search],input[type=text],input[type=tel],input[type=number],input[type=email],textarea";
addEventListener("focusin", async event => {
  const field = event.target;
  if (!field.matches || !field.matches(TYPED)) return;
  field.setAttribute("autocomplete", "off");
  field.setAttribute("inputmode", "none");
  const { attach } = await import(parts.keypad);
  if (document.activeElement === field) attach(field, { make, app, head: parts.head });
});

/* The end of a visit: everything of the visitor goes, the offline site stays. The oldest page of the history is gone
   back to and replaced, and what came after it is cut off: no way back leads to what was looked at. */
async function wipe() {
  touched = Infinity;
  root.classList.add("kiosk-gone");
  if (window.speechSynthesis) speechSynthesis.cancel();
  for (const media of document.querySelectorAll("audio,video")) media.pause();
  try { localStorage.clear(); } catch (e) { /* nothing was kept */ }
  sessionStorage.clear();
  keep({ visit: visit + 1, there: false, entries: [], printed: 0, step: "back" });
  await answers();
  const entries = window.navigation ? navigation.entries() : [];
  if (!entries.length || entries[0].key === navigation.currentEntry.key) return restart();
  // Another document takes over, or this one goes on when it is the oldest itself.
  navigation.traverseTo(entries[0].key).committed.then(restart, () => setTimeout(restart, 2000));
}
function restart() {
  keep({ step: "cut" });
  location.replace("/");
}
/* Until the host answers: a page that cannot be fetched would end the kiosk. */
async function answers() {
  for (;;) {
    const answer = await fetch("/", { cache: "no-store" }).catch(() => null);
    if (answer && answer.ok) return;
    if (!document.querySelector(".kiosk-wait")) document.body.append(make("p", { className: "kiosk-wait", textContent: "暂时连不上，马上恢复" }));
    await new Promise(done => setTimeout(done, 5000));
  }
}
const entry = () => window.navigation && navigation.currentEntry ? navigation.currentEntry.key : "";
const own = () => state.entries.includes(entry()) || keep({ entries: state.entries.concat(entry()).slice(-60) });

/* A visit: after so long without a touch it ends. */
let touched = performance.now(), warning = null;
function tick() {
  const idle = (performance.now() - touched) / 1000, left = Math.ceil(IDLE - idle);
  if (!state.there) {
    if (idle > FRESH) {
      touched = performance.now();
      fetch("/", { cache: "no-store" }).then(answer => answer.ok && !state.there && location.replace("/"), () => {});
    }
    return;
  }
  if (left <= 0) return void wipe();
  if (left > WARNED) return;
  if (!warning) warn();
  const { count, text, told } = warning, said = `还有 ${left} 秒回到首页`;
  if (count.textContent === String(left)) return;
  count.textContent = left;
  text.textContent = said;
  // Who only hears is told now and then, not every second.
  if (left % 5 === 0) told.textContent = said;
}
function warn() {
  const count = make("p", { className: "kiosk-count" }), told = make("p", { className: "kiosk-told" });
  count.setAttribute("aria-hidden", true);
  told.setAttribute("role", "status");
  const text = make("p", { id: "kiosk-warned" });
  const note = make("p", { className: "note", textContent: "到时会清除您看过、搜过的一切。" });
  const on = button("继续使用", () => touch(), "primary");
  const el = dialog("您还在吗？", "kiosk-warning", count, text, note, told, on);
  el.setAttribute("role", "alertdialog");
  el.setAttribute("aria-describedby", "kiosk-warned");
  el.addEventListener("close", () => { warning = null; touched = performance.now(); });
  warning = { el, count, text, told };
  on.focus();
}
function touch(event) {
  if (touched === Infinity) return;
  // A press that ends the warning must not also press what is under it.
  if (warning && event && !/^(click|keydown)$/.test(event.type)) return;
  touched = performance.now();
  if (!warning) return;
  if (event && event.key !== "Tab") event.preventDefault();
  if (!event || event.key !== "Tab") warning.el.close();
}
for (const type of ["pointerdown", "touchstart", "touchmove", "click", "keydown", "wheel", "scroll"]) addEventListener(type, touch, { capture: true, passive: type !== "click" && type !== "keydown" });

/* Nobody is there: the whole screen says what it is for, and one touch begins. */
function attract() {
  const field = make("button", { type: "button", className: "kiosk-field", textContent: "查一项政策" });
  const can = ["查政策：是否有效、给谁、给什么、怎么办", "看问答：审核过的回答，写明依据", "带走：扫码接着看，或者打印一张"];
  const speaks = window.speechSynthesis && speechSynthesis.getVoices().some(voice => /^(zh|cmn)/i.test(voice.lang));
  if (speaks) can.push("听：让机器读给您听");
  const code = document.querySelector(".foot-code .qr");
  const take = code && make("figure", {}, code.cloneNode(true), make("figcaption", { textContent: "扫一扫，在手机上打开本站" }));
  const name = make("h2", { id: "kiosk-name", textContent: page.name });
  const shown = document.querySelector(".demonstration") && make("p", { className: "kiosk-shown", textContent: "演示数据，虚构城市" });
  const el = make("dialog", { className: "kiosk-attract" }, shown, name, make("p", { className: "kiosk-start", textContent: "点一下开始" }), field,
    make("ul", {}, ...can.map(textContent => make("li", { textContent }))), take);
  el.setAttribute("aria-labelledby", "kiosk-name");
  document.body.append(el);
  el.showModal();
  field.focus();
  const begin = event => {
    event.preventDefault();
    touched = performance.now();
    keep({ there: true });
    el.close();
    el.remove();
    const input = event.target === field && document.querySelector("#q");
    input ? input.focus() : document.querySelector("main").focus();
  };
  el.addEventListener("click", begin);
  el.addEventListener("keydown", begin);
  el.addEventListener("cancel", begin);
}

async function start() {
  const here = new URL(location.href);
  if (here.searchParams.has("kiosk")) {
    here.searchParams.delete("kiosk");
    history.replaceState(history.state, "", here);
  }
  root.classList.add("kiosk");
  // Large type, unless this visitor chose otherwise.
  let chosen = null;
  try { chosen = localStorage.getItem("yima.elder"); } catch (e) { /* not kept */ }
  if (chosen === null) {
    root.classList.add("elder");
    for (const el of document.querySelectorAll(".elder-switch")) el.setAttribute("aria-pressed", true);
  }
  // Players have a menu of their own, with ways out.
  for (const media of document.querySelectorAll("audio,video")) {
    media.setAttribute("controlslist", "nodownload nofullscreen noremoteplayback noplaybackrate");
    media.disablePictureInPicture = true;
  }
  own();
  if (window.navigation) navigation.addEventListener("currententrychange", own);
  const style = make("link", { rel: "stylesheet", href: parts.style });
  const styled = new Promise(done => style.onload = style.onerror = done);
  document.head.append(style);
  await styled;
  bar();
  if (!state.there) location.pathname === "/" ? attract() : keep({ there: true });
  setInterval(tick, 250);
  // Only a kiosk's own server listens for it; its start script opens /?kiosk=beat.
  if (/[?&]kiosk=beat\b/.test(location.search)) keep({ beat: true });
  if (state.beat) beat();
}
// The server hears that the screen is alive. One that does not answer 204 is no kiosk's, and is not told again.
async function beat() {
  const said = await fetch("/.well-known/yima-kiosk", { method: "POST" }).catch(() => null);
  if (!said || said.status === 204) setTimeout(beat, 1e4);
}
// A page kept by the browser is blank until it is known to be this visitor's.
addEventListener("pagehide", () => root.classList.add("kiosk-gone"));
addEventListener("pageshow", event => {
  if (!event.persisted) return;
  Object.assign(state, kept());
  if (state.step === "back") return restart();
  if (state.visit !== visit) return location.replace("/");
  touched = performance.now();
  root.classList.remove("kiosk-gone");
});

const [arrival] = performance.getEntriesByType("navigation");
const back = arrival && arrival.type === "back_forward";
if (state.step === "back") restart();
else if (state.step === "cut") {
  keep({ step: "" });
  history.pushState(null, "", "/");
  start();
} else if (back && !(entry() && state.entries.includes(entry()))) location.replace("/");
else start();
