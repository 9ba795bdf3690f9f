import { create, insertMultiple, load, save, search } from '@orama/orama';
import { createTokenizer } from '@orama/tokenizers/mandarin';
import { asked } from '../cut.mjs';
import { text, title } from './files.mjs';

const TOKENIZERS = {
  mandarin: () => createTokenizer(),
  pairs: () => ({ language: 'chinese', normalizationCache: new Map(), tokenize: words => asked(String(words)) }),
};

function empty(setting) {
  const components = { tokenizer: TOKENIZERS[setting]() };
  return create({ schema: { title: 'string', body: 'string' }, sort: { enabled: false }, components });
}

export async function build(docs, setting) {
  const engine = empty(setting);
  await insertMultiple(engine, docs.map(({ id, title, body }) => ({ id, title, body })), 500);
  const saved = save(engine);
  // It keeps the texts whole; a site has them in its pages, and shows titles.
  const byId = new Map(docs.map(doc => [doc.id, doc]));
  for (const [key, doc] of Object.entries(saved.docs.docs)) {
    saved.docs.docs[key] = { id: doc.id, title: title(byId.get(doc.id)) };
  }
  return [['index.json', JSON.stringify(saved)]];
}

export async function open(base, setting) {
  const engine = empty(setting);
  load(engine, JSON.parse(await text(`${base}index.json`)));
  const find = async (term, more) => (await search(engine, { term, boost: { title: 2 }, ...more })).hits;
  return {
    search: async (question, limit) => {
      const found = await find(question, { limit, threshold: 1 });
      return { ids: found.map(hit => hit.id), title: found[0]?.document.title ?? '' };
    },
    containing: async words => (await find(words, { limit: 1e6, threshold: 0 })).map(hit => hit.id),
  };
}
