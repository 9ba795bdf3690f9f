/* The service worker: the site without a network.

   The generator publishes it as /sw-<hash>.js, behind three things of its own: YIMA (host, keys, the module, what is said
   when nothing else can be), the glue of the module (app/src/offline, the same reader of releases that the kiosk and the
   generator use), and that of the module that makes the search (app/src/maker). All that is kept is in one Cache:

     /__o/<sha256>   an object of a release, put only when length and digest fit; compressed where it was made here
     /__r/0 /__r/1   a release: signed note, a zero byte, manifest. Writing one is the only commit
     /__m            what was chosen, which pages were seen, which page is of which release: all of it may be lost

   The current release is the newer of the two whose signature and manifest are good; an update goes into the other slot.
   A power cut may take back what was written last, so nothing that the release needs with which a run of the worker began
   is removed or written over in that run, however many come. Every object is checked whenever it is read. */
"use strict";
const { host, keys, module, apology, headers: plain } = YIMA;
const code = new Uint8Array(module.length / 2);
for (let at = 0; at < code.length; at += 1) code[at] = parseInt(module.slice(2 * at, 2 * at + 2), 16);
wasm_bindgen.initSync({ module: code });
const { Release, Kind, open, patched } = wasm_bindgen;

const SLOTS = ["/__r/0", "/__r/1"], OBJECT = "/__o/", MIND = "/__m", ALL = "all", SMALL = "X-Small";
const PATIENCE = 15e3;      // milliseconds without a byte before a request is given up
const REST = 30;            // milliseconds of work before what else waits is looked at
const PAUSE = 3e5;          // milliseconds between two looks for something newer
const TOGETHER = 4;         // downloads at a time
const SEEN = 60;            // pages seen that are taken along into the next release
const NOTE = 65536;         // bytes of the longest note
const MEMORY = 16 << 20;    // bytes of objects that a reader may hold
const HASHED = /-[0-9a-f]{8,64}(_bg)?\.\w+$/;

let held = [];              // releases, the newest first
let awake = null;           // promise that they were read
let begun = 0;              // number of the newest one when this run of the worker began
let over = false;           // the site has given up its worker: nothing may be kept any more
let mind = { tiers: {}, seen: [], clients: {} };
let busy = null;            // the download that is going on: { tier, done, total }
let trouble = null;         // why the last update or download came to nothing
let checked = -Infinity;    // when something newer was last looked for
let successor = null;       // path and digest of the worker that the newest release wants

const store = async () => { if (over) throw new Error("given up"); return caches.open("yima"); };
const text = bytes => new TextDecoder().decode(bytes);
const hex = bytes => Array.from(new Uint8Array(bytes), byte => byte.toString(16).padStart(2, "0")).join("");
const digest = async bytes => hex(await crypto.subtle.digest("SHA-256", bytes));
const alone = act => navigator.locks ? navigator.locks.request("yima", act) : act();

/* What is held. */

const ready = () => awake ||= wake().catch(error => { awake = null; throw error; });

async function wake() {
  await look();
  begun = held.length ? held[0].sequence : 0;
  await recall();
}

// Another run of the worker, or the worker before, may have taken something meanwhile.
async function look() {
  const box = await store();
  const read = await Promise.all(SLOTS.map(slot => readSlot(box, slot).catch(() => null)));
  const known = new Set(held.map(release => release.sequence));
  const news = read.filter(release => release && !known.has(release.sequence) && known.add(release.sequence));
  const others = held.filter(release => !news.some(other => other.slot === release.slot));
  held = [...others, ...news].sort((a, b) => b.sequence - a.sequence);
}

async function recall() {
  try { mind = { ...mind, ...await (await (await store()).match(MIND)).json() }; } catch { await infer().catch(() => {}); }
}

// What was chosen is written anew with every page seen, so a power cut may take it; but what is here whole was wanted.
async function infer() {
  if (!held.length) return;
  const here = (await sizes(held[0])).filter(tier => tier.bytes && !tier.missing).map(tier => tier.id);
  for (const id of here.includes(ALL) ? [ALL] : here) mind.tiers[id] = "hold";
}

async function readSlot(box, slot) {
  const bytes = new Uint8Array(await (await box.match(slot)).arrayBuffer()), end = bytes.indexOf(0);
  return opened(open(text(bytes.subarray(0, end)), keys, host), bytes.subarray(end + 1), slot);
}

