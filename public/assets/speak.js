/* Reading a page aloud, sentence by sentence, the one that is spoken marked. A module of its own: yima.js asks for it at
   the first press of 朗读, a button that is there only where the browser has a Chinese voice.
   Sentences are ranges over the text as it stands: no element is made, so whoever holds on to a text still has it.
   To pause is to stop and to say the piece again: browsers differ too much in how they pause. */

const MOST = 40; // characters in one breath: Chromium goes silent after some 15 seconds
const PATIENCE = [5, 1.2]; // seconds, and seconds a character, after which an end that nobody told is taken for one
const RATES = [0.7, 0.85, 1, 1.2, 1.5];
const UNSAID = "script,style,svg,button,select,input,audio,video,code,pre,nav,figure.form,.contents,.metadata,.speak-bar,.note-number,[hidden],[aria-hidden=true],details:not([open])";
const BLOCK = "p,li,dt,dd,h1,h2,h3,h4,td,th,caption,figcaption,summary,blockquote,pre";

const root = document.documentElement, speech = window.speechSynthesis;
const opener = document.querySelector(".speak");
const marks = window.Highlight && window.CSS && CSS.highlights;

/* The voice for the script that is shown; one of the device first: it needs no network. */
function voice(voices, lang) {
  const wanted = /hant/i.test(lang) ? [/^(zh|cmn).hant|^zh.(tw|hk)/i, /^(zh|cmn)/i, /^yue/i] : [/^(zh|cmn)(?!.*(hant|tw|hk))/i, /^(zh|cmn)/i, /^yue/i];
  for (const shape of wanted) {
    const found = voices.filter(voice => shape.test(voice.lang));
    if (found.length) return found.find(voice => voice.localService) || found[0];
  }
  return null;
}

/* Where the sentences of a text end: offsets behind their marks, closing quotes included. */
function ends(text) {
  const found = [];
  const mark = /[。！？；!?;]+[”’」』）)]*|\n\s*\n/g;
  while (mark.exec(text)) found.push(mark.lastIndex);
  if (found[found.length - 1] !== text.length) found.push(text.length);
  return found;
}

/* A sentence in breaths: cut at pauses, and where there is none, anywhere. */
function breaths(sentence) {
  const pieces = [];
  let piece = "";
  for (const part of sentence.split(/(?<=[，、：,:])/)) {
    if (piece && piece.length + part.length > MOST) {
      pieces.push(piece);
      piece = "";
    }
    piece += part;
    while (piece.length > MOST) {
      pieces.push(piece.slice(0, MOST));
      piece = piece.slice(MOST);
    }
  }
  if (piece) pieces.push(piece);
  return pieces.filter(text => /[\p{L}\p{N}]/u.test(text));
}

/* The sentences of the page: what is said, over which text, in which block. */
function sentences() {
  const found = [], main = document.querySelector("main");
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, node => {
    if (node.nodeType === 3) return NodeFilter.FILTER_ACCEPT;
    // Words in another language are not for a Chinese voice; what is not shown is not read.
    const foreign = node.lang && !/^zh/i.test(node.lang), shown = !node.checkVisibility || node.checkVisibility();
    return node.matches(UNSAID) || foreign || !shown ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_SKIP;
  });
  let block = null, nodes = [];
  const flush = () => {
    const text = nodes.map(node => node.data).join("");
    let from = 0;
    for (const end of ends(text)) {
      const said = text.slice(from, end).replace(/\s+/g, " ").trim();
      if (/[\p{L}\p{N}]/u.test(said)) found.push({ said, block, nodes, from, end });
      from = end;
    }
    nodes = [];
  };
  while (walker.nextNode()) {
    const node = walker.currentNode, own = node.parentElement.closest(BLOCK) || node.parentElement;
    if (own !== block) flush();
    block = own;
    nodes.push(node);
  }
  flush();
  return found;
}

/* The range of a sentence, its white space left out. */
function range({ nodes, from, end }) {
  const at = (offset, start) => {
    for (const node of nodes) {
      if (start ? offset < node.length : offset <= node.length) return [node, offset];
      offset -= node.length;
    }
    const last = nodes[nodes.length - 1];
    return [last, last.length];
  };
  const text = nodes.map(node => node.data).join("");
  while (from < end && /\s/.test(text[from])) from += 1;
  while (end > from && /\s/.test(text[end - 1])) end -= 1;
  const found = document.createRange();
  found.setStart(...at(from, true));
  found.setEnd(...at(end, false));
  return found;
}

let list = [], at = 0, breath = 0, speaking = false, rate = 1, turn = 0, late = 0, failed = 0, bar = null;
// What is being said; some browsers forget it otherwise, and never tell that it has ended.
let said = null;

