/* A policy on paper from a kiosk: one sheet A4, or a slip of 80 mm as receipts are. kiosk.js asks for it.
   What is printed is taken from the page: nothing on the paper is not on the page. */

const WIDTH = 80; // millimetres of a slip
const MARGIN = 4;
const PIXELS = 96 / 25.4; // CSS pixels in a millimetre

const text = (selector, within = document) => {
  const el = within.querySelector(selector);
  return el ? el.textContent.trim() : "";
};
const today = () => new Date(Date.now() + 288e5).toISOString().slice(0, 10).replace(/0*(\d+)-0*(\d+)-0*(\d+)/, "$1年$2月$3日");

/* Prints the record of this page. `size` is `a4` or `slip`. */
export async function sheet(size, { make, symbol, print, origin }) {
  const typed = text("main .code .typed") || text(".foot-code .typed");
  const code = typed.slice(typed.lastIndexOf("/") + 1), host = typed.split("/")[0];
  const standing = document.querySelector(".standing");
  const name = text("main h1");
  const rows = [];
  const glance = document.querySelectorAll(".glance dt");
  for (const dt of glance) rows.push([dt.textContent, dt.nextElementSibling.textContent.replace(/\s+/g, " ").trim()]);
  const hash = document.querySelector("[data-sha256]");
  const own = [...document.querySelectorAll("main .facts dt")].find(dt => dt.textContent === "SHA-256");
  const sha256 = hash ? hash.dataset.sha256 : own && document.querySelectorAll("main .facts code").length === 1 ? own.nextElementSibling.textContent : "";
  const hotline = text(".foot-about a[href^='tel:'], body > footer a[href^='tel:']");
  const asOf = text("[data-as-of] time");
  const demonstration = document.querySelector(".demonstration") ? "演示数据，虚构城市，请勿据此办事" : "";

  const list = make("dl", {});
  for (const [term, said] of rows) list.append(make("dt", { textContent: term }), make("dd", { textContent: said }));
  const small = make("dl", { className: "kiosk-small" });
  const say = (term, said) => said && small.append(make("dt", { textContent: term }), make("dd", { textContent: said }));
  say("数据截至", asOf);
  say("打印日期", today());
  say("网站", host);
  say("热线", hotline);
  say("SHA-256", sha256);
  // Upper case and no other sign keep the symbol small: it must be read from thermal paper.
  const drawn = await symbol(`${origin}/Q/${code}/`.toUpperCase()) || document.querySelector("main .code .qr, .foot-code .qr").cloneNode(true);
  const el = make("section", { className: "kiosk-paper " + size },
    demonstration && make("p", { className: "kiosk-demonstration", textContent: demonstration }),
    make("p", { className: "kiosk-site", textContent: text(".brand") + "　政策身份证" }),
    make("h2", { textContent: name }),
    standing && make("p", { className: "kiosk-standing", textContent: `${text(".validity strong", standing)}（${text(".on", standing)}）` }),
    rows.length && list,
    make("div", { className: "kiosk-code" }, drawn, make("p", {}, make("b", { textContent: code }), make("span", { textContent: typed }))),
    make("p", { className: "note", textContent: "是否有效以扫码看到的为准。" }), small);
  document.body.append(el);

  // The paper of a slip is as long as what is on it, and only the page knows how long that is.
  const high = Math.ceil(el.getBoundingClientRect().height / PIXELS) + 2 * MARGIN;
  const rule = size === "slip" ? `@page{size:${WIDTH}mm ${high}mm;margin:${MARGIN}mm}` : "@page{size:A4;margin:18mm}";
  const style = new CSSStyleSheet(), root = document.documentElement;
  style.replaceSync(rule);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, style];
  root.classList.add("kiosk-printing");
  const done = () => {
    removeEventListener("afterprint", done);
    root.classList.remove("kiosk-printing");
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter(other => other !== style);
    el.remove();
  };
  addEventListener("afterprint", done);
  if (!print()) done();
}