// Throws unless the manifest is the one that the note names.
function opened(head, manifest, slot) {
  return { reader: new Release(manifest, head.manifest()), manifest, worker: workerOf(manifest), slot, memory: 0,
    sequence: head.sequence(), date: head.date() };
}

// A line that stays readable in every version of the manifest, so that an old worker finds the one after it.
function workerOf(manifest) {
  const line = /^file ([0-9a-f]{64}) .* (sw-[0-9a-f]{8}\.js)$/m.exec(text(manifest));
  return line && { sha: line[1], path: line[2] };
}

const keepMind = async () => (await store()).put(MIND, new Response(JSON.stringify(mind)));

async function kept(sha) {
  try {
    const found = await (await store()).match(OBJECT + sha);
    if (!found) return null;
    const body = found.headers.has(SMALL) ? new Response(found.body.pipeThrough(new DecompressionStream("gzip"))) : found;
    return new Uint8Array(await body.arrayBuffer());
  } catch { return null; }  // A body whose checksum on the disk is wrong cannot be read.
}

const keep = async (sha, bytes) => (await store()).put(OBJECT + sha, new Response(bytes));

// What is made is text for the most part, and five times as large as what it is made from.
async function keepSmall(sha, bytes) {
  if (!globalThis.CompressionStream) return keep(sha, bytes);
  const small = await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
  return (await store()).put(OBJECT + sha, new Response(small, { headers: { [SMALL]: "1" } }));
}

async function names() {
  const found = (await (await store()).keys()).map(request => new URL(request.url).pathname);
  return new Set(found.filter(path => path.startsWith(OBJECT)).map(path => path.slice(OBJECT.length)));
}

/* What is fetched. */

