// measure.mjs JOB.json
//
// The finder of a built site in the browser. The job: `site`, `questions` (each `{ kind, text }`), `typing` (how many of
// them are typed), `slowdown`, `pace` (milliseconds from key to key), `parts` (names of functions below, or all),
// `browser`, `profile`, `work`, `out`.
//
// Cold: each question in a page with nothing kept. What was asked for until the first result stood there, and until
// everything had come to rest, as the protocol of the browser counts it.
// Typing: key by key into a page without a question, with the processor slowed down: how long each key waited until the
// page took it (Event Timing: processingStart less startTime), and the processor time of the longest tasks of the main thread,
// because a clock on the wall measures the neighbours as well.
// Odd: what nobody should type, put into the field at once: the same figures, and whether it was answered.
import { readFileSync, writeFileSync } from 'node:fs';
import { Chromium } from '../search/chromium.mjs';
import { host } from './host.mjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const known = { cold: [], typing: [], odd: [] };
const keep = () => writeFileSync(job.out, JSON.stringify(known));
let traced = 0;
const pause = ms => new Promise(done => setTimeout(done, ms));

/** Runs in the page before anything else. */
const WATCH = `performance.setResourceTimingBufferSize(2000);
window.keys = [];
new PerformanceObserver(list => list.getEntries().forEach(({ name, startTime, processingStart, duration }) =>
  keys.push({ name, delay: processingStart - startTime, duration }))).observe({ type: 'event', durationThreshold: 16 });
new MutationObserver((_, self) => {
  const link = document.querySelector('.finder .row .row-title a');
  if (link && link.textContent) { self.disconnect(); window.firstResult = performance.now(); window.firstTitle = link.textContent; }
}).observe(document, { childList: true, subtree: true, characterData: true });`;

/** Opens a page with nothing kept; it comes with `requests`, which grows: address, when asked for, bytes as sent. */
async function open(browser, address) {
  const requests = [];
  const known = new Map();
  const page = await browser.open(address, async tab => {
    tab.on('Network.requestWillBeSent', ({ requestId, request, wallTime }) => {
      const one = { name: request.url, at: wallTime * 1000, bytes: 0 };
      known.set(requestId, one);
      requests.push(one);
    });
    tab.on('Network.dataReceived', ({ requestId, encodedDataLength }) => {
      if (known.has(requestId)) known.get(requestId).bytes += encodedDataLength;
    });
    // Without headers, which are the host's; small answers come without word of their data.
    tab.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
      const one = known.get(requestId);
      if (one && !one.bytes) one.bytes = encodedDataLength;
    });
    await tab.send('Network.enable');
    await tab.send('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
  });
  return { page, requests };
}

const QUIET = `document.querySelector('#finder').dataset.app === 'ready'
  && document.querySelector('.finder-results')?.getAttribute('aria-busy') === 'false'`;

/** Waits until the page is at rest and has asked for nothing for a second. */
async function settled(page) {
  let [count, since] = [-1, Date.now()];
  for (const end = Date.now() + 60_000; Date.now() < end; await pause(100)) {
    const [now, quiet] = await page.run(`[performance.getEntriesByType('resource').length, ${QUIET}]`);
    if (now !== count || !quiet) [count, since] = [now, Date.now()];
    else if (Date.now() - since > 1_000) return;
  }
  throw new Error('the page does not come to rest');
}

/** What a request is for. */
function family(name) {
  const { pathname } = new URL(name);
  if (/\.(wasm|js)$/.test(pathname)) return 'code';
  const found = pathname.match(/^\/search\/([a-z]+)[-.][^/]*$/);
  return found ? (found[1] === 'index' ? 'head' : found[1]) : 'page';
}

function summed(requests) {
  const families = {};
  for (const { name, bytes } of requests) {
    const sum = (families[family(name)] ??= { requests: 0, bytes: 0 });
    sum.requests += 1;
    sum.bytes += bytes;
  }
  return families;
}

async function cold(browser, origin) {
  for (const { kind, text } of job.questions) {
    const { page, requests } = await open(browser, `${origin}/search/?q=${encodeURIComponent(text)}`);
    await settled(page);
    const [first, start, title, count, snippets] = await page.run(`[window.firstResult ?? null, performance.timeOrigin,
      window.firstTitle ?? '', document.querySelector('.finder-count').textContent, document.querySelectorAll('.row-part').length]`);
    known.cold.push({
      kind,
      text,
      title,
      count,
      snippets,
      // Whatever was sent for before the first result stood there, whether or not it was needed.
      first: first === null ? null : { ms: first, ...summed(requests.filter(({ at }) => at <= start + first)) },
      settled: summed(requests),
    });
    await page.close();
    keep();
  }
}

/** The tasks of the main thread while something is done: processor time and what they did longest, in milliseconds. */
async function tasks(page, act) {
  const events = [];
  page.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  const ended = new Promise(done => page.on('Tracing.tracingComplete', done));
  const categories = 'toplevel,devtools.timeline,disabled-by-default-devtools.timeline,disabled-by-default-cpu_profiler';
  await page.send('Tracing.start', { categories: categories, transferMode: 'ReportEvents' });
  await act();
  await page.send('Tracing.end');
  await ended;
  if (process.env.TRACE) writeFileSync(process.env.TRACE + (traced += 1), JSON.stringify(events));
  const pages = new Set(events.filter(({ name }) => name === 'EventDispatch' || name === 'FunctionCall').map(({ pid }) => pid));
  const main = events.filter(({ name, args, pid }) => name === 'thread_name' && args.name === 'CrRendererMain' && pages.has(pid));
  const on = event => main.some(({ pid, tid }) => pid === event.pid && tid === event.tid);
  const tasks = events.filter(event => event.name === 'RunTask' || event.name === 'ThreadControllerImpl::RunTask').filter(on);
  return tasks
    .map(({ ts, dur, tdur }) => ({ at: ts, wall: dur / 1000, cpu: tdur === undefined ? null : tdur / 1000 }))
    .sort((a, b) => (b.cpu ?? b.wall) - (a.cpu ?? a.wall));
}

