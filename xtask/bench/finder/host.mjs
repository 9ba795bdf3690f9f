// A host on the loopback that sends a built site as a real one does: brotli, hashed names for ever.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { brotliCompressSync, constants } from 'node:zlib';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
  wasm: 'application/wasm',
};

/** Bytes as brotli 11 sends them; kept beside the figures, so that a second run waits for nothing. */
function packed(raw, folder) {
  const kept = `${folder}/${createHash('sha256').update(raw).digest('hex').slice(0, 24)}`;
  if (existsSync(kept)) return readFileSync(kept);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
  const made = brotliCompressSync(raw, { params });
  writeFileSync(kept, made);
  return made;
}

/** `{ origin, close }`. */
export async function host(site, folder) {
  mkdirSync(folder, { recursive: true });
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    let path = site + decodeURI(pathname);
    if (path.endsWith('/')) path += 'index.html';
    if (!existsSync(path) || !statSync(path).isFile()) return void answer.writeHead(404).end();
    const raw = readFileSync(path);
    const sent = packed(raw, folder);
    const head = {
      'content-type': TYPES[path.split('.').pop()] ?? 'application/octet-stream',
      'cache-control': /-[0-9a-f]{16}/.test(path) ? 'max-age=31536000, immutable' : 'no-cache',
    };
    if (sent.length < raw.length) answer.writeHead(200, { ...head, 'content-encoding': 'br' }).end(sent);
    else answer.writeHead(200, head).end(raw);
  });
  await new Promise(ready => server.listen(0, '127.0.0.1', ready));
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, close };
}
