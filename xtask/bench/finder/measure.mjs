// measure.mjs JOB.json
//
// The finder of a built site in the browser. The job: `site`, `questions` (each `{ kind, text }`), `typing` (how many of
// them are typed), `slowdown`, `browser`, `profile`, `work`, `out`.
//
// Cold: each question in a page with nothing kept. What was asked for until the first result stood there, and until
// everything had come to rest.
// Typing: character by character into a page without a question, with the processor slowed down; the processor time of
// the longest tasks of the main thread. Processor time, because a clock on the wall measures the neighbours as well.
import { readFileSync, writeFileSync } from 'node:fs';
import { Chromium } from '../search/chromium.mjs';
import { host } from './host.mjs';

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const known = { cold: [], typing: [] };
const keep = () => writeFileSync(job.out, JSON.stringify(known));
const pause = ms => new Promise(done => setTimeout(done, ms));

/** Runs in the page before anything else. */
const WATCH = `performance.setResourceTimingBufferSize(2000);
new MutationObserver((_, self) => {
  const link = document.querySelector('.finder .row .row-title a');
  if (link && link.textContent) { self.disconnect(); window.firstResult = performance.now(); window.firstTitle = link.textContent; }
}).observe(document, { childList: true, subtree: true, characterData: true });`;

/** All requests so far: address, start, end, bytes as sent. */
const REQUESTS = `[...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .map(({ name, startTime, responseEnd, encodedBodySize }) => ({ name, startTime, responseEnd, bytes: encodedBodySize }))`;

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
    const before = tab => tab.send('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
    const page = await browser.open(`${origin}/search/?q=${encodeURIComponent(text)}`, before);
    await settled(page);
    const [first, title, all, count, snippets] = await page.run(`[window.firstResult ?? null, window.firstTitle ?? '', ${REQUESTS},
      document.querySelector('.finder-count').textContent, document.querySelectorAll('.row-part').length]`);
    known.cold.push({
      kind,
      text,
      title,
      count,
      snippets,
      // Whatever was sent for before the first result stood there, whether or not it was needed.
      first: first === null ? null : { ms: first, ...summed(all.filter(({ startTime }) => startTime <= first)) },
      settled: summed(all),
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
  if (process.env.TRACE) writeFileSync(process.env.TRACE, JSON.stringify(events));
  const pages = new Set(events.filter(({ name }) => name === 'EventDispatch' || name === 'FunctionCall').map(({ pid }) => pid));
  const main = events.filter(({ name, args, pid }) => name === 'thread_name' && args.name === 'CrRendererMain' && pages.has(pid));
  const on = event => main.some(({ pid, tid }) => pid === event.pid && tid === event.tid);
  const tasks = events.filter(event => event.name === 'RunTask' || event.name === 'ThreadControllerImpl::RunTask').filter(on);
  return tasks
    .map(({ ts, dur, tdur }) => ({ at: ts, wall: dur / 1000, cpu: tdur === undefined ? null : tdur / 1000 }))
    .sort((a, b) => (b.cpu ?? b.wall) - (a.cpu ?? a.wall));
}

/** Types a text as a thumb does, and lets it come to rest. */
async function type(page, text) {
  for (const letter of text) {
    await page.send('Input.insertText', { text: letter });
    await pause(180);
  }
  await settled(page);
}

async function typing(browser, origin) {
  const texts = job.questions.filter(({ text }) => [...text].length > 2).slice(0, job.typing);
  for (const rate of [1, job.slowdown]) {
    for (const { kind, text } of texts) {
      const page = await browser.open(`${origin}/search/`);
      await settled(page);
      await page.send('Emulation.setCPUThrottlingRate', { rate });
      await page.run(`document.querySelector('#finder input[name=q]').focus()`);
      const one = { kind, text, rate };
      for (const how of ['cold', 'warm']) {
        await page.run(`(() => { const field = document.querySelector('#finder input[name=q]'); field.value = '';
          field.dispatchEvent(new InputEvent('input', { bubbles: true })); })()`);
        await settled(page);
        one[how] = (await tasks(page, () => type(page, text))).slice(0, 8);
      }
      known.typing.push(one);
      await page.close();
      keep();
    }
  }
}

const served = await host(job.site, `${job.work}/sent`);
const browser = new Chromium(job.browser, job.profile);
try {
  await cold(browser, served.origin);
  await typing(browser, served.origin);
} catch (error) {
  known.failed = error.message;
  keep();
} finally {
  await browser.close();
  served.close();
}
