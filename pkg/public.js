// What an application can import, the same from every entry.
import * as core from "./core.js";
import { whenReady } from "./ready.js";

export const CallClient = /* @__PURE__ */ whenReady("CallClient", core.CallClient);
export const LocalVideoStream = /* @__PURE__ */ whenReady("LocalVideoStream", core.LocalVideoStream);
export const VideoStreamRenderer = /* @__PURE__ */ whenReady("VideoStreamRenderer", core.VideoStreamRenderer);
export const ChatClient = /* @__PURE__ */ whenReady("ChatClient", core.ChatClient);
export const ChatThreadClient = /* @__PURE__ */ whenReady("ChatThreadClient", core.ChatThreadClient);
export const CommunicationTokenCredential = /* @__PURE__ */ whenReady(
  "CommunicationTokenCredential",
  core.CommunicationTokenCredential,
);
export const AzureCommunicationTokenCredential = CommunicationTokenCredential;

export const createIdentifierFromRawId = /* @__PURE__ */ whenReady(
  "createIdentifierFromRawId",
  core.createIdentifierFromRawId,
);
