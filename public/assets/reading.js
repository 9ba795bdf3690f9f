/* The page in traditional script, or its interface in another language, from the one source that every page is.
   A module of its own: yima.js asks for it once something other than 简 is chosen or was kept. What is converted is the
   text that is shown, also what the app renders later; addresses, codes and what a person types stay as they are. */

/* 繁. The table is that of generator/src/reading/mod.rs; the longest phrase at a place wins. */
export function converter(table) {
  const [magic, pairs, ...lines] = table.trimEnd().split("\n");
  if (magic !== "yima-hant 1") throw new Error("not a table of traditional script");
  const one = new Map(), chars = [...pairs], phrases = new Map();
  for (let i = 0; i < chars.length; i += 2) one.set(chars[i], chars[i + 1]);
  const single = text => Array.from(text, c => one.get(c) || c).join("");
  for (const line of lines) {
    const [from, to] = line.split(" "), first = String.fromCodePoint(from.codePointAt(0));
    if (!phrases.has(first)) phrases.set(first, []);
    phrases.get(first).push([from, to || single(from)]);
  }
  for (const list of phrases.values()) list.sort((a, b) => b[0].length - a[0].length);
  return text => {
    let said = "";
    for (let at = 0; at < text.length;) {
      const c = String.fromCodePoint(text.codePointAt(at));
      const found = (phrases.get(c) || []).find(phrase => text.startsWith(phrase[0], at));
      said += found ? found[1] : one.get(c) || c;
      at += found ? found[0].length : c.length;
    }
    return said;
  };
}

const CHINESE = /[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]/;
const HOLE = /\{(\w+)(?:\|([^}]*))?\}/;
const HOLES = { n: "([\\d,.]+)", date: "(\\d+年\\d+月(?:\\d+日)?)", ascii: "([ -;=?-~]+?)" };
const ESCAPED = /[.*+?^$()[\]\\|]/g;

/* Another language. Keys of `texts` are whole texts of the interface; `<>` in them stands for an element, `{n}` for a
   number, `{date}` for a day, `{ascii}` for text without Chinese, `{word}` for words with an entry of their own, any other
   name in braces for words that are looked up, else kept.
   `{n|policy|policies}` chooses by the plural rules of the language: one, others. */
export function translator({ lang, date, months, texts }) {
  const whole = new Map(), patterns = [], known = new Map(), plural = new Intl.PluralRules(lang);
  for (const [key, text] of Object.entries(texts)) {
    if (!HOLE.test(key)) { whole.set(key, text); continue; }
    const names = [];
    const source = key.split(/(\{\w+\})/).map(part => {
      const hole = HOLE.exec(part);
      if (!hole) return part.replace(ESCAPED, "\\$&");
      names.push(hole[1]);
      return HOLES[hole[1].replace(/\d$/, "")] || "([^<>]+?)";
    }).join("");
    patterns.push({ key, names, text, shape: new RegExp("^" + source + "$") });
  }
  const day = words => {
    const [y, m, d] = words.match(/\d+/g);
    return date.replace("{d}", d || "").replace("{month}", months[m - 1]).replace("{y}", y).trim();
  };
  // What a pattern says of what it found, and the entries that took part; null where a word has no entry.
  function fill({ key, names, text }, found) {
    const keys = [key], said = {};
    for (let i = 0; i < names.length; i += 1) {
      const name = names[i], value = found[i + 1], kind = name.replace(/\d$/, "");
      const other = HOLES[kind] ? null : find(value);
      if (kind === "word" && !other) return null;
      if (other) keys.push(...other.keys);
      said[name] = kind === "date" ? day(value) : other ? other.text : value;
    }
    return { keys, text: text.replace(new RegExp(HOLE, "g"), (_, name, forms) => {
      if (!forms) return said[name];
      return forms.split("|")[plural.select(+said[name].replace(/,/g, "")) === "one" ? 0 : 1];
    }) };
  }
  function look(text) {
    if (whole.has(text)) return { keys: [text], text: whole.get(text) };
    for (const pattern of patterns) {
      const found = pattern.shape.exec(text), said = found && fill(pattern, found);
      if (said) return said;
    }
    return null;
  }
  const find = text => {
    if (!known.has(text)) known.set(text, look(text));
    return known.get(text);
  };
  const trimmed = (text, used) => {
    const [, before, middle, after] = /^(\s*)([^]*?)(\s*)$/.exec(text), found = CHINESE.test(middle) && find(middle);
    if (!found) return null;
    found.keys.forEach(used);
    return before + found.text + after;
  };
  /* The texts of an element, in order, `null` for each element among them: the same list with what each text becomes,
     `null` where nothing does. The element as a whole is looked up first, then its texts one by one. A key `a|收藏` is
     for the one text of an `<a>`, where the word is another than elsewhere. */
  return function translate(parts, used = () => {}, tag = "") {
    const texts = parts.filter(part => part !== null);
    if (!texts.some(text => CHINESE.test(text))) return parts.map(() => null);
    const tagged = `${tag}|${texts[0]}`;
    if (parts.length === 1 && whole.has(tagged)) return [whole.get(tagged)];
    const found = texts.length < parts.length && find(parts.map(part => part === null ? "<>" : part).join("").trim());
    if (!found) return parts.map(part => part === null ? null : trimmed(part, used));
    found.keys.forEach(used);
    const slots = found.text.split("<>");
    let slot = 0;
    return parts.map(part => part === null ? (slot += 1, null) : slots[slot] || "");
  };
}

