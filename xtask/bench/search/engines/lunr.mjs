import lunr from 'lunr';
import { asked, cut } from '../cut.mjs';
import { RECORDS, hits, records, text } from './files.mjs';

const characters = setting => setting === 'characters and pairs';

export function build(docs, setting) {
  const index = lunr(function setUp() {
    // Its own pipeline trims and stems English.
    this.pipeline.reset();
    this.searchPipeline.reset();
    this.tokenizer = words => cut(String(words ?? ''), characters(setting)).map(term => new lunr.Token(term, {}));
    this.ref('n');
    this.field('title', { boost: 2 });
    this.field('body');
    docs.forEach((doc, n) => this.add({ n, title: doc.title, body: doc.body }));
  });
  return [['index.json', JSON.stringify(index)], records(docs)];
}

export async function open(base, setting) {
  const [index, table] = await Promise.all([text(`${base}index.json`), text(base + RECORDS)]);
  const engine = lunr.Index.load(JSON.parse(index));
  const titles = JSON.parse(table);
  const find = (words, presence) => {
    const found = engine.query(query => {
      for (const term of asked(words, characters(setting))) query.term(term, { usePipeline: false, presence });
    });
    return found.map(hit => Number(hit.ref));
  };
  return {
    search: async (question, limit) => hits(titles, find(question, lunr.Query.presence.OPTIONAL).slice(0, limit)),
    containing: async words => hits(titles, find(words, lunr.Query.presence.REQUIRED)).ids,
  };
}
