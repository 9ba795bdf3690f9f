// A host on the loopback that sends what `pack.mjs` made, and keeps count.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const TYPES = { js: 'text/javascript', mjs: 'text/javascript', json: 'application/json', wasm: 'application/wasm' };
const PAGE = '<!doctype html><html lang="zh"><meta charset="utf-8"><link rel="icon" href="data:,"><script type="module" src="/page.mjs"></script>';

/** `{ origin, count, close }`; `count()` gives what was sent since it was last asked. */
export async function serve(folder, files) {
  const known = new Map(files.map(file => [`/site/${file.path}`, file]));
  const script = readFileSync(new URL('./page.mjs', import.meta.url));
  let counted = { bytes: 0, code: 0, requests: 0 };
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url, 'http://127.0.0.1');
    const head = {
      'cache-control': 'max-age=3600',
      // Makes the clock of the page count in steps of 5 µs instead of 100 µs.
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    };
    const file = known.get(decodeURI(pathname));
    if (file) {
      counted.bytes += file.sent;
      counted.code += file.code ? file.sent : 0;
      counted.requests += 1;
      if (file.brotli) head['content-encoding'] = 'br';
      head['content-type'] = TYPES[file.path.split('.').pop()] ?? 'application/octet-stream';
      answer.writeHead(200, head).end(readFileSync(`${folder}/sent/${file.path}`));
    } else if (pathname === '/') {
      answer.writeHead(200, { ...head, 'content-type': 'text/html' }).end(PAGE);
    } else if (pathname === '/page.mjs') {
      answer.writeHead(200, { ...head, 'content-type': TYPES.mjs }).end(script);
    } else {
      counted.requests += 1;
      answer.writeHead(404, head).end();
    }
  });
  await new Promise(ready => server.listen(0, '127.0.0.1', ready));
  const count = () => {
    const sofar = counted;
    counted = { bytes: 0, code: 0, requests: 0 };
    return sofar;
  };
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${server.address().port}`, count, close };
}
