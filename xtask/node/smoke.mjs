// Loads the optimised package in Node the way an application does: `node smoke.mjs <folder of a part>...`.
// An optimiser that breaks the file is found here, not in a browser.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const entries = process.argv.slice(2).flatMap((dist) => ["node.js", "inline.js"].map((entry) => join(dist, entry)));
for (const entry of entries) {
  const openline = await import(pathToFileURL(entry));
  await openline.init();
  const missing = Object.keys(openline).filter((name) => openline[name] === undefined);
  if (missing.length > 0) {
    throw new Error(`${entry} exports names that the core does not have: ${missing.join(", ")}`);
  }
}
