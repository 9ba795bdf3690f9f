// Our search as a page would use it: files are fetched as the module names them, each once.
import init, { Searcher } from './yima.js';

const FACES = 3;
// After so many files of titles, the most telling ones, the page shows a first result (`app/src/library.rs`).
const TELLING = 2;

export async function open(base) {
  const fetched = new Map();
  const bytes = async path => {
    const answer = await fetch(base + path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return new Uint8Array(await answer.arrayBuffer());
  };
  const [, head] = await Promise.all([init({ module_or_path: `${base}yima.wasm` }), bytes('search/index.bin')]);
  const searcher = new Searcher(head);
  const supply = (family, file) => {
    const path = searcher.path(family, file);
    if (!fetched.has(path)) fetched.set(path, bytes(path).then(found => searcher.supply(family, file, found)));
    return fetched.get(path);
  };
  const fetchAll = async (question, stage) => {
    for (;;) {
      const wanted = searcher.wanted(question, stage);
      if (!wanted.length) return;
      const all = [];
      for (let at = 0; at < wanted.length; at += 2) all.push(supply(wanted[at], wanted[at + 1]));
      await Promise.all(all);
    }
  };
  const ids = async docs => {
    await Promise.all([...docs].map(doc => supply(FACES, searcher.face_file(doc))));
    return [...docs].map(doc => searcher.id(doc));
  };
  return {
    async search(question, limit) {
      // One record is the first result.
      if (limit === 1) await once(question, 0, TELLING);
      else for (const stage of [0, 1]) await once(question, stage, Infinity);
      const docs = searcher.answer(question, limit, false);
      const found = await ids(docs);
      return { ids: found, title: docs.length ? searcher.title(docs[0]) : '' };
    },
    async containing(text) {
      await fetchAll(text, 2);
      return ids(searcher.answer(text, 1e9, true));
    },
  };
  // Stages are bounded per question: what one round wanted is all it gets.
  async function once(question, stage, most) {
    const wanted = searcher.wanted(question, stage);
    const all = [];
    for (let at = 0; at < wanted.length && at < 2 * most; at += 2) all.push(supply(wanted[at], wanted[at + 1]));
    await Promise.all(all);
  }
}
