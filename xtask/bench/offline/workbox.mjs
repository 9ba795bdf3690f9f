// Writes what workbox-build makes of a built site into its folder: sw.js with a precache of all that our own worker holds.
// usage: node workbox.mjs SITE
import { generateSW } from "workbox-build";

const [site] = process.argv.slice(2);
const { count, size, warnings } = await generateSW({
  globDirectory: site,
  globPatterns: ["**/*"],
  globIgnores: ["data/**", "feeds/**", "release/**", "release.note", "sw-*.js", "sw.js", "workbox-*.js", "**/*.xml", "robots.txt"],
  swDest: `${site}/sw.js`,
  // As its own guide has it: names with a hash are not asked for twice, the page says when the new worker may begin.
  dontCacheBustURLsMatching: /-[0-9a-f]{8,16}\./,
  ignoreURLParametersMatching: [/.*/],
  maximumFileSizeToCacheInBytes: 1 << 30,
  cleanupOutdatedCaches: true,
  sourcemap: false,
});
if (warnings.length) console.warn(warnings.join("\n"));
console.log(`${count} files, ${size} bytes`);
