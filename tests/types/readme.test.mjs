// The READMEs' JavaScript compiles against the package's types.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { problemsOf } from "./lib/public_types.mjs";

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url));

for (const readme of ["../../README.md", "../../pkg/README.md"]) {
  const text = readFileSync(new URL(readme, import.meta.url), "utf8");
  const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)];

  test(`${readme} has JavaScript`, () => assert.notEqual(blocks.length, 0));

  for (const { 1: block, index } of blocks) {
    const line = text.slice(0, index).split("\n").length;
    test(`${readme}, the block in line ${line}`, () => {
      assert.deepEqual(problemsOf(block, pathOf("lib/readme_globals.d.ts")), []);
    });
  }
}