/* The page. */
const SKIP = "script,style,code,pre,kbd,textarea,[translate=no]";
// What documents and answers say stays Chinese in every language.
const CONTENT = ".prose:not(.page-head),.short-answer,.official";
const NAMES = ["title", "alt", "aria-label", "placeholder", "data-said"];
// A font of the script comes first: the one of the page draws the same characters in the other manner.
const FONTS = '"PingFang TC","HarmonyOS Sans TC","Noto Sans CJK TC","Source Han Sans TC","Microsoft JhengHei",system-ui,sans-serif';

function start(box) {
  const root = document.documentElement, source = root.lang;
  // Text node → [what the page said, what it says now]; element → the same by attribute; elements that got a language.
  const texts = new WeakMap(), names = new WeakMap(), marked = new Set();
  const store = (key, value) => { try { localStorage.setItem(key, value); } catch (e) { /* not kept */ } };
  const kept = key => { try { return localStorage.getItem(key); } catch (e) { return null; } };
  let reading = null, turn = 0;

  const said = node => {
    const was = texts.get(node);
    return was && was[1] === node.data ? was[0] : node.data;
  };
  function say(node, to) {
    const from = said(node);
    if (to === null || to === from) to = from;
    texts.set(node, [from, to]);
    if (node.data !== to) node.data = to;
  }
  function name(el, key, change) {
    const now = el.getAttribute(key);
    if (!now) return;
    const all = names.get(el) || {}, from = all[key] && all[key][1] === now ? all[key][0] : now, to = change(from);
    names.set(el, Object.assign(all, { [key]: [from, to] }));
    if (now !== to) el.setAttribute(key, to);
  }
  function mark(el, lang) {
    if (el.lang === lang || el.hasAttribute("lang") && !marked.has(el)) return;
    el.lang = lang;
    marked.add(el);
  }
  function unmark(el) {
    if (marked.delete(el)) el.removeAttribute("lang");
  }

  // One element: its own texts, those next to one another taken together, as frameworks write them in pieces.
  function show(el) {
    for (const key of NAMES) if (el.hasAttribute(key)) name(el, key, reading ? reading.name : text => text);
    const groups = [];
    let open = null;
    for (const node of el.childNodes) {
      if (node.nodeType === 1) { groups.push(null); open = null; }
      else if (node.nodeType === 3) open ? open.push(node) : groups.push(open = [node]);
    }
    if (!groups.some(Boolean)) return;
    const was = groups.map(group => group && group.map(said).join(""));
    const now = reading ? reading.texts(was, el.localName) : was.map(() => null);
    let changed = false;
    groups.forEach((group, i) => {
      if (!group) return;
      if (now[i] === null) group.forEach(node => {
        const to = reading && group.length > 1 ? reading.texts([said(node)], el.localName)[0] : null;
        say(node, to);
        changed = changed || to !== null;
      });
      else {
        group.forEach((node, at) => say(node, at ? "" : now[i]));
        changed = changed || now[i] !== was[i];
      }
    });
    const lang = reading && reading.lang;
    if (!lang || el.closest("head")) return unmark(el);
    if (changed) mark(el, lang);
    else if (was.some(text => text && CHINESE.test(text)) && marked.has(el.parentElement.closest("[lang]"))) mark(el, source);
    else unmark(el);
  }
  const skip = () => reading && reading.lang ? SKIP + "," + CONTENT : SKIP;
  function walk(el) {
    const foreign = el.hasAttribute("lang") && !marked.has(el) && el !== root && !/^zh/i.test(el.lang);
    if (foreign || el.matches(skip())) return;
    show(el);
    if (el.namespaceURI === root.namespaceURI) for (const child of el.children) walk(child);
  }
  const reach = el => el.isConnected && !el.closest(skip());

  const watch = new MutationObserver(changes => {
    const shallow = new Set(), deep = new Set();
    for (const { type, target, addedNodes } of changes) {
      const el = type === "characterData" ? target.parentElement : target;
      if (el) shallow.add(el);
      for (const node of addedNodes) if (node.nodeType === 1) deep.add(node);
    }
    for (const el of shallow) if (reach(el)) show(el);
    for (const el of deep) if (reach(el)) walk(el);
    watch.takeRecords();
  });

  async function words(button) {
    const url = button.dataset.words, key = "yima.words " + url;
    let text = null;
    try { text = sessionStorage.getItem(key); } catch (e) { /* asked for again */ }
    if (text === null) {
      const answer = await fetch(url);
      if (!answer.ok) throw new Error(url);
      text = await answer.text();
      try { sessionStorage.setItem(key, text); } catch (e) { /* asked for again */ }
    }
    return text;
  }
  function reader(value, text) {
    if (value === "hant") {
      const convert = converter(text);
      return { name: convert, texts: parts => parts.map(part => part && convert(part)) };
    }
    const table = JSON.parse(text), translate = translator(table);
    return { lang: table.lang, name: text => translate([text])[0] || text, texts: (parts, tag) => translate(parts, undefined, tag) };
  }
  async function choose(value) {
    const mine = ++turn, buttons = [...box.querySelectorAll("button")];
    const button = buttons.find(button => button.value === value) || buttons[0];
    let next = null;
    if (button.value) {
      try { next = reader(button.value, await words(button)); } catch (e) { return; }
      if (mine !== turn) return;
    }
    watch.disconnect();
    reading = next;
    root.lang = button.value === "hant" ? "zh-Hant" : source;
    button.value === "hant" ? root.style.setProperty("--sans", FONTS) : root.removeAttribute("style");
    walk(root);
    for (const other of buttons) other.setAttribute("aria-pressed", other === button);
    if (reading) watch.observe(root, { subtree: true, childList: true, characterData: true, attributeFilter: NAMES });
  }
  box.addEventListener("click", event => {
    const button = event.target.closest("button");
    if (!button) return;
    store("yima.reading", button.value);
    choose(button.value);
  });
  // A first choice brought this script; else what was kept did.
  const wanted = box.dataset.wanted;
  if (wanted) store("yima.reading", wanted);
  choose(wanted || kept("yima.reading"));
}

if (typeof document === "object") document.querySelectorAll(".reading").forEach(start);
