// The cases compile in an application with strict settings, whatever resolves its modules.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const { resolve } = createRequire(import.meta.url);

// The last two are for what was written for the published clients: with those, and with this package in their place.
const configurations = ["bundler", "nodenext", "published", "replaced"];

for (const compiler of ["typescript", "typescript-5"]) {
  const folder = dirname(resolve(`${compiler}/package.json`));
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const configuration of configurations) {
    test(`an application compiles with TypeScript ${version}, tsconfig.${configuration}.json`, () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(folder, "bin/tsc"), "--project", `tsconfig.${configuration}.json`],
        { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" },
      );
      assert.equal(status, 0, `${stdout}${stderr}`);
    });
  }
}