// The bytes at a path: whole, from this host, no redirect, no error page, never more than expected, not for ever.
async function ask(path, cache, limit) {
  const stop = new AbortController();
  let timer = 0;
  const wait = () => { clearTimeout(timer); timer = setTimeout(() => stop.abort(), PATIENCE); };
  try {
    wait();
    const answer = await fetch(path, { cache, redirect: "error", credentials: "omit", signal: stop.signal });
    if (answer.status !== 200 || answer.type !== "basic") throw new Error(`${path}: ${answer.status}`);
    const parts = [], input = answer.body.getReader();
    for (let size = 0; ;) {
      const { done, value } = await input.read();
      if (done) return new Uint8Array(await new Blob(parts).arrayBuffer());
      if ((size += value.length) > limit) throw new Error(`${path}: longer than it should be`);
      parts.push(value);
      wait();
    }
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

// The second time past the browser's own cache, which may hold what another server once sent: a file, an error, a redirect.
async function fetched(path, sha, length) {
  const address = "/" + path.split("/").map(encodeURIComponent).join("/");
  let wrong = new Error(`${path}: not the file of the release`);
  for (const cache of ["default", "reload"]) {
    const bytes = await ask(address, cache, length).catch(error => { if (error.name === "AbortError") throw error; wrong = error; });
    if (bytes && bytes.length === length && await digest(bytes) === sha) return bytes;
  }
  throw wrong;
}

async function supply(release, object, online) {
  const { reader } = release, sha = reader.sha(object);
  let bytes = await kept(sha);
  if ((release.memory += reader.length(object)) > MEMORY) { reader.forget(); release.memory = 0; }
  if (bytes) {
    try { return reader.supply(object, bytes); } catch { await (await store()).delete(OBJECT + sha); }
  }
  if (!online) throw new Error("not held");
  bytes = await fetched(reader.path(object), sha, reader.length(object));
  // A full disk is no reason not to show the page.
  await keep(sha, bytes).catch(() => {});
  reader.supply(object, bytes);
}

// What a release has at a path, null when it has nothing there. Throws when an object cannot be had.
async function compose(release, path, online) {
  const { reader } = release, kind = await settled(release, () => reader.answer(path), online);
  if (kind === Kind.Missing) return null;
  if (kind === Kind.Moved) return { moved: reader.address() };
  return { bytes: reader.bytes(), lines: reader.headers(reader.class()) };
}

// Asks a release until it wants nothing more.
async function settled(release, question, online) {
  for (let round = 0; round < 60; round += 1) {
    const kind = question();
    if (kind !== Kind.Wanted) return kind;
    await Promise.all(Array.from(release.reader.wanted(), object => supply(release, object, online)));
  }
  throw new Error("a release without an end");
}

/* What is answered. */

async function respond(event, url) {
  const { request } = event, page = request.mode === "navigate", path = decoded(url.pathname);
  await ready().catch(() => {});
  // A page and all it asks for are of one release, whatever came since; 0 is a page that the network gave.
  const bound = page ? undefined : mind.clients[event.clientId];
  const own = bound === undefined || bound === 0 ? held[0] : held.find(release => release.sequence === bound);
  const gone = bound > 0 && !own, named = path !== null && HASHED.test(path);
  const give = (release, found) => {
    if (page && !found.moved) remember(event, release.sequence, path);
    return shape(request, url, found);
  };
  let absent = !own || path === null, late = null;
  if (bound === 0 && !named) late = await network(request);
  if (late && late.ok) return late;
  if (!absent) {
    try {
      const found = await compose(own, path, true);
      if (found) return give(own, found);
      absent = true;
    } catch { /* an object that cannot be had */ }
  }
  // Only what is unknown to the release of a page may come from elsewhere; a file it names cannot, once it was refused.
  if (!late && (page || absent && (named || !gone))) {
    late = await network(request);
    if (late && (late.ok || late.type === "opaqueredirect" || absent)) {
      if (page) remember(event, 0, null);
      return late;
    }
  }
  for (const other of page || named ? held.filter(release => release !== own) : []) {
    const found = await compose(other, path, false).catch(() => null);
    if (found) return give(other, found);
  }
  if (late) return late;
  const wrong = own && absent && await compose(own, "404.html", true).catch(() => null);
  return wrong ? shape(request, url, wrong, 404) : sorry();
}

function decoded(pathname) {
  try { return decodeURIComponent(pathname).normalize("NFC"); } catch { return null; }
}

// The network as it is, if it says anything in time.
function network(request) {
  let timer;
  const late = new Promise(done => { timer = setTimeout(done, PATIENCE, null); });
  return Promise.race([fetch(request).catch(() => null), late]).finally(() => clearTimeout(timer));
}

function shape(request, url, { moved, bytes, lines }, status = 200) {
  if (moved) return Response.redirect(new URL(moved + url.search, location.origin), 301);
  const headers = new Headers(), all = bytes.length;
  for (let at = 0; at < lines.length; at += 2) headers.append(lines[at], lines[at + 1]);
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") || "") || [];
  if (status === 200 && (from || to) && !(from && to && +to < +from)) {
    const first = from ? +from : Math.max(0, all - to), last = from && to ? Math.min(+to, all - 1) : all - 1;
    status = first > last ? 416 : 206;
    headers.set("Content-Range", `bytes ${status === 206 ? `${first}-${last}` : "*"}/${all}`);
    bytes = bytes.subarray(first, last + 1);
  }
  return new Response(request.method === "HEAD" || status === 416 ? null : bytes, { status, headers });
}

function sorry() {
  const date = held.length ? held[0].date : "—";
  return new Response(apology.replace("{date}", date), { status: 503, headers: plain });
}

function remember(event, sequence, path) {
  const save = async () => {
    const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
    const alive = new Set(open.map(client => client.id).concat(event.resultingClientId));
    mind.clients = Object.fromEntries(Object.entries(mind.clients).filter(([id]) => alive.has(id)));
    await keepMind();
  };
  mind.clients[event.resultingClientId] = sequence;
  if (path !== null) mind.seen = [path, ...mind.seen.filter(other => other !== path)].slice(0, SEEN);
  event.waitUntil(save().catch(() => {}));
}

/* What is new. */

// Looks for a newer release and takes it, or throws and has changed nothing.
async function update() {
  await ready();
  await look();
  // A release may follow another while it is being fetched: then its objects may be gone, and the newer one is taken.
  for (let tried = 0; ;) {
    const note = await ask("/release.note", "no-store", NOTE), head = open(text(note), keys, host);
    const sequence = head.sequence(), current = held[0];
    if (sequence === tried) throw trouble;
    if (current && sequence < current.sequence) throw new Error(`older than what is held: ${sequence}`);
    // Its record may have been cleared away while the worker ran: then it is written again.
    if (current && sequence === current.sequence && await (await store()).match(current.slot)) return sweep();
    if (!head.manifest()) return retire();
    try { return await take(note, head); } catch (error) { tried = sequence; trouble = error; }
  }
}

async function take(note, head) {
  const sha = head.manifest(), length = head.length();
  let manifest = await kept(sha);
  if (!manifest || await digest(manifest) !== sha) {
    // Most of its lines are those of the one before.
    const patch = held.length && await ask(`/release/${sha}.patch`, "default", length).catch(() => null);
    manifest = patch && patched(held[0].manifest, patch, sha, length) || await fetched(`release/${sha}`, sha, length);
    await keep(sha, manifest);
  }
  // The next worker comes after this release, so that it finds it; or instead, when this one cannot take it.
  try { await takeWith(note, head, manifest); } finally { successor = workerOf(manifest); }
}

async function takeWith(note, head, manifest) {
  const box = await store(), same = held.find(release => release.sequence === head.sequence());
  // The one that is surely on the disk stays.
  const stays = held.find(release => release.sequence === begun) || held[0];
  const slot = same ? same.slot : SLOTS.find(slot => !stays || slot !== stays.slot), next = opened(head, manifest, slot);
  await gather(next, ["shell", ...Object.keys(mind.tiers).filter(id => mind.tiers[id] === "hold")], null);
  try { for (const path of mind.seen) await compose(next, path, true); } catch { /* the release before still has them */ }
  next.reader.forget();
  // The first one into both: while there is no other, nothing else could answer in its place.
  for (const place of held.length ? [slot] : SLOTS) await box.put(place, new Response(new Blob([note, new Uint8Array(1), manifest])));
  if ((await readSlot(box, slot)).sequence !== next.sequence) throw new Error("the store does not keep what it is given");
  held = [next, ...held.filter(release => release.slot !== slot)];
}

// Fetches what is missing of some tiers; what is there is not fetched again, so that stopping costs nothing.
async function gather(release, tiers, tier) {
  const { reader } = release, all = tiers.includes(ALL);
  await learn(reader);
  for (const list of unlisted(reader, all ? [] : tiers)) await supply(release, list, true);
  const made = new Set(all ? reader.made() : []), there = await names(), places = new Set(tiers.flatMap(id => Array.from(reader.tier(id))));
  // The browser keeps the worker itself.
  const want = [...places].filter(object => !there.has(reader.sha(object)) && !made.has(object) && !reader.path(object).startsWith("sw-"));
  busy = { tier, done: 0, total: want.reduce((sum, object) => sum + reader.length(object), 0) };
  const queue = want.values(), go = () => { if (tier && mind.tiers[tier] !== "hold") throw new Error("paused"); };
  let failed = null, told = 0;
  const fetchSome = async () => {
    for (const object of queue) {
      if (failed) throw failed;
      const sha = reader.sha(object);
      try { go(); await keep(sha, await fetched(reader.path(object), sha, reader.length(object))); } catch (error) { throw failed = error; }
      busy.done += reader.length(object);
      if (Date.now() - told > 200) { told = Date.now(); tell(); }
    }
  };
  try {
    await Promise.all(Array.from({ length: TOGETHER }, fetchSome));
    if (all) await make(release, go);
  } finally { busy = null; }
}

// Reads the lists of made files that are here. Another one than its digest says goes.
async function learn(reader) {
  for (const list of reader.lists()) {
    const bytes = await kept(reader.sha(list));
    try { if (bytes) reader.supply(list, bytes); } catch { await (await store()).delete(OBJECT + reader.sha(list)); }
  }
}

// Lists that some tiers want and that were not read yet.
const unlisted = (reader, tiers) => Array.from(reader.lists()).filter(list => tiers.some(id => whole(reader, id).includes(list)));

// Makes the files that follow from the others, in small steps so that pages are answered meanwhile, and the lists of them.
// What was not made as the release says is fetched.
async function make(release, go) {
  const { reader } = release;
  if (!(await lacking(reader)).length) return;
  const there = await names(), lines = [];
  const take = async (path, bytes) => {
    const sha = await digest(bytes);
    if (!there.has(sha)) await keepSmall(sha, bytes);
    lines.push(`${sha} ${bytes.length} ${path}`);
  };
  try { await makeWith(release, go, take); } catch (error) { go(); if (error.name === "QuotaExceededError") throw error; }
  for (const list of reader.lists()) {
    const bytes = reader.list(list, lines.join("\n")), sha = reader.sha(list);
    if (await digest(bytes) === sha) await keep(sha, bytes);
  }
  // A list that had to be fetched says of more.
  for (let rounds = 3, lack; (lack = await lacking(reader)).length; rounds -= 1) {
    if (!rounds) throw new Error("the store does not keep what it is given");
    for (const object of lack) {
      go();
      const sha = reader.sha(object);
      await keepSmall(sha, await fetched(reader.path(object), sha, reader.length(object)));
    }
  }
}

// What a device with everything makes, as far as it is not here.
async function lacking(reader) {
  await learn(reader);
  const there = await names();
  return Array.from(reader.made()).filter(object => !there.has(reader.sha(object)));
}

async function makeWith(release, go, take) {
  const { reader } = release, module = maker();
  module.initSync({ module: await makerOf(release) });
  const read = async question => { await settled(release, question, true); return text(reader.bytes()); };
  const making = new module.Making(await read(() => reader.hidden("~/common")));
  const paths = (await read(() => reader.corpus())).split("\n").filter(path => path !== "~/common");
  let told = 0, rested = Date.now();
  // Some thousand steps: browsers make a timer wait for some milliseconds.
  const pause = async share => {
    if (Date.now() - rested < REST) return;
    go();
    busy.making = share;
    if (Date.now() - told > 200) { told = Date.now(); tell(); }
    await new Promise(done => setTimeout(done));
    rested = Date.now();
  };
  for (const [at, path] of paths.entries()) {
    making.push(await read(() => reader.hidden(path)));
    await pause(0.4 * at / paths.length);
  }
  reader.forget();
  release.memory = 0;
  for (let done = 0; done !== undefined; done = making.step()) await pause(0.4 + 0.5 * done / 1000);
  for (let bytes; (bytes = making.file());) await take(making.path(), bytes);
}

// The module that makes them: by the name that this worker knows.
async function makerOf(release) {
  const { path, sha, length } = YIMA.maker;
  for (const one of [release, ...held]) {
    const found = await compose(one, path, true).catch(() => null);
    if (found && found.bytes && await digest(found.bytes) === sha) return found.bytes;
  }
  return fetched(path, sha, length);
}

// What neither release names goes, but not in the run that wrote the newer one, and not while a newer one is under way.
async function sweep() {
  if (!held.length || begun !== held[0].sequence) return;
  const needed = new Set();
  for (const { reader } of held) {
    await learn(reader);
    // Without its list nobody knows what a made file is for.
    if (unlisted(reader, Object.keys(mind.tiers)).length) return;
  }
  for (const { reader } of held) for (let at = reader.objects(); at--;) needed.add(reader.sha(at));
  const box = await store();
  for (const sha of await names()) if (!needed.has(sha)) await box.delete(OBJECT + sha);
}

async function retire() {
  over = true;
  held = [];
  await caches.delete("yima");
  await registration.unregister();
}

async function check() {
  const before = held.length ? held[0].sequence : 0;
  checked = Date.now();
  trouble = null;
  try { await alone(update); } catch (error) { trouble = error; }
  if (held.length && held[0].sequence !== before || trouble) tell();
}

/* What pages ask for. */

const tell = async () => {
  const news = { release: held[0] && held[0].sequence, date: held[0] && held[0].date, busy, trouble: trouble && String(trouble) };
  for (const client of await clients.matchAll({ type: "window", includeUncontrolled: true })) client.postMessage({ yima: news });
};

// What a tier has on the device: what was fetched, and what was made.
const whole = (reader, tier) => [...reader.tier(tier), ...tier === ALL ? reader.made() : []];

async function sizes({ reader }) {
  await learn(reader);
  const there = await names(), list = reader.tiers(), tiers = [];
  for (let at = 0; at < list.length; at += 2) {
    const id = list[at], more = reader.unlisted(id);
    const tier = { id, name: list[at + 1], bytes: more, missing: more, state: mind.tiers[id] || "" };
    for (const object of reader.tier(tier.id)) {
      if (reader.path(object).startsWith("sw-")) continue;
      tier.bytes += reader.length(object);
      if (!there.has(reader.sha(object))) tier.missing += reader.length(object);
    }
    tiers.push(tier);
  }
  return tiers;
}

const DEEDS = {
  async state() {
    const release = ({ sequence, date }) => ({ sequence, date });
    return { releases: held.map(release), tiers: held.length ? await sizes(held[0]) : [], busy,
      trouble: trouble && String(trouble), worker: successor || held.length && held[0].worker || null };
  },
  check,
  // Everything of a tier, now and in every later release.
  async hold({ tier }) {
    mind.tiers[tier] = "hold";
    trouble = null;
    await keepMind();
    try {
      await alone(async () => { if (!held.length) await update(); await gather(held[0], [tier], tier); });
    } catch (error) {
      if (mind.tiers[tier] !== "hold") return;
      if (error.name !== "QuotaExceededError") return check();
      trouble = error;
      mind.tiers[tier] = "pause";
      await keepMind();
    } finally { tell(); }
  },
  async pause({ tier }) {
    mind.tiers[tier] = "pause";
    await keepMind();
  },
  async drop({ tier }) {
    delete mind.tiers[tier];
    await keepMind();
    await alone(async () => {
      const box = await store(), others = ["shell", ...Object.keys(mind.tiers)], still = new Set(), out = new Set();
      for (const { reader } of held) {
        await learn(reader);
        for (const id of others) for (const object of whole(reader, id)) still.add(reader.sha(object));
        for (const object of whole(reader, tier)) out.add(reader.sha(object));
      }
      for (const sha of out) if (!still.has(sha)) await box.delete(OBJECT + sha);
      for (const { reader } of held) reader.forget();
    });
  },
  // Reads every object of a tier back; what is not what it should be goes, so that it is fetched again.
  async prove({ tier }) {
    const [{ reader }] = held, proof = { objects: 0, bytes: 0, bad: 0 };
    await learn(reader);
    for (const object of whole(reader, tier)) {
      if (reader.path(object).startsWith("sw-")) continue;
      const sha = reader.sha(object), bytes = await kept(sha);
      if (bytes && await digest(bytes) === sha) {
        proof.objects += 1;
        proof.bytes += bytes.length;
      } else {
        proof.bad += 1;
        await (await store()).delete(OBJECT + sha);
      }
    }
    return proof;
  },
  // Takes pages along: those that are open already, favourites.
  async keep({ paths }) {
    for (const path of paths.map(decoded)) {
      if (path === null || !await compose(held[0], path, true)) continue;
      mind.seen = [path, ...mind.seen.filter(other => other !== path)].slice(0, SEEN);
    }
    await keepMind();
  },
  // A file of the current release, or of the one before.
  async read({ path, before }) {
    const found = held[+!!before] && await compose(held[+!!before], path, !before);
    return found && found.bytes ? text(found.bytes) : null;
  }
};

addEventListener("message", event => {
  const deed = Object.hasOwn(DEEDS, event.data && event.data.ask) && DEEDS[event.data.ask], [port] = event.ports;
  if (!deed || !port) return;
  const said = ready().then(() => deed(event.data));
  event.waitUntil(said.then(answer => port.postMessage({ answer }), error => port.postMessage({ error: String(error) })));
});

addEventListener("install", event => {
  skipWaiting();
  event.waitUntil(ready().then(() => held.length ? null : alone(update)).then(() => { if (!held.length) throw new Error("nothing to hold"); }));
});

// The worker before went on while this one was being installed.
addEventListener("activate", event => event.waitUntil(ready().then(look).then(recall).catch(() => {})));

addEventListener("fetch", event => {
  const { request } = event, url = new URL(request.url);
  if (url.origin !== location.origin || request.method !== "GET" && request.method !== "HEAD") return;
  if (request.cache === "only-if-cached" && request.mode !== "same-origin") return;
  // What a page asks of the host itself: what is new, and the next worker.
  if (/^\/(release\.note$|release\/|sw-)/.test(url.pathname)) return;
  event.respondWith(respond(event, url).catch(async () => await network(request) || sorry()));
  if (request.mode === "navigate" && Math.abs(Date.now() - checked) > PAUSE) event.waitUntil(check());
});
