// A browser of its own, spoken to in the DevTools protocol through a pipe.
import { spawn } from 'node:child_process';

const FLAGS = [
  '--headless=new',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--lang=zh-CN',
  '--remote-debugging-pipe',
];

export class Chromium {
  /** Starts the program with an empty profile at `profile`. */
  constructor(program, profile) {
    this.waiting = new Map();
    this.listening = new Map();
    this.last = 0;
    this.child = spawn(program, [...FLAGS, `--user-data-dir=${profile}`], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise(done => this.child.once('exit', done));
    this.child.once('exit', () => this.fail(new Error('the browser ended')));
    this.child.once('error', error => this.fail(error));
    this.child.stdio[3].on('error', error => this.fail(error));
    let parts = [];
    this.child.stdio[4].on('data', bytes => {
      let start = 0;
      for (let end = bytes.indexOf(0); end >= 0; end = bytes.indexOf(0, start)) {
        parts.push(bytes.subarray(start, end));
        this.hear(JSON.parse(Buffer.concat(parts).toString('utf8')));
        parts = [];
        start = end + 1;
      }
      parts.push(bytes.subarray(start));
    });
  }

  hear({ id, result, error, method, params, sessionId }) {
    if (id !== undefined) {
      const { done, fail } = this.waiting.get(id) ?? {};
      this.waiting.delete(id);
      if (error) fail?.(new Error(error.message));
      else done?.(result);
    } else if (method === 'Inspector.targetCrashed') {
      this.fail(new Error('the page crashed, most likely out of memory'));
    } else {
      this.listening.get(`${sessionId} ${method}`)?.(params);
    }
  }

  fail(error) {
    for (const { fail } of this.waiting.values()) fail(error);
    this.waiting.clear();
  }

  send(method, params = {}, sessionId = undefined) {
    const id = (this.last += 1);
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
      this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** A tab that shares nothing with any other: no cache, no storage. `before` is done with it before it goes anywhere. */
  async open(address, before = async () => {}) {
    const { browserContextId } = await this.send('Target.createBrowserContext', { disposeOnDetach: true });
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const loaded = new Promise((done, fail) => {
      this.listening.set(`${sessionId} Page.loadEventFired`, done);
      // A page may crash before it is there.
      this.waiting.set(sessionId, { done, fail });
    });
    await this.send('Page.enable', {}, sessionId);
    await this.send('Inspector.enable', {}, sessionId);
    const tab = {
      /** A command of the protocol to this tab. */
      send: (method, params = {}) => this.send(method, params, sessionId),
      /** Calls `act` with the parameters of every such event of this tab. */
      on: (method, act) => this.listening.set(`${sessionId} ${method}`, act),
      /** What an expression of the page comes to. */
      run: async expression => {
        const asked = { expression, awaitPromise: true, returnByValue: true };
        const { result, exceptionDetails } = await this.send('Runtime.evaluate', asked, sessionId);
        if (exceptionDetails) {
          throw new Error((exceptionDetails.exception?.description ?? exceptionDetails.text).split('\n')[0]);
        }
        return result.value;
      },
      close: () => this.send('Target.disposeBrowserContext', { browserContextId }),
    };
    await before(tab);
    await this.send('Page.navigate', { url: address }, sessionId);
    await loaded;
    this.waiting.delete(sessionId);
    return tab;
  }

  async close() {
    this.send('Browser.close').catch(() => {});
    const patience = setTimeout(() => this.child.kill('SIGKILL'), 5000);
    await this.ended;
    clearTimeout(patience);
  }
}
