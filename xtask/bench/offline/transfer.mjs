// Bytes that a host sends for files of a site: texts compressed, as hosts do, everything else as it is.
// usage: node transfer.mjs SITE < PATHS
import { readFileSync, existsSync } from "node:fs";
import { brotliCompressSync, constants } from "node:zlib";

const [site] = process.argv.slice(2);
const TEXT = /\.(html|css|js|json|webmanifest|svg|txt|xml|csv|note)$|^release\/[0-9a-f]{64}$/;
const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
let sum = 0;
for (const path of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const file = `${site}/${decodeURIComponent(path)}`;
  if (!existsSync(file)) continue;
  const bytes = readFileSync(file);
  sum += TEXT.test(path) ? Math.min(bytes.length, brotliCompressSync(bytes, { params }).length) : bytes.length;
}
console.log(sum);
