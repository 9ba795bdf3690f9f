/* Registers the service worker and tells what it says. Every page has it; nothing waits for it.

   Not on a first visit, which may be a scan on a weak network: a device that opened three pages, that runs the installed
   app, or that asks for it on /offline/ gets the worker, and with it only what frames every page. */
const own = document.querySelector("script[data-worker]").dataset, sw = navigator.serviceWorker;
const HOUR = 36e5, PATIENCE = 2e4, RESTS = [1e3, 5e3];
const load = (store, key) => { try { return store()[key]; } catch { return undefined; } };
const save = (store, key, value) => { try { store()[key] = value; } catch { /* not kept */ } };
const here = location.pathname, local = () => localStorage, tab = () => sessionStorage;

/* Asks the worker; rejects when it says nothing. */
export function ask(worker, what, patience = PATIENCE) {
  return new Promise((done, fail) => {
    const { port1, port2 } = new MessageChannel();
    const timer = patience && setTimeout(fail, patience, new Error("the worker is silent"));
    port1.onmessage = ({ data }) => {
      clearTimeout(timer);
      data.error === undefined ? done(data.answer) : fail(new Error(data.error));
    };
    worker.postMessage(what, [port2]);
  });
}

/* Whether the host has the very script that was named: by its whole digest, or by the eight digits in its name. What is
   registered afterwards comes from the browser's cache, where this put it. */
async function isThere(path, sha) {
  const answer = await fetch(path, { cache: "reload", redirect: "error", credentials: "omit" });
  if (answer.status !== 200 || !/javascript/.test(answer.headers.get("content-type"))) return false;
  const digest = await crypto.subtle.digest("SHA-256", await answer.arrayBuffer());
  const hex = Array.from(new Uint8Array(digest), byte => byte.toString(16).padStart(2, "0")).join("");
  return sha ? hex === sha : hex.startsWith(/-([0-9a-f]{8})\.js$/.exec(path)[1]);
}

async function register(path, sha) {
  if (!await isThere(path, sha)) throw new Error(`${path}: not the worker that was named`);
  return sw.register(path, { scope: "/", updateViaCache: "all" });
}

function active(registration) {
  const worker = registration.active || registration.waiting || registration.installing;
  return new Promise((done, fail) => {
    const look = () => {
      if (worker.state === "activated") done(worker);
      if (worker.state === "redundant") fail(new Error("the worker could not be installed"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

/* The worker, registered when it is not there yet; tried again when something came between. A browser that forbids it, or
   cannot run it, will not do so a moment later. */
export async function worker() {
  for (const rest of RESTS) {
    try { return await settled(); } catch (error) { if (error.name === "SecurityError" || !window.WebAssembly) throw error; }
    await new Promise(done => setTimeout(done, rest));
  }
  return settled();
}

async function settled() {
  let registration = await sw.getRegistration("/");
  if (!registration || !registration.active) registration = await register(own.worker);
  const found = await active(registration);
  let state = await ask(found, { ask: "state" }).catch(() => null);
  if (!state) {
    // Not ours: what was once published under its name was broken. Nothing that is kept is lost with it.
    await registration.unregister();
    return active(await register(own.worker));
  }
  // Which worker comes next only the signed release says, not a page that anybody may have sent.
  const next = state.worker;
  if (next && new URL(found.scriptURL).pathname !== `/${next.path}`) await register(`/${next.path}`, next.sha).catch(() => {});
  return found;
}

function wanted() {
  const pages = +load(local, "yima.pages") || 0;
  if (pages < 3) save(local, "yima.pages", pages + 1);
  // A preview follows every change of its editor, so there the site is kept only when that is asked for.
  if (document.querySelector("script[src^='/_yima/']")) return here === "/offline/";
  return pages >= 2 || here === "/offline/" || matchMedia("(display-mode: standalone)").matches || navigator.standalone;
}

function tellNews(date) {
  const old = document.querySelector("[data-as-of]").dataset.asOf;
  if (!date || date <= old || document.querySelector(".offline-news")) return;
  const el = document.createElement("p"), button = document.createElement("button");
  el.className = "notice offline-news";
  el.setAttribute("role", "status");
  el.append("这台设备已经收到更新的内容。", button);
  Object.assign(button, { type: "button", className: "button", textContent: "刷新本页" });
  button.addEventListener("click", () => location.reload());
  document.querySelector("main").prepend(el);
}

/* What is old says so at the top, too. */
function tellAge() {
  const asOf = document.querySelector("[data-as-of]").dataset.asOf, n = Math.floor((Date.now() + 288e5 - Date.parse(asOf)) / 864e5);
  if (n <= own.stale) return;
  const date = asOf.replace(/0*(\d+)-0*(\d+)-0*(\d+)/, "$1年$2月$3日"), el = document.createElement("p");
  el.className = "notice stale";
  el.textContent = `内容截至${date}，已经${n}天没有更新，办事前请打热线核实。`;
  document.querySelector("main").prepend(el);
}

async function start() {
  if (load(tab, "yima.kiosk") || /[?&]kiosk\b/.test(location.search)) return;
  if (!wanted() && !await sw.getRegistration("/")) return;
  sw.addEventListener("message", ({ data }) => data.yima && tellNews(data.yima.date));
  sw.startMessages();
  const found = await worker();
  // A page that came before the worker is not among those it has seen.
  if (!sw.controller) await ask(found, { ask: "keep", paths: [here] });
  const look = () => ask(found, { ask: "check" }, 0).catch(() => {});
  let looked = Date.now();
  const lookAgain = () => { if (!document.hidden && Math.abs(Date.now() - looked) > HOUR) { looked = Date.now(); look(); } };
  setInterval(lookAgain, HOUR / 4);
  document.addEventListener("visibilitychange", lookAgain);
}

tellAge();
if (sw && window.isSecureContext) (window.requestIdleCallback || setTimeout)(() => start().catch(() => {}));
