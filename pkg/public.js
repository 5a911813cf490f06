// What an application can import, the same from every entry but those of chat alone.
import * as core from "./core.js";
import { extend } from "./features.js";
import { extendAudio } from "./local_audio.js";
import { withMembers } from "./members.js";
import { whenReady } from "./ready.js";

export { DiagnosticQuality, Features } from "./features.js";
export { LocalAudioStream } from "./local_audio.js";
export * from "./public_chat.js";

/**
 * Loaded with the first call agent. Without the one a call is sent as the browser does by itself, without the other a closed
 * tab leaves by its socket alone: worth a word, and no uncaught error, where the server is away and `createCallAgent` says so.
 */
const forAgents = () =>
  Promise.all([
    import("./media_quality.js").then(({ prepare }) => prepare()).catch(console.warn),
    import("./leaving.js").then(({ leaving }) => leaving).catch(console.warn),
  ]);

export const CallClient = /* @__PURE__ */ whenReady("CallClient", /* @__PURE__ */ withMembers(core), forAgents);
export const LocalVideoStream = /* @__PURE__ */ whenReady("LocalVideoStream", core.LocalVideoStream);
export const VideoStreamRenderer = /* @__PURE__ */ whenReady(
  "VideoStreamRenderer",
  core.VideoStreamRenderer,
);

extend(core.Call, core.LocalVideoStream);
extendAudio(core);

export const CallAgentKind = /* @__PURE__ */ Object.freeze({
  CallAgent: "CallAgent",
  TeamsCallAgent: "TeamsCallAgent",
});
export const CallKind = /* @__PURE__ */ Object.freeze({ Call: "Call", TeamsCall: "TeamsCall" });
export const DevicePermissionAccess = /* @__PURE__ */ Object.freeze({
  Granted: "granted",
  Denied: "denied",
  Prompt: "prompt",
});
export const IncomingCallKind = /* @__PURE__ */ Object.freeze({
  IncomingCall: "IncomingCall",
  TeamsIncomingCall: "TeamsIncomingCall",
});
