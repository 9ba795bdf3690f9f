/* Page script: plain ES2017, for old web views. Every page is whole without it.
   A day is a text like 2026-11-22 in Beijing time (UTC+8 all year); such texts sort. */
(() => {
  "use strict";
  const WORDS = {
    not_yet: "尚未施行", in_force: "现行有效", expiring: "即将到期",
    amended: "部分有效", expired: "已失效", repealed: "已废止"
  };

  const dayAt = ms => new Date(ms + 288e5).toISOString().slice(0, 10);
  const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 864e5);
  const chinese = day => day.replace(/0*(\d+)-0*(\d+)-0*(\d+)/, "$1年$2月$3日");

  // As yima_model::Lifespan::on; tests/cases/validity.json holds both to it.
  function validity(d, today) {
    if (d.repealed && today >= d.repealed) return "repealed";
    if (d.expires && today > d.expires) return "expired";
    if (today < d.effective) return "not_yet";
    if (d.expires && days(today, d.expires) <= +d.expiringDays) return "expiring";
    return d.amended && today >= d.amended ? "amended" : "in_force";
  }
  function until(today, last) {
    const left = days(today, last);
    return left > 200 ? "" : left > 0 ? `还有${left}天` : left ? "已截止" : "今天截止";
  }

  if (typeof module === "object") return void (module.exports = { dayAt, validity, until, chinese });

  const root = document.documentElement;
  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const click = (el, act) => el.addEventListener("click", act);
  // Storage may be forbidden: then nothing is kept.
  const load = key => { try { return localStorage.getItem(key); } catch (e) { return null; } };
  const save = (key, value) => { try { localStorage.setItem(key, value); } catch (e) {} };

  function tell() {
    const today = dayAt(Date.now());
    each("[data-effective]", el => {
      const id = validity(el.dataset, today);
      el.className = "validity " + id;
      el.querySelector("strong").textContent = WORDS[id];
    });
    each("[data-until]", el => { el.textContent = until(today, el.dataset.until); });
    each("[data-today]", el => { el.dateTime = today; el.textContent = chinese(today); });
    each("[data-as-of] span", el => {
      const age = days(el.parentNode.dataset.asOf, today);
      el.textContent = age > 0 ? `，距今${age}天` : "";
    });
  }

  function elder(on) {
    root.classList.toggle("elder", on);
    each(".elder-switch", el => el.setAttribute("aria-pressed", on));
  }

  function favourites() {
    try {
      const ids = JSON.parse(load("yima.favourites"));
      return Array.isArray(ids) ? ids : [];
    } catch (e) { return []; }
  }
  function mark(el) {
    const on = favourites().includes(el.dataset.favourite);
    el.setAttribute("aria-pressed", on);
    el.textContent = on ? "已收藏" : "收藏";
  }

  each(".tools,.print,[data-favourite]", el => { el.hidden = false; });
  elder(load("yima.elder") === "1");
  each(".elder-switch", el => click(el, () => {
    const on = !root.classList.contains("elder");
    save("yima.elder", on ? "1" : "0");
    elder(on);
  }));
  each("[data-favourite]", el => {
    mark(el);
    click(el, () => {
      const id = el.dataset.favourite, all = favourites(), rest = all.filter(other => other !== id);
      save("yima.favourites", JSON.stringify(rest.length < all.length ? rest : all.concat(id)));
      mark(el);
    });
  });
  // Other scripts and languages: a module, once wanted.
  each(".reading", el => {
    const read = e => {
      if (e) el.dataset.wanted = e.target.value;
      el.append(Object.assign(document.createElement("script"), { type: "module", src: el.dataset.script }));
    };
    load("yima.reading") ? read() : click(el, read);
  });
  each(".print", el => click(el, () => window.print()));
  each(".article-label", a => click(a, () => {
    if (navigator.clipboard) navigator.clipboard.writeText(a.href).then(() => { a.dataset.said = "链接已复制"; }, () => {});
  }));
  tell();
  document.addEventListener("visibilitychange", () => document.hidden || tell());
})();
