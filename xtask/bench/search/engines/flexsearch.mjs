import { Charset, Index } from 'flexsearch';
import { cut } from '../cut.mjs';
import { RECORDS, hits, records, text } from './files.mjs';

const SETTINGS = {
  // As its documentation gives it for Chinese.
  characters: () => ({ tokenize: 'strict', encoder: Charset.CJK, context: true }),
  pairs: () => ({ tokenize: 'strict', encode: words => cut(words) }),
};

export async function build(docs, setting) {
  const index = new Index(SETTINGS[setting]());
  // It ranks a record higher the earlier a term stands in it, so the title comes first.
  docs.forEach((doc, n) => index.add(n, `${doc.title}\n${doc.body}`));
  const files = [];
  await index.export((name, data) => {
    if (data !== undefined) files.push([`${name}.json`, data]);
  });
  files.push(['parts.json', JSON.stringify(files.map(([name]) => name))]);
  return [...files, records(docs)];
}

export async function open(base, setting) {
  const [parts, table] = await Promise.all([text(`${base}parts.json`), text(base + RECORDS)]);
  const engine = new Index(SETTINGS[setting]());
  const names = JSON.parse(parts);
  const loaded = await Promise.all(names.map(name => text(base + name)));
  names.forEach((name, at) => engine.import(name.replace(/\.json$/, ''), loaded[at]));
  const titles = JSON.parse(table);
  return {
    search: async (question, limit) => hits(titles, engine.search(question, { limit, suggest: true })),
    containing: async words => hits(titles, engine.search(words, { limit: titles.length })).ids,
  };
}
