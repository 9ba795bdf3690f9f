// measure.mjs JOB.json
//
// One engine on one set in the browser. What is known is written after every step, so that a run that is stopped still
// says something. The job: `folder` of the engine, `setting`, `questions`, `texts`, `cold` questions, `rounds`, `seconds` it may
// take, `browser`, `profile`, `out`.
import { readFileSync, writeFileSync } from 'node:fs';
import { Chromium } from './chromium.mjs';
import { serve } from './server.mjs';

const LIMIT = 10;
const BATCH = 20;

const job = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { files, names } = JSON.parse(readFileSync(`${job.folder}/sent.json`, 'utf8'));
const known = {};
const keep = more => writeFileSync(job.out, JSON.stringify(Object.assign(known, more)));
const end = Date.now() + job.seconds * 1000;
const late = () => Date.now() > end;
const named = ids => (names ? ids.map(id => names[id]) : ids);

const host = await serve(job.folder, files);
const browser = new Chromium(job.browser, job.profile);
const address = `${host.origin}/?setting=${encodeURIComponent(job.setting)}`;

/** All questions in one page, in batches, so that the time limit is seen. */
async function pass(page, questions) {
  const all = [];
  for (let at = 0; at < questions.length && !late(); at += BATCH) {
    const batch = questions.slice(at, at + BATCH);
    all.push(...(await page.run(`answers(${JSON.stringify(batch)}, ${LIMIT})`)));
  }
  return all;
}

/** Cold: a new context for each question. */
async function cold() {
  const runs = [];
  for (const question of job.cold) {
    if (late()) break;
    host.count();
    const page = await browser.open(address);
    const { ms, title } = await page.run(`cold(${JSON.stringify(question)})`);
    runs.push({ ms, found: title !== '', ...host.count() });
    await page.close();
  }
  return runs;
}

try {
  const page = await browser.open(address);
  await page.run(`answers(${JSON.stringify(job.questions.slice(0, 1))}, ${LIMIT})`);
  host.count();
  const first = await pass(page, job.questions);
  keep({ hits: first.map(({ ids }) => named(ids)), sent: host.count() });
  keep({ cold: await cold() });
  const found = [];
  for (const text of job.texts) {
    if (late()) break;
    const [ids] = await page.run(`holders(${JSON.stringify([text])})`);
    found.push(named(ids));
  }
  keep({ found });
  const rounds = [];
  for (let round = 0; round < job.rounds && !late(); round += 1) {
    rounds.push((await pass(page, job.questions)).map(({ ms }) => ms));
  }
  keep({ warm: rounds, complete: !late() });
} catch (error) {
  keep({ failed: error.message });
} finally {
  await browser.close();
  host.close();
}
