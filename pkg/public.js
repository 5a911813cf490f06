// What an application can import, the same from every entry.
import * as core from "./core.js";
import { whenReady } from "./ready.js";

export const CallClient = /* @__PURE__ */ whenReady("CallClient", core.CallClient);
