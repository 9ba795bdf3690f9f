import { Index } from 'flexsearch';
import { cut } from '../cut.mjs';
import { RECORDS, hits, records, text } from './files.mjs';

// It ranks a record higher the earlier a term stands in it, and weighs no fields. So the title stands before the body
// in one index, or has an index of its own, whose results come first, as those of the fields of its `Document` do.
const PARTS = {
  pairs: { all: doc => `${doc.title}\n${doc.body}` },
  'pairs by field': { title: doc => doc.title, body: doc => doc.body },
};

const empty = () => new Index({ tokenize: 'strict', encode: words => cut(words) });

export async function build(docs, setting) {
  const files = [];
  for (const [part, of] of Object.entries(PARTS[setting])) {
    const index = empty();
    docs.forEach((doc, n) => index.add(n, of(doc)));
    await index.export((name, data) => {
      if (data !== undefined) files.push([`${part}/${name}.json`, data]);
    });
  }
  return [...files, ['parts.json', JSON.stringify(files.map(([name]) => name))], records(docs)];
}

export async function open(base, setting) {
  const [parts, table] = await Promise.all([text(`${base}parts.json`), text(base + RECORDS)]);
  const names = JSON.parse(parts);
  const loaded = await Promise.all(names.map(name => text(base + name)));
  const engines = Object.fromEntries(Object.keys(PARTS[setting]).map(part => [part, empty()]));
  names.forEach((path, at) => {
    const [part, name] = path.replace(/\.json$/, '').split('/');
    engines[part].import(name, loaded[at]);
  });
  const titles = JSON.parse(table);
  const find = (words, asked) => [...new Set(Object.values(engines).flatMap(engine => engine.search(words, asked)))];
  return {
    // Without `suggest` a rewording finds nothing: every term would have to be there.
    search: async (question, limit) => hits(titles, find(question, { limit, suggest: true }).slice(0, limit)),
    containing: async words => hits(titles, find(words, { limit: titles.length })).ids,
  };
}