/** Types a text key by key, and lets it come to rest. */
async function type(page, text) {
  for (const letter of text) {
    const key = { key: letter, text: letter, unmodifiedText: letter };
    await page.send('Input.dispatchKeyEvent', { type: 'keyDown', ...key });
    await page.send('Input.dispatchKeyEvent', { type: 'keyUp', key: letter });
    await pause(job.pace);
  }
  await settled(page);
}

/** What doing something costs: the longest tasks, what the main thread did in all, how long keys waited. */
async function cost(page, act) {
  const busy = async () => (await page.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration').value * 1000;
  await page.run('window.keys = []');
  const before = await busy();
  const longest = (await tasks(page, act)).slice(0, 8);
  const all = (await busy()) - before;
  // Those that were over within a frame are not told: their delay was shorter still.
  const keys = (await page.run('window.keys')).filter(({ name }) => /key|input/.test(name)).map(({ delay }) => delay);
  return { longest, all, delays: keys.sort((a, b) => b - a).slice(0, 8) };
}

/** A page without a question, at rest, slowed down, the cursor in its field. */
async function ready(browser, origin, rate) {
  const { page } = await open(browser, `${origin}/search/`);
  await settled(page);
  await page.send('Performance.enable');
  await page.send('Emulation.setCPUThrottlingRate', { rate });
  await page.run(`document.querySelector('#finder input[name=q]').focus()`);
  return page;
}

const EMPTY = `(() => { const field = document.querySelector('#finder input[name=q]'); field.value = '';
  field.dispatchEvent(new InputEvent('input', { bubbles: true })); })()`;

async function typing(browser, origin) {
  const texts = job.questions.filter(({ text }) => [...text].length > 2).slice(0, job.typing);
  for (const rate of [1, job.slowdown]) {
    for (const { kind, text } of texts) {
      const page = await ready(browser, origin, rate);
      const one = { kind, text, rate };
      for (const how of ['cold', 'warm']) {
        await page.run(EMPTY);
        await settled(page);
        one[how] = await cost(page, () => type(page, text));
      }
      known.typing.push(one);
      await page.close();
      keep();
    }
  }
}

/** Types while the page is still coming, with the processor slowed down: whoever knows what to ask does not wait. */
async function early(browser, origin) {
  const { kind, text } = job.questions.find(({ text }) => [...text].length > 6);
  const tab = await browser.open('about:blank', tab => tab.send('Page.addScriptToEvaluateOnNewDocument', { source: WATCH }));
  await tab.send('Performance.enable');
  await tab.send('Emulation.setCPUThrottlingRate', { rate: job.slowdown });
  const figures = await cost(tab, async () => {
    await tab.send('Page.navigate', { url: `${origin}/search/` });
    for (;; await pause(20)) {
      // Nobody types into what is not painted yet.
      const painted = `performance.getEntriesByName('first-contentful-paint').length > 0 && !!document.querySelector('#finder input[name=q]')`;
      if (await tab.run(painted).catch(() => false)) break;
    }
    await tab.run(`document.querySelector('#finder input[name=q]').focus()`);
    await type(tab, text);
  });
  const count = await tab.run(`document.querySelector('.finder-count').textContent`);
  known.odd.push({ kind: `while the page comes: ${text}`, rate: job.slowdown, count, ...figures });
  await tab.close();
  keep();
}

const ODD = {
  '10,000 characters': '公积金提取需要哪些材料'.repeat(1000).slice(0, 10_000),
  '10,000 different characters': Array.from({ length: 10_000 }, (_, at) => String.fromCharCode(0x4e00 + at)).join(''),
  'control characters': Array.from({ length: 31 }, (_, at) => String.fromCharCode(at + 1)).join('').repeat(20),
  'only punctuation': '，。！？；：“”（）《》、…—'.repeat(200),
  'no letters of any script': '\u202e\u200b\ufeff\u{1f9ff}\u0301'.repeat(300),
};

async function odd(browser, origin) {
  for (const [kind, text] of Object.entries(ODD)) {
    const page = await ready(browser, origin, job.slowdown);
    const one = { kind, rate: job.slowdown };
    const figures = await cost(page, async () => {
      await page.send('Input.insertText', { text });
      await type(page, '补');
    });
    one.count = await page.run(`document.querySelector('.finder-count').textContent`);
    known.odd.push({ ...one, ...figures });
    await page.close();
    keep();
  }
}

const served = await host(job.site, `${job.work}/sent`);
const browser = new Chromium(job.browser, job.profile);
try {
  for (const part of [cold, typing, early, odd]) {
    if (!job.parts || job.parts.split(',').includes(part.name)) await part(browser, served.origin);
  }
} catch (error) {
  known.failed = error.message;
  keep();
} finally {
  await browser.close();
  served.close();
}
