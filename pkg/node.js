// The entry for Node: reads core_bg.wasm from disk, and only when init is called.
import { start } from "./ready.js";

export * from "./public.js";

export function init(input) {
  return start(() => input ?? readWasm());
}

async function readWasm() {
  const [{ readFile }, { join }] = await Promise.all([
    import("node:fs/promises"),
    import("node:path"),
  ]);
  return readFile(join(import.meta.dirname, "core_bg.wasm"));
}
