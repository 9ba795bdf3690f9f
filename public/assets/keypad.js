/* The keypad of a kiosk: letters, and the Chinese of this city that they may stand for.
   kiosk.js asks for it when a text field has the focus. A field hears `input` as if a person had typed, so that what
   listens to it needs to know nothing of the keypad. With a keyboard the letters, digits, space, Enter and the key that
   deletes do what the keys on the screen do. */

const ROWS = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];

let field = null, kit = null, pad = null;
// Letters that are not yet Chinese; what they may stand for: [letters taken, text].
let letters = "", offered = [];

/* Shows the keypad for a field. */
export function attach(to, with_) {
  field = to;
  kit = with_;
  if (!pad) build();
  // What is behind an open dialog cannot be touched: the keypad stands inside it.
  (field.closest("dialog[open]") || document.body).append(pad.el);
  pad.el.hidden = false;
  document.body.classList.add("kiosk-typing");
  fetchWords();
  spell("");
  requestAnimationFrame(reveal);
}
/* Brings the field into what the keypad leaves of the screen. */
function reveal() {
  if (!field) return;
  const { top, height } = field.getBoundingClientRect(), free = pad.el.getBoundingClientRect().top;
  if (top < 0 || top + height > free) scrollBy({ top: top - Math.max(8, (free - height) / 2), behavior: "instant" });
}
function detach() {
  if (!field) return;
  field = null;
  pad.el.hidden = true;
  document.body.classList.remove("kiosk-typing");
}

/* The words of the city, once; fetched again when the site was built anew meanwhile. */
let words = null;
function fetchWords() {
  words = words || (async () => {
    const module = await kit.app();
    if (!module) return null;
    const bytes = async (path, cache) => {
      const answer = await fetch(path, { cache });
      if (!answer.ok) throw new Error(path);
      return new Uint8Array(await answer.arrayBuffer());
    };
    const load = async cache => {
      const path = module.wordsPath(await bytes(kit.head, cache));
      if (path) module.words(await bytes("/" + path, cache));
      return module;
    };
    return load("default").catch(() => load("reload"));
  })().catch(() => words = null);
  words.then(module => {
    pad.note.hidden = !!module;
    if (module) spell(letters);
  });
}

function build() {
  const { make } = kit;
  const key = (text, name, act, className = "") => {
    const el = make("button", { type: "button", className: "kiosk-key " + className, textContent: text });
    if (name) el.setAttribute("aria-label", name);
    el.addEventListener("click", act);
    return el;
  };
  const spelt = make("output", { className: "kiosk-spelt" }), choices = make("div", { className: "kiosk-choices" });
  spelt.setAttribute("translate", "no");
  choices.setAttribute("translate", "no");
  choices.setAttribute("role", "group");
  choices.setAttribute("aria-label", "候选词");
  const note = make("p", { className: "kiosk-note", hidden: true, textContent: "这台机器没有装汉字输入程序，可以打字母和数字。" });
  const turn = by => () => choices.scrollBy({ left: by * choices.clientWidth * 0.8 });
  const line = make("div", { className: "kiosk-line" }, spelt, key("‹", "前面的候选词", turn(-1)), choices, key("›", "后面的候选词", turn(1)));
  const rows = ROWS.map(row => make("div", { className: "kiosk-row" }, ...[...row].map(ch => key(ch, "", () => strike(ch)))));
  rows[3].append(key("⌫", "删除", erase, "kiosk-delete"));
  const last = make("div", { className: "kiosk-row kiosk-last" }, key("清空", "", clear), key("空格", "", () => strike(" ")),
    key("收起", "", () => { field.blur(); detach(); }), key("搜索", "", submit, "primary"));
  const el = make("div", { className: "kiosk-pad" }, line, note, ...rows, last);
  el.setAttribute("role", "region");
  el.setAttribute("aria-label", "拼音键盘");
  // A touch leaves the focus, and with it the place in the text, in the field.
  el.addEventListener("pointerdown", event => event.preventDefault());
  el.addEventListener("mousedown", event => event.preventDefault());
  el.addEventListener("keydown", event => event.key === "Escape" && field && (field.focus(), field.blur(), detach()));
  pad = { el, spelt, choices, note, key };
  addEventListener("focusin", event => {
    if (field && event.target !== field && !el.contains(event.target)) detach();
  });
  addEventListener("pointerdown", event => {
    if (field && event.target !== field && !el.contains(event.target) && !event.target.closest("label,form")) field.blur(), detach();
  }, true);
  addEventListener("keydown", typed, true);
}

/* What a keyboard does in the field while the keypad is there. */
function typed(event) {
  if (!field || document.activeElement !== field || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { key } = event;
  if (/^[a-z]$/i.test(key)) strike(key.toLowerCase());
  else if (letters && (/^[1-9]$/.test(key) || key === " ")) strike(key);
  else if (letters && key === "Backspace") erase();
  else if (letters && key === "Enter") put(letters), spell("");
  else if (letters && key === "Escape") spell("");
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function strike(ch) {
  if (/[a-z]/.test(ch) && pad.note.hidden) return spell(letters + ch);
  // As everywhere where Chinese is typed: a digit chooses, a space takes the first.
  const chosen = letters && (ch === " " ? 0 : ch >= "1" ? ch - 1 : -1);
  if (letters && offered[chosen]) return pick(offered[chosen]);
  if (letters) put(letters), spell("");
  put(ch);
}
function erase() {
  if (letters) return spell(letters.slice(0, -1));
  const [from, to] = [field.selectionStart, field.selectionEnd];
  if (to) change("", from === to ? [...field.value.slice(0, from)].slice(0, -1).join("").length : from, to, "deleteContentBackward");
}
function clear() {
  spell("");
  change("", 0, field.value.length, "deleteContentBackward");
}
function pick([taken, text]) {
  put(text);
  spell(letters.slice(taken));
}
function put(text) {
  change(text, field.selectionStart, field.selectionEnd, "insertText");
}
/* Writes into the field as typing does: within its length, told to whoever listens. */
function change(text, from, to, inputType) {
  const room = field.maxLength < 0 ? text.length : field.maxLength - field.value.length + to - from;
  const data = text.slice(0, Math.max(room, 0));
  if (!data && from === to) return;
  field.setRangeText(data, from, to, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType, data: data || null }));
}
function submit() {
  if (letters) offered.length ? pick(offered[0]) : (put(letters), spell(""));
  const { form } = field, from = field;
  from.focus();
  from.blur();
  detach();
  if (form) form.requestSubmit();
  else from.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}

/* Shows letters and what they may stand for. */
async function spell(now) {
  letters = now;
  pad.spelt.textContent = letters;
  const module = await words;
  if (letters !== now || !pad) return;
  offered = (module ? module.candidates(letters) : []).map(found => {
    const space = found.indexOf(" ");
    return [+found.slice(0, space), found.slice(space + 1)];
  });
  const numbered = (text, at) => letters && at < 9 ? `${at + 1} ${text}` : text;
  const keys = offered.map((found, at) => pad.key(numbered(found[1], at), found[1], () => pick(found), "kiosk-choice"));
  pad.choices.replaceChildren(...keys);
  pad.choices.scrollLeft = 0;
}
