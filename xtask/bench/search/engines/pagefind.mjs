const LANGUAGE = 'zh';
const CHARACTERS = 'characters';

const escape = words => words.replace(/[&<>]/g, sign => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[sign]);
const spaced = words => words.replace(/\p{Script=Han}/gu, sign => ` ${sign} `);

/** One page per record, as a site has them; the making of pages is not the engine's work and not measured. */
export async function prepare(docs, setting, folder) {
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const shape = setting === CHARACTERS ? words => escape(spaced(words)) : escape;
  mkdirSync(`${folder}/pages`, { recursive: true });
  for (const doc of docs) {
    const body = doc.body.split('\n').map(line => `<p>${shape(line)}</p>`).join('\n');
    // The id as a number, as not every id may name a file.
    const head = `<!doctype html><html lang="${LANGUAGE}"><title>${escape(doc.title)}</title>`;
    const heading = doc.title ? `<h1>${shape(doc.title)}</h1>` : '';
    const meta = `<span data-pagefind-meta="id">${escape(doc.id)}</span>`;
    const page = `${head}${meta}<main data-pagefind-body>${heading}${body}</main></html>`;
    writeFileSync(`${folder}/pages/${doc.n}.html`, page);
  }
}

export async function build(docs, setting, folder) {
  const { spawnSync } = await import('node:child_process');
  const { createRequire } = await import('node:module');
  const { readdirSync, rmSync } = await import('node:fs');
  const program = createRequire(import.meta.url).resolve(
    `@pagefind/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}/bin/pagefind_extended`,
  );
  const out = `${folder}/built`;
  const words = ['--site', `${folder}/pages`, '--output-path', out, '--quiet'];
  const { status, signal } = spawnSync(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`pagefind ended with ${status ?? signal}`);
  // Its boxes and buttons, which the search itself does without.
  for (const name of readdirSync(out)) if (/ui\.(js|css)$|highlight/.test(name)) rmSync(`${out}/${name}`);
  return [];
}

/** What a page calls a result → id of the record. */
export async function names(folder) {
  const { readFileSync, readdirSync } = await import('node:fs');
  const { gunzipSync } = await import('node:zlib');
  const table = {};
  for (const name of readdirSync(`${folder}/built/fragment`)) {
    const text = gunzipSync(readFileSync(`${folder}/built/fragment/${name}`)).toString('utf8');
    const { meta } = JSON.parse(text.slice(text.indexOf('{')));
    table[name.replace(/\.pf_fragment$/, '')] = meta.id;
  }
  return table;
}

export async function open(base, setting) {
  const pagefind = await import(/* @vite-ignore */ `${base}pagefind.js`);
  await pagefind.init();
  const shape = setting === CHARACTERS ? spaced : words => words;
  const find = async words => (await pagefind.search(words)).results;
  return {
    search: async (question, limit) => {
      const found = await find(shape(question));
      // The text of a result is a file of its own: the first is what a person waits for.
      const first = await found[0]?.data();
      return { ids: found.slice(0, limit).map(hit => hit.id), title: first?.meta.title ?? '' };
    },
    containing: async words => (await find(`"${shape(words).trim()}"`)).map(hit => hit.id),
  };
}
