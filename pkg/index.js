// The entry for browsers and bundlers: fetches core_bg.wasm from beside this file.
import { start } from "./ready.js";

export * from "./public.js";

export function init(input) {
  // Written out here and nowhere else, because bundlers copy the file wherever they find this
  // expression: users of "openline/inline" would ship it for nothing.
  return start(() => input ?? new URL("./core_bg.wasm", import.meta.url));
}
