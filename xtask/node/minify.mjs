// Minifies files in place: node minify.mjs <file>...
import { readFileSync, writeFileSync } from "node:fs";
import { minify } from "terser";

for (const path of process.argv.slice(2)) {
  const source = readFileSync(path, "utf8");
  // What bundlers read stays: which calls may be left out.
  const { code } = await minify(source, { module: true, format: { preserve_annotations: true } });
  writeFileSync(path, `${code}\n`);
}
