// The table of contents. Each type is documented where it is declared.
import type { Call, CallAgent, FeatureFactory, IncomingCall, RemoteParticipant, RemoteVideoStream } from "./core.js";

/** Where the WebAssembly file is, or what it contains. */
// `& object`: a bare `WebAssembly.Module` has no members, so that any number would be one.
export type InitInput = string | URL | Request | Response | BufferSource | (WebAssembly.Module & object);

/**
 * Loads the SDK. Call it once before anything else; further calls get the same promise. If loading fails the promise
 * rejects, and the next call tries again.
 *
 * @param input Where the WebAssembly file is, or what it contains. Default: the file beside this module, or for
 * `openline/inline` the copy inside it. Ignored once loading has begun.
 *
 * @example
 * await init();
 */
export function init(input?: InitInput): Promise<void>;

export type * from "./core.js";

// Calls
export { CallClient, LocalAudioStream, LocalVideoStream, VideoStreamRenderer } from "./core.js";

/** Features by name, for `feature()`. What is not here does not exist. */
export declare const Features: {
  /** What somebody thinks of a call. Of `Call`. */
  readonly CallSurvey: FeatureFactory<"CallSurvey">;
  /** Which browser this is, whether calls are in another tab too, and a record for support. Of `CallClient`. */
  readonly DebugInfo: FeatureFactory<"DebugInfo">;
  /** Who is to be shown largest. Of `Call`. */
  readonly DominantSpeakers: FeatureFactory<"DominantSpeakers">;
  /** Bit rates, losses, delays and frames of what is sent and received, as samples and summaries. Of `Call`. */
  readonly MediaStats: FeatureFactory<"MediaStats">;
  /** How many remote videos to show. Of `Call`. */
  readonly OptimalVideoCount: FeatureFactory<"OptimalVideoCount">;
  /** Whether calls will work here, and which leg of the way fails if not. Of `CallClient`. */
  readonly PreCallDiagnostics: FeatureFactory<"PreCallDiagnostics">;
  /** Hands a call over to somebody else. Of `Call`. */
  readonly Transfer: FeatureFactory<"Transfer">;
  /** What to tell the person about the network and the devices. Of `Call`. */
  readonly UserFacingDiagnostics: FeatureFactory<"UserFacingDiagnostics">;
};

/** Values of diagnostics whose `valueType` is `DiagnosticQuality`. */
export declare const DiagnosticQuality: { readonly Good: 1; readonly Poor: 2; readonly Bad: 3 };
export type DiagnosticQuality = (typeof DiagnosticQuality)[keyof typeof DiagnosticQuality];

/** Values of `CallAgent.kind`. */
export declare const CallAgentKind: {
  readonly CallAgent: "CallAgent";
  readonly TeamsCallAgent: "TeamsCallAgent";
};
export type CallAgentKind = (typeof CallAgentKind)[keyof typeof CallAgentKind];

/** The states of a permission, by name. */
export declare const DevicePermissionAccess: {
  readonly Granted: "granted";
  readonly Denied: "denied";
  readonly Prompt: "prompt";
};
export type DevicePermissionAccess = (typeof DevicePermissionAccess)[keyof typeof DevicePermissionAccess];

/** Values of `Call.kind`. */
export declare const CallKind: { readonly Call: "Call"; readonly TeamsCall: "TeamsCall" };
export type CallKind = (typeof CallKind)[keyof typeof CallKind];

/** Values of `IncomingCall.kind`. */
export declare const IncomingCallKind: {
  readonly IncomingCall: "IncomingCall";
  readonly TeamsIncomingCall: "TeamsIncomingCall";
};
export type IncomingCallKind = (typeof IncomingCallKind)[keyof typeof IncomingCallKind];

/** What two kinds of the same have in common, where there are two: here there is one. */
export type CallAgentCommon = CallAgent;
export type CallCommon = Call;
export type IncomingCallCommon = IncomingCall;
export type RemoteVideoStreamCommon = RemoteVideoStream;
/** Who somebody in a call is. */
export type ParticipantInfo = Pick<
  RemoteParticipant,
  "identifier" | "displayName" | "hasDisplayNameChanged" | "endpointDetails"
>;

// Chat
export { ChatClient, ChatThreadClient } from "./core.js";

// Tokens
export {
  CommunicationTokenCredential,
  CommunicationTokenCredential as AzureCommunicationTokenCredential,
} from "./core.js";

// Identifiers
export {
  createIdentifierFromRawId,
  getIdentifierKind,
  getIdentifierRawId,
  isCommunicationUserIdentifier,
  isMicrosoftTeamsAppIdentifier,
  isMicrosoftTeamsUserIdentifier,
  isPhoneNumberIdentifier,
  isTeamsExtensionUserIdentifier,
  isUnknownIdentifier,
} from "./core.js";
