// The entry with core_bg.wasm inside, for hosts and bundlers that cannot serve a second file.
// The build puts the file's base64 in place of the marker.
import { start } from "./ready.js";

export * from "./public.js";

const WASM_BASE64 = "@@CORE_WASM_BASE64@@";

export function init(input) {
  return start(() => input ?? decode(WASM_BASE64));
}

function decode(base64) {
  if (typeof Uint8Array.fromBase64 === "function") {
    return Uint8Array.fromBase64(base64);
  }
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
