// Reads {script, words, units} from its input and prints what becomes of each unit, with the entries that were used.
import { readFileSync } from "node:fs";

const { script, words, units } = JSON.parse(readFileSync(0, "utf8"));
const { translator } = await import(script);
const translate = translator(words);
const used = new Set();
const said = units.map(unit => translate(unit, key => used.add(key)));
console.log(JSON.stringify({ said, used: [...used] }));
