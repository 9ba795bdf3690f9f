// pack.mjs ENGINE FOLDER
//
// FOLDER/built/ and the code of the engine → FOLDER/sent/: each file as a host would send it, and a list of them.
import { build } from 'esbuild';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

// Above this the best quality takes minutes for a few per cent.
const LARGE = 16e6;

const [name, folder] = process.argv.slice(2);
const built = resolve(folder, 'built');
const sent = resolve(folder, 'sent');

function walk(at) {
  return readdirSync(at, { withFileTypes: true })
    .flatMap(entry => (entry.isDirectory() ? walk(`${at}/${entry.name}`) : [`${at}/${entry.name}`]))
    .sort();
}

/** Code is what stays the same whatever is indexed. */
const code = path => /\.(js|mjs|wasm)$/.test(path) || /(^|\/)wasm\.[^/]*$/.test(path);

if (!existsSync(`${built}/engine.js`)) {
  await build({
    stdin: { contents: `export { open } from './engines/${name}.mjs';`, resolveDir: import.meta.dirname },
    bundle: true,
    format: 'esm',
    minify: true,
    external: ['node:*'],
    logLevel: 'error',
    outfile: `${built}/engine.js`,
  });
}
const list = [];
for (const file of walk(built)) {
  const path = relative(built, file);
  const raw = readFileSync(file);
  const large = raw.length > LARGE;
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: large ? 9 : 11,
    [constants.BROTLI_PARAM_LGWIN]: large ? 24 : 22,
    [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
  };
  // What is compressed already only grows: gzip, by its magic bytes, is not even tried. A host sends it as it is.
  const packed = raw[0] === 0x1f && raw[1] === 0x8b ? raw : brotliCompressSync(raw, { params });
  const brotli = packed.length < raw.length;
  mkdirSync(dirname(`${sent}/${path}`), { recursive: true });
  writeFileSync(`${sent}/${path}`, brotli ? packed : raw);
  list.push({ path, code: code(path), raw: statSync(file).size, sent: brotli ? packed.length : raw.length, brotli });
}
const { names } = existsSync(new URL(`./engines/${name}.mjs`, import.meta.url)) ? await import(`./engines/${name}.mjs`) : {};
writeFileSync(`${folder}/sent.json`, JSON.stringify({ files: list, names: (await names?.(folder)) ?? null }));