function hush() {
  turn += 1;
  clearTimeout(late);
  speech.cancel();
  said = null;
}
function say() {
  hush();
  const sentence = list[at];
  if (!sentence) return stop();
  const pieces = breaths(sentence.said), text = pieces[breath];
  if (text === undefined) return step(1);
  show(sentence);
  const mine = turn, chosen = voice(speech.getVoices(), root.lang);
  said = new SpeechSynthesisUtterance(text);
  said.lang = chosen ? chosen.lang.replace("_", "-") : "zh-CN";
  if (chosen) said.voice = chosen;
  said.rate = rate;
  const next = () => {
    if (turn !== mine || !speaking) return;
    breath += 1;
    say();
  };
  said.onend = () => {
    failed = 0;
    next();
  };
  // A voice that fails once goes on, one that fails always waits to be pressed; one that was stopped was stopped by us.
  said.onerror = event => {
    const error = event && event.error;
    if (turn !== mine || /^(canceled|interrupted)$/.test(error)) return;
    failed += 1;
    error === "not-allowed" || failed > 2 ? pause() : setTimeout(next, 300);
  };
  late = setTimeout(next, (PATIENCE[0] + PATIENCE[1] * text.length / rate) * 1000);
  speech.speak(said);
}
function step(by) {
  at = Math.min(Math.max(at + by, 0), list.length);
  breath = 0;
  if (at === list.length) stop();
  else if (speaking) say();
  else show(list[at]);
  tell();
}
function play() {
  speaking = true;
  failed = 0;
  say();
  tell();
}
function pause() {
  speaking = false;
  hush();
  tell();
}
function stop() {
  speaking = false;
  hush();
  show(null);
  at = 0;
  breath = 0;
  if (bar) bar.remove();
  bar = null;
  opener.hidden = false;
  opener.focus();
}

/* Marks a sentence and brings it into view; where ranges cannot be painted, its block is marked. */
function show(sentence) {
  const marked = document.querySelector(".speaking-block");
  if (marks) marks.delete("yima-speak");
  if (marked) marked.classList.remove("speaking-block");
  if (!sentence) return;
  const shown = range(sentence);
  if (marks) marks.set("yima-speak", new Highlight(shown));
  else sentence.block.classList.add("speaking-block");
  const { top, bottom } = shown.getBoundingClientRect(), foot = bar ? bar.getBoundingClientRect().top : innerHeight;
  if (top < 0 || bottom > foot - 8) {
    const calm = matchMedia("(prefers-reduced-motion:reduce)").matches;
    scrollBy({ top: top - foot / 3, behavior: calm ? "instant" : "smooth" });
  }
}

function open() {
  const make = (text, name, act, className = "") => {
    const el = Object.assign(document.createElement("button"), { type: "button", textContent: text, className });
    el.setAttribute("aria-label", name);
    el.addEventListener("click", act);
    return el;
  };
  const quick = by => () => {
    rate = RATES[Math.min(Math.max(RATES.indexOf(rate) + by, 0), RATES.length - 1)];
    tell();
    if (speaking) say();
  };
  bar = Object.assign(document.createElement("div"), { className: "speak-bar" });
  bar.setAttribute("role", "region");
  bar.setAttribute("aria-label", "朗读");
  const speed = document.createElement("output");
  bar.append(make("上一句", "上一句", () => step(-1)), make("", "", () => speaking ? pause() : play(), "speak-play"),
    make("下一句", "下一句", () => step(1)), make("慢", "慢一点", quick(-1), "speak-slower"), speed,
    make("快", "快一点", quick(1), "speak-faster"), make("停止", "停止", stop, "speak-stop"));
  document.body.append(bar);
}
function tell() {
  if (!bar) return;
  const play = bar.querySelector(".speak-play"), word = speaking ? "暂停" : "继续";
  play.textContent = word;
  play.setAttribute("aria-label", word);
  bar.querySelector("output").textContent = `语速 ${rate}`;
  bar.querySelector(".speak-slower").disabled = rate === RATES[0];
  bar.querySelector(".speak-faster").disabled = rate === RATES[RATES.length - 1];
}
function start() {
  list = sentences();
  if (!list.length) return;
  open();
  opener.hidden = true;
  play();
  bar.querySelector(".speak-play").focus();
}

if (opener) {
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: document.querySelector("[name=speak]").dataset.style });
  document.head.append(style);
  opener.addEventListener("click", start);
  addEventListener("pagehide", () => bar ? stop() : hush());
  // Another script or language is another text.
  new MutationObserver(() => bar && stop()).observe(root, { attributeFilter: ["lang"] });
  start();
}
