// Writes sw.js: the worker, and the list of what it keeps.
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Plugin } from "vite";

export function offlineWorker(): Plugin {
  let root = "";
  return {
    name: "offline-worker",
    apply: "build",
    configResolved: (config) => void (root = config.root),
    generateBundle: {
      order: "post",
      async handler(_options, bundle) {
        const unhashed = await readdir(join(root, "public"));
        const contents = await Promise.all(unhashed.map((name) => readFile(join(root, "public", name))));
        const assets = Object.keys(bundle).filter((name) => name.startsWith("assets/"));
        const files = ["/", ...[...unhashed, ...assets].map((name) => `/${name}`)].sort();
        const version = createHash("sha256").update(files.join("\n"));
        for (const content of [...contents, await readFile(join(root, "index.html"))]) version.update(content);
        const lists = `const FILES = ${JSON.stringify(files)};\nconst VERSION = "${version.digest("hex").slice(0, 16)}";\n\n`;
        const worker = await readFile(join(root, "offline/worker.js"), "utf8");
        this.emitFile({ type: "asset", fileName: "sw.js", source: lists + worker });
      },
    },
  };
}
