// Prints one line a file: its path, its size as it is, with gzip -9 and with brotli.
import { readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

for (const path of process.argv.slice(2)) {
  const bytes = readFileSync(path);
  const sizes = [bytes, gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)].map((it) => it.length);
  console.log([path, ...sizes].join("\t"));
}
