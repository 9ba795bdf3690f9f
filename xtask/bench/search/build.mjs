// build.mjs prepare|build ENGINE SETTING FOLDER
//
// FOLDER/docs.jsonl → FOLDER/built/: everything a host must serve for this engine, but its code. `build` is what is
// measured; `prepare` is what the engine takes for granted.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const [step, name, setting, folder] = process.argv.slice(2);
const engine = await import(`./engines/${name}.mjs`);
const run = engine[step];
if (run) {
  const lines = readFileSync(`${folder}/docs.jsonl`, 'utf8').split('\n');
  const docs = lines.filter(line => line).map((line, n) => ({ n, ...JSON.parse(line) }));
  for (const [file, content] of (await run(docs, setting, folder)) ?? []) {
    const path = `${folder}/built/${file}`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
}
