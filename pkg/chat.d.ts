// The table of contents of "openline/chat". Its types are those of "openline"; what calls are made with is a type here,
// and no value.
export type * from "../index.js";

export {
  AzureCommunicationTokenCredential,
  ChatClient,
  ChatThreadClient,
  CommunicationTokenCredential,
  createIdentifierFromRawId,
  getIdentifierKind,
  getIdentifierRawId,
  init,
  isCommunicationUserIdentifier,
  isMicrosoftTeamsAppIdentifier,
  isMicrosoftTeamsUserIdentifier,
  isPhoneNumberIdentifier,
  isTeamsExtensionUserIdentifier,
  isUnknownIdentifier,
} from "../index.js";
