/* /offline/: what is held, what can be, how far a download is, what is new. The worker does it all and is asked here. */
const { ask, worker } = await import(document.querySelector("script[data-worker]").src);

const place = document.getElementById("offline"), sw = navigator.serviceWorker;
const make = (name, given = {}, ...children) => {
  const el = Object.assign(document.createElement(name), given);
  el.append(...children.filter(child => child));
  return el;
};
const button = (text, act, className = "button") => {
  const el = make("button", { type: "button", textContent: text, className });
  el.addEventListener("click", () => act(el));
  return el;
};
const day = text => text.replace(/0*(\d+)-0*(\d+)-0*(\d+)/, "$1年$2月$3日");
const today = () => new Date(Date.now() + 288e5).toISOString().slice(0, 10);
const days = (from, to) => Math.round((Date.parse(to) - Date.parse(from)) / 864e5);
const MB = 1 << 20;
const size = bytes => bytes < MB / 10 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / MB).toFixed(1)} MB`;
const said = (el, text) => { if (el.textContent !== text) el.textContent = text; };

let found = null, state = null, going = null, install = null;
const rows = new Map();       // tier → its parts on the page
const proofs = new Map();     // tier → what was read back

/* One part that can be stored. */
function row(tier) {
  const el = make("li", { className: "offline-tier" });
  const parts = { el, name: make("h3", { textContent: NAMES[tier.id] || tier.name }), size: make("p", { className: "meta" }),
    bar: make("progress", { max: 1, hidden: true }), said: make("p", { className: "offline-said" }), buttons: make("div", { className: "offline-buttons" }) };
  parts.said.setAttribute("role", "status");
  parts.bar.setAttribute("aria-label", "下载进度");
  el.append(parts.name, parts.size, parts.bar, parts.said, parts.buttons);
  rows.set(tier.id, parts);
  return el;
}

const NAMES = { all: "全部内容", core: "首页、目录、查找和问答目录" };

function show(tier) {
  const { el, size: line, bar, said: text, buttons } = rows.get(tier.id) || {};
  if (!el) return;
  const busy = state.busy && state.busy.tier === tier.id ? state.busy : null, whole = tier.state === "hold" && !tier.missing;
  const all = size(tier.bytes), rest = size(tier.missing);
  said(line, tier.missing && tier.missing < tier.bytes ? `共 ${all}，还差 ${rest}` : `共 ${all}`);
  bar.hidden = !busy;
  if (busy) bar.value = busy.making ?? (busy.total ? busy.done / busy.total : 0);
  const proof = proofs.get(tier.id);
  el.classList.toggle("whole", !!(whole && proof && !proof.bad));
  said(text, busy ? progress(busy)
    : whole ? proof ? proof.bad ? "有内容损坏，正在重新下载。" : "现在可以离线使用。" : "正在读回检查……"
    : !tier.state && !tier.missing ? "已经包含在存下的内容里。"
    : tier.state === "pause" ? "已暂停，接着下载不会重来。"
    : tier.state === "hold" ? state.trouble ? trouble(state.trouble) : "等待下载。"
    : "");
  const acts = [];
  if (busy) acts.push(["暂停", () => order("pause", tier.id)]);
  else if (tier.state === "pause" || tier.state === "hold" && tier.missing) acts.push(["继续", () => hold(tier.id)]);
  else if (tier.state !== "hold" && tier.missing) acts.push(["下载", () => hold(tier.id)]);
  if (tier.state) acts.push(["删除", () => order("drop", tier.id)]);
  // The same buttons stay, so that nobody loses the focus while figures change.
  if (buttons.dataset.acts !== String(acts.map(([name]) => name))) {
    buttons.dataset.acts = acts.map(([name]) => name);
    buttons.replaceChildren(...acts.map(([name, act]) => button(name, act)));
  }
  if (whole && !proof && !busy) prove(tier.id);
}

function progress({ tier, done, total, making }) {
  let n = Math.floor((making || 0) * 100);
  if (making !== undefined) return `下载完了，正在这台设备上编排查找用的索引：${n}%`;
  if (!going || going.tier !== tier) going = { tier, since: performance.now(), from: done };
  const seconds = (performance.now() - going.since) / 1000, speed = (done - going.from) / seconds;
  const left = (total - done) / speed, here = size(done), all = size(total);
  n = Math.max(1, Math.round(left));
  if (!(seconds > 2 && speed > 0)) return `已下载 ${here}，共 ${all}`;
  if (n < 90) return `已下载 ${here}，共 ${all}，还要约${n}秒`;
  n = Math.round(left / 60);
  return `已下载 ${here}，共 ${all}，还要约${n}分钟`;
}

function trouble(text) {
  if (/Quota/.test(text)) return "这台设备的空间不够了。原有内容没有变动；腾出空间后点“继续”。";
  return "现在连不上网站，原有内容没有变动；网络好了会接着下载。";
}

async function order(what, tier) {
  proofs.delete(tier);
  if (what === "pause") going = null;
  await ask(found, { ask: what, tier }, 0).catch(() => {});
  await refresh();
}

async function hold(tier) {
  // Only when a person asks for it: then browsers grant it.
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().then(storage, () => {});
  going = null;
  const done = order("hold", tier);
  await refresh();
  await done;
}

async function prove(tier) {
  proofs.set(tier, null);
  const proof = await ask(found, { ask: "prove", tier }, 0).catch(() => null);
  proofs.set(tier, proof);
  if (proof && proof.bad) return hold(tier);
  await refresh();
}

/* What is held. */
const held = make("p", { className: "offline-held" }), older = make("p", { className: "meta" }), room = make("p", { className: "meta" }), hint = make("div");
held.setAttribute("role", "status");

async function refresh() {
  state = await ask(found, { ask: "state" });
  const [now, before] = state.releases;
  if (now) {
    const n = now.sequence, date = day(now.date);
    said(held, `这台设备上是第${n}号数据，截至${date}。`);
  }
  if (before) {
    const date = day(before.date);
    said(older, `更新前的那一份截至${date}，还留着备用。`);
  }
  for (const tier of state.tiers) show(tier);
  await storage();
}

async function storage() {
  if (!navigator.storage || !navigator.storage.estimate) return;
  const { usage } = await navigator.storage.estimate(), kept = await navigator.storage.persisted().catch(() => false);
  const used = size(usage || 0);
  said(room, kept ? `本站占用 ${used}，浏览器不会自行清理。` : `本站占用 ${used}。设备空间紧张时，浏览器可能清理；清理后有网络就会补上。`);
}

/* How to install. */
function hints() {
  const agent = navigator.userAgent, installed = matchMedia("(display-mode: standalone)").matches || navigator.standalone;
  hint.replaceChildren();
  if (installed) return;
  if (install) {
    hint.append(button("安装到这台设备", async el => { install.prompt(); await install.userChoice; install = null; el.remove(); }));
  } else if (/MicroMessenger/.test(agent)) {
    hint.append(make("p", { className: "note", textContent: "在微信里存的内容可能被清理。点右上角“…”，选“在浏览器打开”，存得更久。" }));
  } else if (/iPhone|iPad/.test(agent)) {
    hint.append(make("p", { className: "note", textContent: "点“分享”，选“添加到主屏幕”，存得更久。" }));
  }
}
addEventListener("beforeinstallprompt", event => { event.preventDefault(); install = event; hints(); });

/* What is new. */
const LABELS = { added: "新发布", changed: "有修改", repealed: "已废止", expired: "已失效", ending: "即将到期" };

function change(record, before, since, date) {
  const was = before && before.records.find(other => other.address === record.address);
  if (record.repealed && record.repealed <= date && record.repealed > since) return "repealed";
  if (record.expires && record.expires < date && record.expires >= since) return "expired";
  if (!was && record.published > since) return "added";
  if (record.changed > since || was && was.digest !== record.digest) return "changed";
  return "";
}

async function news(box) {
  const read = before => ask(found, { ask: "read", path: "offline/changes.json", before }).then(JSON.parse, () => null);
  const [now, before] = [await read(false), await read(true)];
  if (!now) return;
  const date = today() < now.as_of ? now.as_of : today(), earlier = state.releases[1];
  const themes = state.tiers.filter(tier => tier.state && tier.id.startsWith("theme/")).map(tier => tier.id.slice(6));
  let kept = [];
  try { kept = [].concat(JSON.parse(localStorage["yima.favourites"]) || []); } catch { /* none */ }
  const own = [], other = [];
  for (const record of now.records) {
    const mine = kept.includes(record.id) || record.themes.some(theme => themes.includes(theme));
    let kind = earlier ? change(record, before, earlier.date, date) : "";
    const left = record.expires && !record.repealed ? days(date, record.expires) : -1;
    if (!kind && mine && left >= 0 && left <= now.expiring_days) kind = "ending";
    if (kind) (mine ? own : other).push([kind, record, left]);
  }
  const list = entries => make("ul", { className: "plain offline-news-list" }, ...entries.map(([kind, { address, title }, n]) =>
    make("li", {}, make("span", { className: "offline-kind", textContent: LABELS[kind] }), make("a", { href: address, textContent: title }),
      kind === "ending" ? make("span", { className: "left", textContent: n ? `还有${n}天` : "今天截止" }) : null)));
  box.replaceChildren(make("h2", { textContent: "与您有关的更新" }),
    own.length ? list(own) : make("p", { className: "note", textContent: kept.length || themes.length ? "收藏的政策和下载的主题没有变化。" : "收藏政策，或者下载一个主题，这里就会列出它们的变化。" }));
  const n = other.length, since = now.since && day(now.since);
  if (n) box.append(make("details", {}, make("summary", { textContent: `其他更新${n}件` }), list(other)));
  if (earlier && since && earlier.date < now.since) {
    box.append(make("p", { className: "note", textContent: `${since}以前的变化没有列出。` }));
  }
}

async function start() {
  found = await worker();
  state = await ask(found, { ask: "state" });
  const list = (...tiers) => make("ul", { className: "offline-tiers" }, ...tiers.map(row));
  const of = id => state.tiers.find(tier => tier.id === id), themes = state.tiers.filter(tier => tier.id.startsWith("theme/"));
  const changes = make("section", { className: "offline-changes" }), shell = of("shell");
  const own = size(shell ? shell.bytes : 0);
  const all = [held, older, hint, make("h2", { textContent: "存哪些内容" }), list(...["all", "core"].map(of).filter(Boolean)),
    make("details", { open: themes.some(tier => tier.state) }, make("summary", { textContent: "按主题存" }), list(...themes)),
    make("p", { className: "note", textContent: `界面和看过的网页会自动存下，界面占 ${own}。` }), room, changes];
  hints();
  await refresh();
  // All at once, unless the news take long: nothing is to jump.
  await Promise.race([news(changes), new Promise(done => setTimeout(done, 500))]);
  place.replaceChildren(...all);
  let last = 0;
  sw.addEventListener("message", ({ data }) => {
    if (!data.yima) return;
    Object.assign(state, { busy: data.yima.busy, trouble: data.yima.trouble });
    for (const tier of state.tiers) show(tier);
    if (performance.now() - last > 1000 || !data.yima.busy) { last = performance.now(); refresh(); }
  });
  sw.startMessages();
  // A download that a closed page or a lost network stopped goes on by itself, and a worker with something to do stays awake.
  setInterval(async () => {
    await refresh();
    const next = state.tiers.find(tier => tier.state === "hold" && tier.missing);
    if (next && !state.busy && navigator.onLine && !document.hidden) hold(next.id);
  }, 10000);
}

// The page says what can be done without.
const without = () => { place.dataset.app = "failed"; };
sw && window.isSecureContext ? start().catch(without) : without();
