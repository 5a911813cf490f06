// The events of calling: what a listener gets follows from the event's name.
import { expectTypeOf } from "expect-type";
import {
  LocalVideoStream,
  type AudioDeviceInfo,
  type Call,
  type CallAgent,
  type CallAgentEvents,
  type CallEndReason,
  type CallEvents,
  type ConnectionState,
  type DeviceManager,
  type DeviceManagerEvents,
  type IncomingCall,
  type IncomingCallEvents,
  type RemoteAudioStream,
  type RemoteParticipant,
  type RemoteParticipantEvents,
  type RemoteVideoStream,
  type RemoteVideoStreamEvents,
  type VideoDeviceInfo,
} from "openline";

declare const agent: CallAgent;
declare const call: Call;
declare const incomingCall: IncomingCall;
declare const participant: RemoteParticipant;
declare const remoteVideo: RemoteVideoStream;
declare const localVideo: LocalVideoStream;
declare const devices: DeviceManager;

/** Which events of a map come without an argument. */
type Bare<TEvents> = { [E in keyof TEvents]: TEvents[E] extends () => void ? E : never }[keyof TEvents];
/** A collection's change. */
type Changed<T> = { added: T[]; removed: T[] };

agent.on("incomingCall", (args) => expectTypeOf(args).toEqualTypeOf<{ incomingCall: IncomingCall }>());
agent.on("callsUpdated", (args) => expectTypeOf(args).toEqualTypeOf<Changed<Call>>());
agent.on("connectionStateChanged", ({ newValue, oldValue, reason }) => {
  expectTypeOf(newValue).toEqualTypeOf<ConnectionState>();
  expectTypeOf(oldValue).toEqualTypeOf<ConnectionState>();
  expectTypeOf(reason).toEqualTypeOf<"invalidToken" | "connectionIssue" | undefined>();
});
expectTypeOf<Bare<CallAgentEvents>>().toBeNever();

incomingCall.on("callEnded", (args) => expectTypeOf(args).toEqualTypeOf<{ callEndReason: CallEndReason }>());
expectTypeOf<"callerInfoChanged">().toExtend<Bare<IncomingCallEvents>>();

call.on("remoteParticipantsUpdated", (args) => expectTypeOf(args).toEqualTypeOf<Changed<RemoteParticipant>>());
call.on("localVideoStreamsUpdated", (args) => expectTypeOf(args).toEqualTypeOf<Changed<LocalVideoStream>>());
call.on("remoteAudioStreamsUpdated", (args) => expectTypeOf(args).toEqualTypeOf<Changed<RemoteAudioStream>>());
expectTypeOf<
  | "stateChanged"
  | "idChanged"
  | "isMutedChanged"
  | "isIncomingAudioMutedChanged"
  | "isScreenSharingOnChanged"
  | "isLocalVideoStartedChanged"
  | "roleChanged"
  | "callerInfoChanged"
  | "mutedByOthers"
>().toExtend<Bare<CallEvents>>();

participant.on("videoStreamsUpdated", (args) => expectTypeOf(args).toEqualTypeOf<Changed<RemoteVideoStream>>());
participant.on("displayNameChanged", ({ newValue, oldValue, reason }) => {
  expectTypeOf(newValue).toEqualTypeOf<string | undefined>();
  expectTypeOf(oldValue).toEqualTypeOf<string | undefined>();
  expectTypeOf(reason).toEqualTypeOf<"editedDisplayName" | undefined>();
});
expectTypeOf<"stateChanged" | "isMutedChanged" | "isSpeakingChanged" | "roleChanged">().toExtend<
  Bare<RemoteParticipantEvents>
>();

expectTypeOf<"isAvailableChanged" | "isReceivingChanged" | "sizeChanged">().toExtend<Bare<RemoteVideoStreamEvents>>();
remoteVideo.on("isAvailableChanged", () => undefined);
localVideo.on("videoSourceChanged", (args) => expectTypeOf(args).toEqualTypeOf<{ source: LocalVideoStream }>());

devices.on("videoDevicesUpdated", (args) => expectTypeOf(args).toEqualTypeOf<Changed<VideoDeviceInfo>>());
devices.on("audioDevicesUpdated", (args) => expectTypeOf(args).toEqualTypeOf<Changed<AudioDeviceInfo>>());
expectTypeOf<"selectedMicrophoneChanged" | "selectedSpeakerChanged">().toExtend<Bare<DeviceManagerEvents>>();

// `off` takes what `on` took.
const listener = ({ added }: Changed<Call>) => expectTypeOf(added).items.toEqualTypeOf<Call>();
agent.on("callsUpdated", listener);
agent.off("callsUpdated", listener);
// @ts-expect-error that listener is of another event
agent.off("incomingCall", listener);
// @ts-expect-error that event has no argument
call.on("stateChanged", (args: { newValue: string }) => args);
// @ts-expect-error there is no such event
call.on("ended", () => undefined);
// @ts-expect-error the name is one text, not any text
agent.on("callsUpdated" as string, () => undefined);
// @ts-expect-error a listener is a function
agent.on("callsUpdated", "listener");
