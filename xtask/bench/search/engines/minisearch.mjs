import MiniSearch from 'minisearch';
import { cut } from '../cut.mjs';
import { RECORDS, hits, records, text } from './files.mjs';

function options(setting) {
  const characters = setting === 'characters and pairs';
  return {
    idField: 'n',
    fields: ['title', 'body'],
    tokenize: words => cut(words, characters),
    processTerm: term => term,
    searchOptions: { boost: { title: 2 }, prefix: false, fuzzy: false },
  };
}

export function build(docs, setting) {
  const index = new MiniSearch(options(setting));
  index.addAll(docs.map((doc, n) => ({ n, title: doc.title, body: doc.body })));
  return [['index.json', JSON.stringify(index)], records(docs)];
}

export async function open(base, setting) {
  const [index, table] = await Promise.all([text(`${base}index.json`), text(base + RECORDS)]);
  const engine = MiniSearch.loadJSON(index, options(setting));
  const titles = JSON.parse(table);
  return {
    search: async (question, limit) => hits(titles, engine.search(question).slice(0, limit).map(hit => hit.id)),
    containing: async words => hits(titles, engine.search(words, { combineWith: 'AND' }).map(hit => hit.id)).ids,
  };
}
