// The cases compile in an application with strict settings, whatever resolves its modules.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const { resolve } = createRequire(import.meta.url);

for (const compiler of ["typescript", "typescript-5"]) {
  const folder = dirname(resolve(`${compiler}/package.json`));
  const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  for (const resolution of ["bundler", "nodenext"]) {
    test(`an application compiles with TypeScript ${version}, module resolution ${resolution}`, () => {
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        [join(folder, "bin/tsc"), "--project", `tsconfig.${resolution}.json`],
        { cwd: fileURLToPath(new URL(".", import.meta.url)), encoding: "utf8" },
      );
      assert.equal(status, 0, `${stdout}${stderr}`);
    });
  }
}
