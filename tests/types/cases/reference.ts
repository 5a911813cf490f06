// Every member and event of the published calling interface that concerns calls between two people, by name: what is
// missing here is a compile error in every application that uses it. What is on no list does not exist there.
import { expectTypeOf } from "expect-type";
import { DevicePermissionAccess } from "openline";
import type {
  AudioOptions,
  BaseFeature,
  Call,
  CallAgent,
  CallAgentCommon,
  CallAgentEvents,
  CallClient,
  CallClientFeatures,
  CallClientOptions,
  CallCommon,
  CallEvents,
  CallFeatures,
  CallInfo,
  CallerInfo,
  CreateViewOptions,
  CustomContext,
  DeviceManager,
  DeviceManagerEvents,
  Disposable,
  IncomingCall,
  IncomingCallCommon,
  IncomingCallEvents,
  Lobby,
  LocalAudioStream,
  LocalVideoStream,
  NetworkConfiguration,
  ParticipantInfo,
  RemoteAudioStream,
  RemoteParticipant,
  RemoteParticipantEvents,
  RemoteVideoStream,
  RemoteVideoStreamCommon,
  RemoteVideoStreamEvents,
  StartCallOptions,
  Transfer,
  TransferCallFeature,
  TransferEvents,
  VideoStreamRenderer,
  VideoStreamRendererView,
  Volume,
} from "openline";

/** What of the names is no member. */
type Missing<TNames extends string, TMembers> = Exclude<TNames, keyof TMembers>;
type Listens = "on" | "off";

expectTypeOf<
  Missing<"feature" | "createCallAgent" | "createTeamsCallAgent" | "getDeviceManager" | "dispose", CallClient>
>().toBeNever();
expectTypeOf<Missing<"logger" | "diagnostics" | "networkConfiguration", CallClientOptions>>().toBeNever();
expectTypeOf<Missing<"proxy" | "turn", NetworkConfiguration>>().toBeNever();

expectTypeOf<
  Missing<"kind" | "connectionState" | "calls" | "displayName" | "startCall" | "join" | "dispose" | Listens, CallAgent>
>().toBeNever();
expectTypeOf<
  Missing<"handleIncomingCall" | "incomingCall" | "callsUpdated" | "connectionStateChanged", CallAgentEvents>
>().toBeNever();
expectTypeOf<
  Missing<"videoOptions" | "audioOptions" | "alternateCallerId" | "customContext", StartCallOptions>
>().toBeNever();
expectTypeOf<Missing<"muted" | "localAudioStreams", AudioOptions>>().toBeNever();
expectTypeOf<Missing<"userToUser" | "xHeaders" | "sipHeaders" | "voipHeaders", CustomContext>>().toBeNever();

type CallMembers =
  | "kind"
  | "id"
  | "callerInfo"
  | "transferorInfo"
  | "state"
  | "callEndReason"
  | "direction"
  | "isMuted"
  | "isIncomingAudioMuted"
  | "isScreenSharingOn"
  | "isLocalVideoStarted"
  | "localVideoStreams"
  | "localAudioStreams"
  | "remoteAudioStreams"
  | "remoteParticipants"
  | "role"
  | "lobby"
  | "info"
  | "feature"
  | "hangUp"
  | "mute"
  | "unmute"
  | "muteAllRemoteParticipants"
  | "muteIncomingAudio"
  | "unmuteIncomingAudio"
  | "startVideo"
  | "stopVideo"
  | "hold"
  | "resume"
  | "addParticipant"
  | "removeParticipant"
  | "dispose";
expectTypeOf<Missing<CallMembers | Listens, Call>>().toBeNever();
type CallEventNames =
  | "stateChanged"
  | "idChanged"
  | "isMutedChanged"
  | "isIncomingAudioMutedChanged"
  | "isScreenSharingOnChanged"
  | "isLocalVideoStartedChanged"
  | "remoteParticipantsUpdated"
  | "localVideoStreamsUpdated"
  | "localAudioStreamsUpdated"
  | "remoteAudioStreamsUpdated"
  | "roleChanged"
  | "mutedByOthers"
  | "callerInfoChanged"
  | "transferorInfoChanged";
expectTypeOf<Missing<CallEventNames, CallEvents>>().toBeNever();
expectTypeOf<
  Missing<
    "getServerCallId" | "threadId" | "groupId" | "participantId" | "onCallInfoChanged" | "offCallInfoChanged",
    CallInfo
  >
>().toBeNever();
expectTypeOf<Missing<"identifier" | "displayName", CallerInfo>>().toBeNever();
expectTypeOf<Missing<"participants" | "admit" | "reject" | "admitAll" | Listens, Lobby>>().toBeNever();

type IncomingCallMembers =
  | "kind"
  | "id"
  | "callerInfo"
  | "transferorInfo"
  | "callEndReason"
  | "customContext"
  | "info"
  | "accept"
  | "reject";
