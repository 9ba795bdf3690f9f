// Holds public/assets/yima.js to the table in cases/validity.json, in whatever zone TZ names.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const script = createRequire(import.meta.url)("../public/assets/yima.js");
const table = JSON.parse(readFileSync(new URL("cases/validity.json", import.meta.url), "utf8"));
let held = 0;
for (const c of table.validity) {
  // The attributes of the page: an absent date is an absent attribute.
  const dataset = { effective: c.effective, expires: c.expires, repealed: c.repealed, amended: c.amended,
    expiringDays: String(c.expiring_days) };
  assert.equal(script.validity(dataset, c.day ?? script.dayAt(c.instant)), c.validity, c.name);
  held += 1;
}
for (const c of table.deadlines) {
  assert.equal(script.until(c.day, c.last), c.words, JSON.stringify(c));
  held += 1;
}
for (const c of table.dates) {
  assert.equal(script.chinese(c.day), c.words);
  held += 1;
}
console.log(held);
