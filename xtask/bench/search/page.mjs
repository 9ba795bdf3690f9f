// What runs in the page. Its own bytes are not counted.
import { open } from '/site/engine.js';

const asked = new URLSearchParams(location.search);
const engine = open('/site/', asked.get('setting'));

/** From nothing to the title of the first result, in milliseconds since the page was asked for. */
export async function cold(question) {
  const { title } = await (await engine).search(question, 1);
  return { ms: performance.now(), title };
}

/** Answers to questions one after the other, with the time each took. */
export async function answers(questions, limit) {
  const ready = await engine;
  const all = [];
  for (const question of questions) {
    const start = performance.now();
    const { ids } = await ready.search(question, limit);
    all.push({ ms: performance.now() - start, ids });
  }
  return all;
}

/** For each text the records that are said to hold it. */
export async function holders(texts) {
  const ready = await engine;
  const all = [];
  for (const text of texts) all.push(await ready.containing(text));
  return all;
}

Object.assign(window, { cold, answers, holders });
