// What an application can import, the same from every entry.
import * as core from "./core.js";
import { whenReady } from "./ready.js";

export const CallClient = /* @__PURE__ */ whenReady("CallClient", core.CallClient);
export const LocalVideoStream = /* @__PURE__ */ whenReady("LocalVideoStream", core.LocalVideoStream);
export const VideoStreamRenderer = /* @__PURE__ */ whenReady(
  "VideoStreamRenderer",
  core.VideoStreamRenderer,
);
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
export const getIdentifierKind = /* @__PURE__ */ whenReady(
  "getIdentifierKind",
  core.getIdentifierKind,
);
export const getIdentifierRawId = /* @__PURE__ */ whenReady(
  "getIdentifierRawId",
  core.getIdentifierRawId,
);
export const isCommunicationUserIdentifier = /* @__PURE__ */ whenReady(
  "isCommunicationUserIdentifier",
  core.isCommunicationUserIdentifier,
);
export const isPhoneNumberIdentifier = /* @__PURE__ */ whenReady(
  "isPhoneNumberIdentifier",
  core.isPhoneNumberIdentifier,
);
export const isMicrosoftTeamsUserIdentifier = /* @__PURE__ */ whenReady(
  "isMicrosoftTeamsUserIdentifier",
  core.isMicrosoftTeamsUserIdentifier,
);
export const isMicrosoftTeamsAppIdentifier = /* @__PURE__ */ whenReady(
  "isMicrosoftTeamsAppIdentifier",
  core.isMicrosoftTeamsAppIdentifier,
);
export const isTeamsExtensionUserIdentifier = /* @__PURE__ */ whenReady(
  "isTeamsExtensionUserIdentifier",
  core.isTeamsExtensionUserIdentifier,
);
export const isUnknownIdentifier = /* @__PURE__ */ whenReady(
  "isUnknownIdentifier",
  core.isUnknownIdentifier,
);

// The core knows a feature by its name.
const feature = (name) => Object.freeze({ name });
export const Features = /* @__PURE__ */ Object.freeze({
  DebugInfo: /* @__PURE__ */ feature("DebugInfo"),
});

export const CallAgentKind = /* @__PURE__ */ Object.freeze({
  CallAgent: "CallAgent",
  TeamsCallAgent: "TeamsCallAgent",
});
export const CallKind = /* @__PURE__ */ Object.freeze({ Call: "Call", TeamsCall: "TeamsCall" });
export const IncomingCallKind = /* @__PURE__ */ Object.freeze({
  IncomingCall: "IncomingCall",
  TeamsIncomingCall: "TeamsIncomingCall",
});
