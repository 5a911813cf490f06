// What an application can import that chats, the same from every entry.
import * as core from "./core.js";
import { whenReady } from "./ready.js";

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