expectTypeOf<Missing<IncomingCallMembers | Listens, IncomingCall>>().toBeNever();
expectTypeOf<
  Missing<"callEnded" | "callerInfoChanged" | "transferorInfoChanged", IncomingCallEvents>
>().toBeNever();

type RemoteParticipantMembers =
  | "identifier"
  | "displayName"
  | "hasDisplayNameChanged"
  | "endpointDetails"
  | "state"
  | "callEndReason"
  | "videoStreams"
  | "isMuted"
  | "isSpeaking"
  | "role"
  | "mute";
expectTypeOf<Missing<RemoteParticipantMembers | Listens, RemoteParticipant>>().toBeNever();
type RemoteParticipantEventNames =
  | "stateChanged"
  | "isMutedChanged"
  | "displayNameChanged"
  | "roleChanged"
  | "isSpeakingChanged"
  | "videoStreamsUpdated";
expectTypeOf<Missing<RemoteParticipantEventNames, RemoteParticipantEvents>>().toBeNever();

expectTypeOf<
  Missing<
    "id" | "mediaStreamType" | "isReceiving" | "size" | "isAvailable" | "getMediaStream" | Listens,
    RemoteVideoStream
  >
>().toBeNever();
expectTypeOf<
  Missing<"isAvailableChanged" | "sizeChanged" | "isReceivingChanged", RemoteVideoStreamEvents>
>().toBeNever();
expectTypeOf<Missing<"getMediaStream" | "getVolume", RemoteAudioStream>>().toBeNever();
expectTypeOf<Missing<"level" | Listens, Volume>>().toBeNever();
type LocalAudioStreamMembers =
  | "source"
  | "mediaStreamType"
  | "switchSource"
  | "dispose"
  | "getMediaStream"
  | "setMediaStream"
  | "getVolume"
  | "feature";
expectTypeOf<Missing<LocalAudioStreamMembers | Listens, LocalAudioStream>>().toBeNever();
type LocalVideoStreamMembers =
  | "source"
  | "mediaStreamType"
  | "switchSource"
  | "dispose"
  | "getMediaStream"
  | "setMediaStream"
  | "feature";
expectTypeOf<Missing<LocalVideoStreamMembers | Listens, LocalVideoStream>>().toBeNever();
expectTypeOf<Missing<"size" | "createView" | "dispose", VideoStreamRenderer>>().toBeNever();
expectTypeOf<
  Missing<"scalingMode" | "isMirrored" | "target" | "updateScalingMode" | "dispose", VideoStreamRendererView>
>().toBeNever();
expectTypeOf<Missing<"isMirrored" | "scalingMode", CreateViewOptions>>().toBeNever();

type DeviceManagerMembers =
  | "isSpeakerSelectionAvailable"
  | "selectedMicrophone"
  | "selectedSpeaker"
  | "getCameras"
  | "getMicrophones"
  | "getSpeakers"
  | "selectMicrophone"
  | "selectSpeaker"
  | "askDevicePermission"
  | "startPreheatDevices"
  | "stopPreheatDevices";
expectTypeOf<Missing<DeviceManagerMembers | Listens, DeviceManager>>().toBeNever();
type DeviceManagerEventNames =
  | "videoDevicesUpdated"
  | "audioDevicesUpdated"
  | "selectedMicrophoneChanged"
  | "selectedSpeakerChanged";
expectTypeOf<Missing<DeviceManagerEventNames, DeviceManagerEvents>>().toBeNever();

expectTypeOf<Missing<"name" | "transfer" | Listens, TransferCallFeature>>().toBeNever();
expectTypeOf<Missing<"transferAccepted", TransferEvents>>().toBeNever();
expectTypeOf<Missing<"state" | "error" | Listens, Transfer>>().toBeNever();

expectTypeOf<CallFeatures[keyof CallFeatures]>().toExtend<BaseFeature>();
expectTypeOf<CallClientFeatures[keyof CallClientFeatures]>().toExtend<BaseFeature>();
expectTypeOf<BaseFeature>().toExtend<Disposable>();
expectTypeOf<Missing<"name" | "dispose", BaseFeature>>().toBeNever();

expectTypeOf<Call>().toExtend<CallCommon>();
expectTypeOf<CallAgent>().toExtend<CallAgentCommon>();
expectTypeOf<IncomingCall>().toExtend<IncomingCallCommon>();
expectTypeOf<RemoteVideoStream>().toExtend<RemoteVideoStreamCommon>();
expectTypeOf<RemoteParticipant>().toExtend<ParticipantInfo>();
expectTypeOf<
  Missing<"identifier" | "displayName" | "hasDisplayNameChanged" | "endpointDetails", ParticipantInfo>
>().toBeNever();
expectTypeOf(DevicePermissionAccess.Prompt).toEqualTypeOf<"prompt">();
