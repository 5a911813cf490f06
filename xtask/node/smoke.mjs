// Loads the optimised package in Node the way an application does: `node smoke.mjs <dist>`.
// An optimiser that breaks the file is found here, not in a browser.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const dist = process.argv[2];
for (const entry of ["node.js", "inline.js"]) {
  const openline = await import(pathToFileURL(join(dist, entry)));
  await openline.init();
  const missing = Object.keys(openline).filter((name) => openline[name] === undefined);
  if (missing.length > 0) {
    throw new Error(`${entry} exports names that the core does not have: ${missing.join(", ")}`);
  }
}
