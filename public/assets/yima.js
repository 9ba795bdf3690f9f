/* ES2017, for old web views. A day: 2026-11-22 in Beijing (UTC+8). */
(() => {
  const WORDS = {
    not_yet: "尚未施行", in_force: "现行有效", expiring: "即将到期",
    amended: "部分有效", expired: "已失效", repealed: "已废止"
  };

  const dayAt = ms => new Date(ms + 288e5).toISOString().slice(0, 10);
  const days = (from, to) => (new Date(to) - new Date(from)) / 864e5;
  const chinese = day => day.replace(/0*(\d+)-0*(\d+)-0*(\d+)/, "$1年$2月$3日");

  // As yima_model's; tests/cases/validity.json holds both to it.
  function validity(d, today) {
    if (d.repealed && today >= d.repealed) return "repealed";
    if (d.expires && today > d.expires) return "expired";
    if (today < d.effective) return "not_yet";
    if (d.expires && days(today, d.expires) <= d.expiringDays) return "expiring";
    return d.amended && today >= d.amended ? "amended" : "in_force";
  }
  function until(today, last) {
    const left = days(today, last);
    return left > 200 ? "" : left > 0 ? `还有${left}天` : left ? "已截止" : "今天截止";
  }

  if (typeof module === "object") return void (module.exports = { dayAt, validity, until, chinese });

  const each = (selector, act) => document.querySelectorAll(selector).forEach(act);
  const click = (el, act, once) => el.addEventListener("click", act, { once });
  const load = key => { try { return localStorage[key]; } catch (e) {} }; // may be forbidden
  const save = (key, value) => { try { localStorage[key] = value; } catch (e) {} };

  function tell() {
    const { asOf } = document.querySelector("[data-as-of]").dataset, today = [asOf, dayAt(Date.now())].sort()[1];
    each("[data-effective]", el => {
      const id = validity(el.dataset, today);
      el.className = "validity " + id;
      el.querySelector("strong").textContent = WORDS[id];
    });
    each("[data-until]", el => el.textContent = until(today, el.dataset.until));
    each("[data-today]", el => { el.dateTime = today; el.textContent = chinese(today); });
    each("[data-as-of] span", el => el.textContent = today > asOf ? `，距今${days(asOf, today)}天` : "");
  }

  function elder(on) {
    on = document.documentElement.classList.toggle("elder", on);
    each(".elder-switch", el => el.setAttribute("aria-pressed", on));
    return on;
  }
  const favourites = () => { try { return [].concat(JSON.parse(load("yima.favourites")) || []); } catch (e) { return []; } };

  each(".tools,.print,[data-favourite]", el => el.hidden = false);
  elder(load("yima.elder") === "1");
  each(".elder-switch", el => click(el, () => save("yima.elder", +elder())));
  each("[data-favourite]", el => {
    const id = el.dataset.favourite, mark = on => {
      el.setAttribute("aria-pressed", on);
      el.textContent = on ? "已收藏" : "收藏";
    };
    mark(favourites().includes(id));
    click(el, () => {
      const all = favourites(), on = !all.includes(id);
      save("yima.favourites", JSON.stringify(on ? all.concat(id) : all.filter(other => other !== id)));
      mark(on);
    });
  });
  each(".print", el => click(el, () => print()));
  each(".article-label", a => click(a, async () => {
    try { await navigator.clipboard.writeText(a.href); a.dataset.said = "链接已复制"; } catch (e) {}
  }));
  // Modules, once wanted: other languages, speech, a kiosk until the tab is closed.
  const bring = el => el.append(Object.assign(document.createElement("script"), { type: "module", src: el.dataset.script }));
  each(".reading", el => load("yima.reading") ? bring(el) : click(el, e => {
    el.dataset.wanted = e.target.value;
    bring(el);
  }, true));
  each(".speak", el => click(el, () => each("[name=speak]", bring), true));
  try {
    const voices = () => each(".speak", el => el.hidden = !speechSynthesis.getVoices().some(v => /^(zh|cmn)/i.test(v.lang)));
    voices(speechSynthesis.onvoiceschanged = voices);
  } catch (e) {}
  try {
    if (sessionStorage["yima.kiosk"] || /[?&]kiosk\b/.test(location.search)) each("[name=kiosk]", bring);
  } catch (e) {}
  tell();
  document.onvisibilitychange = tell;
})();
