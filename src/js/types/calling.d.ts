/** Where calling begins: makes the agent of a user and gives access to devices. */
export class CallClient {
  /** A client that is not registered for calls yet. Throws `TypeError` where `endpoint` is no URL. */
  constructor(options?: CallClientOptions);
  /**
   * Registers a user for calls: resolves when the user can be called. One agent per identity.
   *
   * Rejects with {@link CommunicationServicesError}: 409/40228 there is an agent for this identity, 408/40101 the
   * server cannot be reached, 401/10009 the token is refused or there is none (`cause` is what the credential rejected
   * with), 403/40115 it lacks the scope `voip`, 412/40115 it names
   * no server and neither does `endpoint`.
   */
  createCallAgent(tokenCredential: TokenCredential, options?: CallAgentOptions): Promise<CallAgent>;
  /** Rejects with 405: there are no Microsoft 365 identities here. */
  createTeamsCallAgent(tokenCredential: TokenCredential, options?: object): Promise<never>;
  /** The device manager, always the same object. */
  getDeviceManager(): Promise<DeviceManager>;
  /** A feature of the client, always the same object. Throws for one that does not exist. */
  feature<K extends keyof CallClientFeatures>(factory: FeatureFactory<K>): CallClientFeatures[K];
  /** Ends the client with its agent and its device manager. A second time it does nothing. */
  dispose(): Promise<void>;
}

/** Options of {@link CallClient}. */
export interface CallClientOptions {
  /** The server's address, such as `https://calls.example.com`. Default: the server that issued the token. */
  endpoint?: string;
  /** Where warnings go. Default: the console. */
  logger?: CallLogger;
  /** What is said about the application. Nothing is sent anywhere. */
  diagnostics?: DiagnosticOptions;
  /** Own STUN and TURN servers. */
  networkConfiguration?: NetworkConfiguration;
}

/** An `@azure/logger` logger, or anything like it. */
export interface CallLogger {
  warning(message: string): void;
}

/** What an application says about itself. */
export interface DiagnosticOptions {
  appName?: string;
  appVersion?: string;
  tags?: string[];
}

/** How the network is used. */
export interface NetworkConfiguration {
  /** A reverse proxy in front of the server, used in its place. */
  proxy?: ProxyConfiguration;
  /** STUN and TURN servers, used instead of those the server names. */
  turn?: TurnConfiguration;
}

/** A reverse proxy. */
export interface ProxyConfiguration {
  /** Its address, such as `https://proxy.example.com/calls`. It takes the place of `endpoint`. */
  url: string;
}

/** STUN and TURN servers. */
export interface TurnConfiguration {
  iceServers: IceServer[];
}

/** A STUN or TURN server. */
export interface IceServer {
  /** `stun:` or `turn:` URLs. */
  urls: string[];
  username?: string;
  credential?: string;
}

/** Options of {@link CallClient.createCallAgent}. */
export interface CallAgentOptions {
  /** The name that others see. */
  displayName?: string;
  /** Not used: there are no phone calls yet. */
  emergencyCallOptions?: EmergencyCallOptions;
}

/** Options of emergency calls. */
export interface EmergencyCallOptions {
  /** ISO 3166-1 alpha-2. */
  countryCode?: string;
}

/** Whether calls can be received. */
export type ConnectionState = "Connected" | "Disconnected";

/** One user's calls. */
export interface CallAgent {
  readonly kind: "CallAgent";
  /** The name that others see. */
  readonly displayName?: string;
  /** Whether calls can be received now. It connects again by itself, until `connectionStateChanged` says otherwise. */
  readonly connectionState: ConnectionState;
  /** The calls that are not over, always the same objects. */
  readonly calls: readonly Call[];
  /**
   * Rings one person. Returns at once; what becomes of the call arrives as its events. A failure is its end, see
   * {@link Call.callEndReason}. Throws for an argument that is no identifier, and for more than one.
   */
  startCall(participants: CommunicationIdentifier[], options?: StartCallOptions): Call;
  /** Throws 405/40000: agents have no features so far. */
  feature(factory: FeatureFactory<string>): never;
  /** Throws 405: there are calls between two people so far. */
  join(locator: GroupLocator | RoomLocator | TeamsMeetingLinkLocator | TeamsMeetingIdLocator, options?: JoinCallOptions): Call;
  /**
   * Hangs everything up and unregisters. Its last events are told before it resolves, and its listeners are forgotten. A
   * second time it does nothing.
   */
  dispose(): Promise<void>;
  on<K extends keyof CallAgentEvents>(event: K, listener: CallAgentEvents[K]): void;
  off<K extends keyof CallAgentEvents>(event: K, listener: CallAgentEvents[K]): void;
}

/** The events of {@link CallAgent}. */
export interface CallAgentEvents {
  /** Somebody calls. */
  incomingCall: IncomingCallEvent;
  /** `calls` changed. A call is taken out after its state is `Disconnected` and its `callEndReason` is set. */
  callsUpdated: CollectionUpdatedEvent<Call>;
  /**
   * `connectionState` changed. Fires with both values `Disconnected` when it will not change any more by itself: the
   * token is refused (`invalidToken`), or the server will not have this client (`connectionIssue`). Every call ends
   * then, also those that are started later; dispose the agent and create another.
   */
  connectionStateChanged: ConnectionStateChangedEvent;
  /** Does not fire: calls do not come by push messages yet. */
  handleIncomingCall: HandleIncomingCallEvent;
}

export type IncomingCallEvent = (args: { incomingCall: IncomingCall }) => void;
export type HandleIncomingCallEvent = (args: { callId: string; participantId: string } & CallEndReason) => void;
export type ConnectionStateChangedEvent = (args: {
  newValue: ConnectionState;
  oldValue: ConnectionState;
  reason?: "invalidToken" | "connectionIssue";
}) => void;
/** A property changed; read it. */
export type PropertyChangedEvent = () => void;
export type PropertyChangedEventWithArgs<TValue, TReason> = (args: {
  newValue?: TValue;
  oldValue?: TValue;
  reason?: TReason;
}) => void;
/** A list changed. */
export type CollectionUpdatedEvent<T> = (args: { added: T[]; removed: T[] }) => void;

/** Sound and picture when a call begins. */
export interface JoinCallOptions {
  videoOptions?: VideoOptions;
  audioOptions?: AudioOptions;
}

/** Options of {@link CallAgent.startCall}. */
export interface StartCallOptions extends JoinCallOptions {
  /** For the callee's application: {@link IncomingCall.customContext}. Throws 400 for one that is over its limits. */
  customContext?: CustomContext;
  /** Not used: there are no phone calls yet. */
  alternateCallerId?: PhoneNumberIdentifier;
}

/** What an application sends along with a call: texts, at most 8,192 characters as JSON. Nobody in between uses it. */
export interface CustomContext {
  /** At most 256 characters. */
  userToUser?: string;
  /** At most 5, with keys of 1 to 64 characters and values of 256. */
  sipHeaders?: xHeader[];
  /** At most 1,000, with keys of 1 to 64 characters and values of 1,024. */
  voipHeaders?: xHeader[];
  /** The former name of `sipHeaders`. The callee has these under both. */
  xHeaders?: xHeader[];
}

/** A header of a {@link CustomContext}. */
export type xHeader = { key: string; value: string };

/** A group call, by its GUID. */
export interface GroupCallLocator {
  groupId: string;
}
export type GroupLocator = GroupCallLocator;

/** A room. */
export interface RoomCallLocator {
  roomId: string;
}
export type RoomLocator = RoomCallLocator;

/** A Microsoft Teams meeting. */
export interface TeamsMeetingLinkLocator {
  meetingLink: string;
}

/** The same, by its id. */
export interface TeamsMeetingIdLocator {
  meetingId: string;
  passcode?: string;
}

/** Options of {@link IncomingCall.accept}. */
export interface AcceptCallOptions extends JoinCallOptions {}

export interface AudioOptions {
  /** Begin muted. Default false. */
  muted?: boolean;
  /**
   * What is sent in the selected microphone's place, one at most; see {@link Call.startAudio}. Where its microphone cannot
   * be opened the selected one is sent.
   */
  localAudioStreams?: LocalAudioStream[];
}

export interface VideoOptions {
  /** The camera to send, one at most. Default none. Where it does not start the call goes on without video. */
  localVideoStreams?: LocalVideoStream[];
  /** Limits from the start, as {@link Call.setConstraints} sets them later. Throws, or rejects with, 412/43018. */
  constraints?: VideoConstraints;
}

/** What {@link Call.setConstraints} takes. */
export interface CallConstraints {
  video?: VideoConstraints;
}

/** Limits of pictures. */
export interface VideoConstraints {
  send?: VideoSendConstraints;
}

/** Limits of the pictures that are sent. `bitrate` is of a screen, too; the others are of cameras and own pictures. */
export interface VideoSendConstraints {
  /** Bits per second. */
  bitrate?: MediaConstraintRange;
  /** Lines of the picture. */
  frameHeight?: MediaConstraintRange;
  /** Frames per second. */
  frameRate?: MediaConstraintRange;
}

/** The most that may be. */
export interface MediaConstraintRange {
  /** 0 lifts the limit, absent keeps the one before. */
  max?: number;
}

/** A key of a keypad: the published names, or the signs on the keys. */
export type DtmfTone =
  | "Num0"
  | "Num1"
  | "Num2"
  | "Num3"
  | "Num4"
  | "Num5"
  | "Num6"
  | "Num7"
  | "Num8"
  | "Num9"
  | "A"
  | "B"
  | "C"
  | "D"
  | "Star"
  | "Pound"
  | "Flash"
  | "0"
  | "1"
  | "2"
  | "3"
  | "4"
  | "5"
  | "6"
  | "7"
  | "8"
  | "9"
  | "*"
  | "#";

/** Who calls. */
export interface CallerInfo {
  /** Absent for a call of one's own. */
  readonly identifier: CommunicationIdentifierKind | undefined;
  readonly displayName?: string;
}

/** The ids of a call. */
export interface CallInfo {
  /** The id of this client in the call. */
  readonly participantId: string;
  readonly threadId: string | undefined;
  readonly groupId: string | undefined;
  /** The id that server interfaces take. */
  getServerCallId(): Promise<string>;
  onCallInfoChanged(event: "callInfoChanged", listener: PropertyChangedEvent): void;
  offCallInfoChanged(event: "callInfoChanged", listener: PropertyChangedEvent): void;
}

/** Why a call ended: 0/0 hung up, 487/0 cancelled, 603/0 declined; see docs/protocol.md for all. */
export interface CallEndReason {
  readonly code: number;
  readonly subCode?: number;
}

/** A call that rings here. */
export interface IncomingCall {
  readonly kind: "IncomingCall";
  readonly id: string;
  readonly callerInfo: CallerInfo;
  /** Who handed the caller over, where somebody did. */
  readonly transferorInfo?: CallerInfo;
  /** What the caller's application sent along, a fresh object each time. */
  readonly customContext?: CustomContext;
  readonly info: CallInfo;
  /** Why it does not ring any more. */
  readonly callEndReason?: CallEndReason;
  /**
   * Answers; without a microphone, or where that is refused, muted. With a camera that does not start, or is refused, the
   * call goes on without video, as one of `startCall` does: `isLocalVideoStarted` stays `false`, the diagnostics tell why,
   * and `startVideo` tries again. Rejects with 400/41006 when it does not ring any more, or is being accepted.
   */
  accept(options?: AcceptCallOptions): Promise<Call>;
  /** Declines, on all devices of the user. Rejects with 400/41007 when it does not ring any more. */
  reject(): Promise<void>;
  on<K extends keyof IncomingCallEvents>(event: K, listener: IncomingCallEvents[K]): void;
  off<K extends keyof IncomingCallEvents>(event: K, listener: IncomingCallEvents[K]): void;
}

/** The events of {@link IncomingCall}. */
export interface IncomingCallEvents {
  /** It does not ring any more: answered here (0/0) or elsewhere, cancelled, declined, or not answered. */
  callEnded: CallEndedEvent;
  callerInfoChanged: PropertyChangedEvent;
  /** Does not fire: the name is that of the moment of the transfer. */
  transferorInfoChanged: PropertyChangedEvent;
}

export type CallEndedEvent = (args: { callEndReason: CallEndReason }) => void;

/** Where a call stands. */
export type CallState =
  | "None"
  | "Connecting"
  | "Ringing"
  | "Connected"
  | "LocalHold"
  | "RemoteHold"
  | "InLobby"
  | "Disconnecting"
  | "Disconnected"
  | "EarlyMedia";
export type CallDirection = "Incoming" | "Outgoing";
export type ParticipantRole =
  | "Unknown"
  | "Attendee"
  | "Presenter"
  | "Organizer"
  | "Co-organizer"
  | "Consumer"
  | "Collaborator";

/** A call. Its sound is played by itself. */
export interface Call {
  readonly kind: "Call";
  /** Changes at most once, while the call is set up. */
  readonly id: string;
  readonly state: CallState;
  readonly direction: CallDirection;
  readonly callerInfo: CallerInfo;
  /** Who handed the caller over, for a call that came by a transfer. */
  readonly transferorInfo?: CallerInfo;
  readonly info: CallInfo;
  /** Why the call ended. Set before `state` is `Disconnected`. */
  readonly callEndReason?: CallEndReason;
  /**
   * Whether the microphone is muted: asked for, or because there is none or it is refused. Who had not asked for it is
   * heard again as soon as there is a microphone; after a refusal, with `unmute`.
   */
  readonly isMuted: boolean;
  readonly isIncomingAudioMuted: boolean;
  /** Whether a screen is sent; also while the call is on hold, when nothing of it is seen. */
  readonly isScreenSharingOn: boolean;
  readonly isLocalVideoStarted: boolean;
  /** What is sent: the very objects that were handed in, and the screen that was picked, which can be shown here, too. */
  readonly localVideoStreams: readonly LocalVideoStream[];
  /** The sound that is sent: what was handed in, or the selected microphone while that is open. */
  readonly localAudioStreams: readonly LocalAudioStream[];
  /**
   * The other side's sounds, while they are heard: its microphone's first, then that of the screen that it shares, where
   * that has any. The call plays them by itself.
   */
  readonly remoteAudioStreams: readonly RemoteAudioStream[];
  /** The other side, until it leaves. */
  readonly remoteParticipants: readonly RemoteParticipant[];
  readonly role: ParticipantRole;
  /** Empty: nobody waits before a call between two. */
  readonly lobby: Lobby;
  /** A feature of the call, always the same object, in every state. Throws 405/40000 for one that does not exist. */
  feature<K extends keyof CallFeatures>(factory: FeatureFactory<K>): CallFeatures[K];
  /** Leaves, or cancels while it rings. Resolves when the call is over. */
  hangUp(options?: HangUpOptions): Promise<void>;
  /** Rejects with 500/41015 when the call is over. */
  mute(): Promise<void>;
  /**
   * Opens the microphone if need be. Rejects with 400/41016 when there is none, it is in use elsewhere or the call is
   * over, 400/40613 when it is refused.
   */
  unmute(): Promise<void>;
  /**
   * Puts the call on hold (`LocalHold`; the other side sees `RemoteHold`): neither side sends or hears anything until
   * whoever held it resumes. Also done to the active call when another one is started, accepted or resumed. Rejects
   * with 500/41033 while the call is not connected.
   */
  hold(): Promise<void>;
  /** Takes the call off hold on this side. Rejects with 500/41034 while the call is not connected. */
  resume(): Promise<void>;
  /** Silences playback on this side. */
  muteIncomingAudio(): Promise<void>;
  unmuteIncomingAudio(): Promise<void>;
  /**
   * Sends a camera. Rejects with 400/41025 for something else, 400/41027 when one is sent, 412/43000 when the camera
   * is in use elsewhere, 403/43001 when it is refused, 412/43013 when there is none, 412/43014 when it did not start,
   * 412/43015 when the browser's question was closed without an answer or nothing came within a minute in which the
   * browser was not asking (ten minutes in all), 412/43016 when the system refuses, 412/43017 on a page that is not
   * secure, 412/43018 when the chosen one is gone, 412/43019 for a `MediaStream` without a live video track, else, or
   * when the call is over, 500/43002. Resolves without effect when it was stopped while the camera opened.
   *
   * A camera that is unplugged gives way to another one, with `videoSourceChanged` of its stream; without another, and
   * when a stream of the page ends, the video stops.
   */
  startVideo(localVideoStream: LocalVideoStream): Promise<void>;
  /**
   * Stops sending it, also one that is still opening. Rejects with 400/41030 when none is sent, 400/41032 for another
   * stream.
   */
  stopVideo(localVideoStream: LocalVideoStream): Promise<void>;
  /**
   * Sends a screen beside the camera: what the person picks in the browser's own list, with its sound where the browser
   * gives that, or a stream of the page. Call it from a click. It ends with `stopScreenSharing`, the browser's own
   * button, the end of the page's stream, or the call. While the call is on hold it is not seen.
   *
   * Where the line is bad it stays sharp and moves less often: its track gets the `contentHint` `detail` if it has none.
   * Set `motion` for a film, on a track of one's own or on that of `getMediaStream`.
   *
   * Rejects with 412/41071 while the call is not connected, 400/41035 when a screen is shared already, 403/43001 when the
   * person picks none, 412/43000 when what they picked cannot be had, 412/43016 when the system refuses, 412/43017 where
   * the browser cannot share, 400/41025 for what is no `LocalVideoStream` of a `MediaStream`, else 500/43002, for example
   * without a click.
   */
  startScreenSharing(localVideoStream?: LocalVideoStream): Promise<void>;
  /** Sends it no more. Rejects with 400/41041 when none is shared. */
  stopScreenSharing(): Promise<void>;
  /**
   * Sends one tone of a keypad, as a telephone event (RFC 4733), also while muted and without a microphone. Tones are
   * sent one after the other, in the order of the calls; resolves when this one was. Rejects with 400 for none (browsers
   * have no `Flash`), 405 where the other side takes no tones, 412 while the call is not connected or on hold, and when
   * it ends before.
   */
  sendDtmf(dtmfTone: DtmfTone): Promise<void>;
  /**
   * Limits the pictures that are sent, for as long as the call lasts: also those of other cameras and after a hold. Rejects
   * with 412/43018 for a limit that is no number or below 0, and for what is no `CallConstraints`, then nothing changes;
   * 412 when the call is over.
   */
  setConstraints(constraints: CallConstraints): Promise<void>;
  /** Throws 405: there are calls between two people so far. */
  addParticipant(
    identifier: CommunicationIdentifier,
    options?: { alternateCallerId?: PhoneNumberIdentifier },
  ): RemoteParticipant;
  /** Rejects with 405: nobody is taken out of a call between two. Hang up. */
  removeParticipant(identifier: CommunicationIdentifier): Promise<void>;
  /** Rejects with 405: nobody is muted by the other side of a call between two. */
  muteAllRemoteParticipants(): Promise<void>;
  /**
   * Sends that in the place of the selected microphone, until `stopAudio` or the end of the call. A call that is muted
   * stays so, and muting disables its track until the call is done with it. When a stream of the page ends by itself the
   * call is muted, and `unmute` opens the selected microphone. Rejects with 400/43004 for something else, 412/41073 when
   * the call is over, 400/40613 and 400/41016 where the stream's microphone cannot be opened; then all is as before.
   */
  startAudio(localAudioStream: LocalAudioStream): Promise<void>;
  /** Goes back to the selected microphone. Where that cannot be opened the call is muted. */
  stopAudio(): void;
  /** Hangs up without waiting. A second time it does nothing. */
  dispose(): void;
  on<K extends keyof CallEvents>(event: K, listener: CallEvents[K]): void;
  off<K extends keyof CallEvents>(event: K, listener: CallEvents[K]): void;
}

/** The events of {@link Call}. */
export interface CallEvents {
  stateChanged: PropertyChangedEvent;
  idChanged: PropertyChangedEvent;
  isMutedChanged: PropertyChangedEvent;
  isIncomingAudioMutedChanged: PropertyChangedEvent;
  /** Also when the person presses the browser's own button. */
  isScreenSharingOnChanged: PropertyChangedEvent;
  isLocalVideoStartedChanged: PropertyChangedEvent;
  remoteParticipantsUpdated: CollectionUpdatedEvent<RemoteParticipant>;
  localVideoStreamsUpdated: CollectionUpdatedEvent<LocalVideoStream>;
  localAudioStreamsUpdated: CollectionUpdatedEvent<LocalAudioStream>;
  remoteAudioStreamsUpdated: CollectionUpdatedEvent<RemoteAudioStream>;
  roleChanged: PropertyChangedEvent;
  callerInfoChanged: PropertyChangedEvent;
  /** Does not fire: the name is that of the moment of the transfer. */
  transferorInfoChanged: PropertyChangedEvent;
  /** Does not fire: nobody is muted by the other side of a call between two. It will in calls of more people. */
  mutedByOthers: PropertyChangedEvent;
}

/** Options of {@link Call.hangUp}. */
export interface HangUpOptions {
  /** A call between two ends for both in any case. */
  forEveryone: boolean;
}

/** Who waits to be let in. */
export interface Lobby {
  readonly participants: readonly RemoteParticipant[];
  /** Rejects with 405: nobody waits. */
  admit(participant: CommunicationIdentifier, options?: object): Promise<void>;
  /** Rejects with 405: nobody waits. */
  reject(participant: CommunicationIdentifier, options?: object): Promise<void>;
  /** Lets in everybody, who is nobody. */
  admitAll(options?: object): Promise<AdmitAllOperationResult>;
  on(event: "lobbyParticipantsUpdated", listener: CollectionUpdatedEvent<RemoteParticipant>): void;
  off(event: "lobbyParticipantsUpdated", listener: CollectionUpdatedEvent<RemoteParticipant>): void;
}

export interface AdmitAllOperationResult {
  readonly successCount: number;
  readonly failureCount: number;
}

export type RemoteParticipantState =
  | "Idle"
  | "Connecting"
  | "Ringing"
  | "Connected"
  | "Hold"
  | "InLobby"
  | "EarlyMedia"
  | "Disconnected";

/** A client of a participant. */
export interface EndpointDetails {
  participantId: string;
}

/** The other side of a call. */
export interface RemoteParticipant {
  readonly identifier: CommunicationIdentifierKind;
  readonly displayName?: string;
  /** `false`: names are not edited in a call. */
  readonly hasDisplayNameChanged?: boolean;
  readonly state: RemoteParticipantState;
  readonly callEndReason?: CallEndReason;
  readonly endpointDetails: EndpointDetails[];
  /** The camera (`Video`) and the screen (`ScreenSharing`), whether they are on or off: see `isAvailable`. */
  readonly videoStreams: readonly RemoteVideoStream[];
  readonly isMuted: boolean;
  readonly isSpeaking: boolean;
  readonly role: ParticipantRole;
  /** Rejects with 405: nobody is muted by the other side of a call between two. */
  mute(): Promise<void>;
  on<K extends keyof RemoteParticipantEvents>(event: K, listener: RemoteParticipantEvents[K]): void;
  off<K extends keyof RemoteParticipantEvents>(event: K, listener: RemoteParticipantEvents[K]): void;
}

/** The events of {@link RemoteParticipant}. */
export interface RemoteParticipantEvents {
  stateChanged: PropertyChangedEvent;
  isMutedChanged: PropertyChangedEvent;
  isSpeakingChanged: PropertyChangedEvent;
  displayNameChanged: PropertyChangedEventWithArgs<string, "editedDisplayName">;
  roleChanged: PropertyChangedEvent;
  videoStreamsUpdated: CollectionUpdatedEvent<RemoteVideoStream>;
}

export type MediaStreamType = "Video" | "ScreenSharing" | "RawMedia" | "LiveStream" | "Audio";

/** Width and height in pixels. */
export interface StreamSize {
  width: number;
  height: number;
}

/** The other side's camera or screen. */
export interface RemoteVideoStream {
  /** Unique within the call. */
  readonly id: number;
  readonly mediaStreamType: MediaStreamType;
  /** Whether the sender has it on, so that it can be shown. */
  readonly isAvailable: boolean;
  /** Whether pictures arrive. */
  readonly isReceiving: boolean;
  /** Zeros before the first picture. */
  readonly size: StreamSize;
  /** Rejects with 404/43202 while it is off. */
  getMediaStream(): Promise<MediaStream>;
  on<K extends keyof RemoteVideoStreamEvents>(event: K, listener: RemoteVideoStreamEvents[K]): void;
  off<K extends keyof RemoteVideoStreamEvents>(event: K, listener: RemoteVideoStreamEvents[K]): void;
}

/** The events of {@link RemoteVideoStream}. */
export interface RemoteVideoStreamEvents {
  isAvailableChanged: PropertyChangedEvent;
  isReceivingChanged: PropertyChangedEvent;
  sizeChanged: PropertyChangedEvent;
}

/** A sound of the other side's, its microphone's or its screen's: for meters and recorders. */
export interface RemoteAudioStream {
  getMediaStream(): Promise<MediaStream>;
  /** How loud it is. */
  getVolume(): Promise<Volume>;
}

/**
 * How loud a stream is. It is listened to while there are listeners, and for 2 s after `level` was read. It stays 0 where
 * the browser runs no `AudioContext`: before the page was touched, and in Firefox on a machine without a loudspeaker.
 */
export interface Volume {
  /** From 0, 60 dB or more below the loudest, to 100, even in decibels. First 0. */
  readonly level: number;
  on(event: "levelChanged", listener: PropertyChangedEvent): void;
  off(event: "levelChanged", listener: PropertyChangedEvent): void;
}

/** Options of {@link LocalAudioStream}. */
export interface LocalAudioStreamOptions {
  /** Turn its microphone off when a call that sends it ends. Default true. */
  autoDisposeOnCallEnd?: boolean;
}

/** A microphone, or a `MediaStream` of the page, to be sent in a call or measured. It is opened when it is first needed. */
export class LocalAudioStream {
  /** Throws 400/43004 for anything else. */
  constructor(source: AudioDeviceInfo | MediaStream, options?: LocalAudioStreamOptions);
  readonly source: AudioDeviceInfo;
  /** `Audio`. */
  readonly mediaStreamType: MediaStreamType;
  /** Opens the microphone. Rejects with 400/40613 when it is refused, 400/41016 when there is none or it is in use. */
  getMediaStream(): Promise<MediaStream>;
  /** Goes over to a `MediaStream` of the page, also in a call. Rejects with 400/43004 for anything else. */
  setMediaStream(source: MediaStream): Promise<void>;
  /** Goes over to another microphone, also in a call. Rejects with 400/43004 for none, 400/43005 for the same one. */
  switchSource(source: AudioDeviceInfo): Promise<void>;
  /** How loud it is; opens the microphone. After `audioSourceChanged` ask for another. */
  getVolume(): Promise<Volume>;
  /** Turns the microphone off. A stream of the page goes on. */
  dispose(): void;
  /** Throws: there are no features yet. */
  feature(factory: FeatureFactory<string>): never;
  on(event: "audioSourceChanged", listener: AudioSourceChangedEvent): void;
  off(event: "audioSourceChanged", listener: AudioSourceChangedEvent): void;
}

/** The stream went over to another source. */
export type AudioSourceChangedEvent = (args: { source: LocalAudioStream }) => void;

/** Options of {@link LocalVideoStream}. */
export interface LocalVideoStreamOptions {
  /** Turn the camera off when a call that sends it ends, even if it is shown elsewhere. Default true. */
  autoDisposeOnCallEnd?: boolean;
}

/**
 * A camera, or a `MediaStream` of the page. The camera is turned on when it is first shown or sent, and off when
 * nothing shows or sends it any more.
 */
export class LocalVideoStream {
  /** Throws 400/43004 for anything else. */
  constructor(source: VideoDeviceInfo | MediaStream, options?: LocalVideoStreamOptions);
  readonly source: VideoDeviceInfo;
  /** `Video`, `RawMedia` for a `MediaStream` of the page, or `ScreenSharing` while it is shared as a screen. */
  readonly mediaStreamType: MediaStreamType;
  /** Goes over to another camera. Rejects with 400/43004 for no camera, 400/43005 for the same one. */
  switchSource(source: VideoDeviceInfo): Promise<void>;
  /**
   * The camera's stream; it runs until `dispose` or the end of whatever shows or sends it. Rejects with the camera's errors
   * of {@link Call.startVideo}, and 412/43019 after `dispose`.
   */
  getMediaStream(): Promise<MediaStream>;
  /** Goes over to a `MediaStream` of the page. */
  setMediaStream(source: MediaStream): Promise<void>;
  /** Turns the camera off. */
  dispose(): void;
  /** Throws: there are no features yet. */
  feature(factory: FeatureFactory<string>): never;
  on(event: "videoSourceChanged", listener: VideoSourceChangedEvent): void;
  off(event: "videoSourceChanged", listener: VideoSourceChangedEvent): void;
}

/** The stream goes over to another camera: asked for, or because its own was unplugged. */
export type VideoSourceChangedEvent = (args: { source: LocalVideoStream }) => void;

/** How a picture fills its element. */
export type ScalingMode = "Stretch" | "Crop" | "Fit";

/** Options of {@link VideoStreamRenderer.createView}. */
export interface CreateViewOptions {
  /** Flip the picture. Default false. */
  isMirrored?: boolean;
  /** Default `Crop`. */
  scalingMode?: ScalingMode;
}

/** Shows a stream. */
export class VideoStreamRenderer {
  /** Throws 400/43200 for anything else. */
  constructor(videoStream: LocalVideoStream | RemoteVideoStream);
  readonly size: StreamSize;
  /**
   * Resolves when there is a picture. Rejects with 404/43202 when the other side sends no picture, 408/43203 when no
   * picture comes in time, 405/43209 when the renderer was disposed meanwhile, 400/43220 for more than 16 views, and
   * the camera's errors of {@link Call.startVideo}.
   */
  createView(options?: CreateViewOptions): Promise<VideoStreamRendererView>;
  /** Ends all its views. Throws 400/43210 the second time. */
  dispose(): void;
}

/** A stream in an element. */
export interface VideoStreamRendererView {
  /** The element for the page, always the same. */
  readonly target: HTMLElement;
  readonly scalingMode: ScalingMode;
  readonly isMirrored: boolean;
  updateScalingMode(scalingMode: ScalingMode): Promise<void>;
  dispose(): void;
}

export type AudioDeviceType = "Microphone" | "Speaker" | "CompositeAudioDevice" | "Virtual";
export type VideoDeviceType = "Unknown" | "UsbCamera" | "CaptureAdapter" | "Virtual" | "ScreenSharing";

/** A microphone or a loudspeaker. Its name is empty before permission was given. */
export interface AudioDeviceInfo {
  readonly name: string;
  readonly id: string;
  readonly isSystemDefault: boolean;
  readonly deviceType: AudioDeviceType;
}

/** A camera. Its name is empty before permission was given. */
export interface VideoDeviceInfo {
  readonly name: string;
  readonly id: string;
  readonly deviceType: VideoDeviceType;
}

/** What to ask permission for. */
export interface PermissionConstraints {
  audio: boolean;
  video: boolean;
}

/** What may be used. */
export interface DeviceAccess {
  audio: boolean;
  video: boolean;
}

/**
 * Cameras, microphones and loudspeakers.
 *
 * What is selected is remembered for the next visit (in `localStorage`, by id and by name). While it is unplugged the
 * system's default is selected and used, and when it is back it is taken again, both in calls that are running.
 */
export interface DeviceManager {
  /** Whether the browser lets a page choose the loudspeaker. */
  readonly isSpeakerSelectionAvailable: boolean;
  /** The microphone that calls use: chosen, else the system's. Absent before permission was given. */
  readonly selectedMicrophone?: AudioDeviceInfo;
  readonly selectedSpeaker?: AudioDeviceInfo;
  getCameras(): Promise<VideoDeviceInfo[]>;
  getMicrophones(): Promise<AudioDeviceInfo[]>;
  /** Rejects with 405/40606 where a page may not choose the loudspeaker. */
  getSpeakers(): Promise<AudioDeviceInfo[]>;
  /**
   * Uses that microphone, also in calls that are running: resolves when they do. Where another one is chosen meanwhile
   * that one counts, and this resolves without effect. Rejects with 400/43004 for one that is not there, 400/41016 and
   * 400/40613 where a call cannot open it; then all calls go on with the former one. 412 after the client's `dispose`.
   */
  selectMicrophone(microphoneDevice: AudioDeviceInfo): Promise<void>;
  /**
   * Uses that loudspeaker, also in calls that are running. For one that is not listed, Firefox asks the person to choose
   * in a list of its own, after a click: pass `{ id: "speaker:", … }` for that. Rejects with 400/43004 where there is
   * none, 405/40606 where a page may not choose the loudspeaker, 412 after the client's `dispose`.
   */
  selectSpeaker(speakerDevice: AudioDeviceInfo): Promise<void>;
  /**
   * Asks the person, unless it is known that they allowed it. Devices that are in use go on. Resolves with what may be
   * used: `false` where it was refused or there is none. Rejects with 500/40614 where the browser cannot ask, for
   * example on a page that is not secure, and with 412 after the client's `dispose`.
   */
  askDevicePermission(permissionConstraints: PermissionConstraints): Promise<DeviceAccess>;
  /**
   * Opens devices before a call, so that it need not wait for them: the selected microphone, and the system's camera.
   * They stay on for `timeoutInSec` at most, 60 by default, or until {@link stopPreheatDevices}. Rejects with 400/40613
   * where a device is refused, 500/40614 where it cannot be opened, 412 after the client's `dispose`, and
   * `RangeError` for a time of 0 or less.
   */
  startPreheatDevices(parameters: StartPreheatDeviceParameters): Promise<void>;
  /** Closes what is named, without arguments everything; calls go on. */
  stopPreheatDevices(parameters?: StopPreheatDeviceParameters): void;
  on<K extends keyof DeviceManagerEvents>(event: K, listener: DeviceManagerEvents[K]): void;
  off<K extends keyof DeviceManagerEvents>(event: K, listener: DeviceManagerEvents[K]): void;
}

/** What to open before a call. */
export interface StartPreheatDeviceParameters {
  audio?: { preheat: boolean; timeoutInSec?: number };
  video?: { preheat: boolean; timeoutInSec?: number };
}

/** What to close. */
export interface StopPreheatDeviceParameters {
  audio?: boolean;
  video?: boolean;
}

/** The events of {@link DeviceManager}. */
export interface DeviceManagerEvents {
  videoDevicesUpdated: CollectionUpdatedEvent<VideoDeviceInfo>;
  audioDevicesUpdated: CollectionUpdatedEvent<AudioDeviceInfo>;
  /** By `selectMicrophone`, or because one was unplugged or is back. */
  selectedMicrophoneChanged: PropertyChangedEvent;
  selectedSpeakerChanged: PropertyChangedEvent;
}

/** The token of a feature, from `Features`. */
export interface FeatureFactory<TName extends string> {
  readonly name: TName;
}

/** What has something to release. */
export interface Disposable {
  dispose(): void;
}

/** What all features have. */
export interface BaseFeature extends Disposable {
  readonly name: string;
  /**
   * Ends what the feature has under way, and forgets its listeners. The object stays that of its owner: used again, it
   * begins anew. Not needed at the end of a call.
   */
  dispose(): void;
}

/** The features of a {@link CallClient}, by the name of their token. */
export interface CallClientFeatures {
  DebugInfo: DebugInfoCallClientFeature;
  PreCallDiagnostics: PreCallDiagnosticsFeature;
}

/** The features of a {@link Call}, by the name of their token. */
export interface CallFeatures {
  CallSurvey: CallSurveyFeature;
  DominantSpeakers: DominantSpeakersCallFeature;
  MediaStats: MediaStatsCallFeature;
  OptimalVideoCount: OptimalVideoCountCallFeature;
  Transfer: TransferCallFeature;
  UserFacingDiagnostics: UserFacingDiagnosticsFeature;
}

/** `Features.DominantSpeakers`: who is to be shown largest. */
export interface DominantSpeakersCallFeature extends BaseFeature {
  readonly name: "DominantSpeakers";
  /** A fresh object each time. In a call between two: the other side, from when it was first heard to when it leaves. */
  readonly dominantSpeakers: DominantSpeakersInfo;
  on<K extends keyof DominantSpeakersEvents>(event: K, listener: DominantSpeakersEvents[K]): void;
  off<K extends keyof DominantSpeakersEvents>(event: K, listener: DominantSpeakersEvents[K]): void;
}

/** The events of {@link DominantSpeakersCallFeature}. */
export interface DominantSpeakersEvents {
  /** Somebody joined or left the list. */
  dominantSpeakersChanged: () => void;
}

export interface DominantSpeakersInfo {
  /** Most dominant first. */
  speakersList: readonly CommunicationIdentifierKind[];
  /** When the list last changed. */
  timestamp: Date;
}

/** `Features.OptimalVideoCount`: how many remote videos to show. */
export interface OptimalVideoCountCallFeature extends BaseFeature {
  readonly name: "OptimalVideoCount";
  /** 1: a call between two has no more. */
  readonly optimalVideoCount: number;
  readonly lastOvcChangeReason: OvcChangeReason;
  on<K extends keyof OptimalVideoCountEvents>(event: K, listener: OptimalVideoCountEvents[K]): void;
  off<K extends keyof OptimalVideoCountEvents>(event: K, listener: OptimalVideoCountEvents[K]): void;
}

/** The events of {@link OptimalVideoCountCallFeature}. */
export interface OptimalVideoCountEvents {
  /** Does not fire in a call between two. */
  optimalVideoCountChanged: () => void;
}

export type OvcChangeReason = "bandwidth" | "performance" | "externalLimit" | "unknown";

/**
 * `Features.DebugInfo`. Its file is loaded when it is asked for; what it knows of agents and calls begins then, so ask
 * for it right after the client is made.
 */
export interface DebugInfoCallClientFeature extends BaseFeature {
  readonly name: "DebugInfo";
  /**
   * Whether the user of this client's agent has an agent in another tab, of a page of this origin that asked for this
   * feature as well. `false` without an agent, and where the browser has no Web Locks, as on pages over plain http.
   */
  readonly isCallClientActiveInAnotherTab: boolean;
  /** The id of the newest call. */
  readonly lastCallId?: string;
  /** This client's participant id in it. */
  readonly lastLocalParticipantId?: string;
  /** The operating system, the browser, and whether calls work in it. */
  getEnvironmentInfo(): Promise<EnvironmentInfo>;
  /**
   * What happened to the agent and its calls, for whoever supports the page: times, states, end codes, ids of calls.
   * No names, tokens, addresses or texts. Throws while the feature is being loaded, which `getEnvironmentInfo` waits for.
   */
  dumpDebugInfo(): DebugInfoDump;
  on<K extends keyof DebugInfoEvents>(event: K, listener: DebugInfoEvents[K]): void;
  off<K extends keyof DebugInfoEvents>(event: K, listener: DebugInfoEvents[K]): void;
}

/** The events of {@link DebugInfoCallClientFeature}. */
export interface DebugInfoEvents {
  isCallClientActiveInAnotherTabChanged: () => void;
}

/** The answer of {@link DebugInfoCallClientFeature.dumpDebugInfo}. */
export interface DebugInfoDump {
  dumpId: string;
  /** `report` as JSON in a zlib stream, as the published interface has it. */
  dump: Uint8Array;
  report: DebugInfoReport;
}

export interface DebugInfoReport {
  dumpId: string;
  /** When it was made, as an ISO string. */
  time: string;
  environment: EnvironmentInfo;
  lastCallId?: string;
  lastLocalParticipantId?: string;
  /** The last 500 things that happened, oldest first. */
  records: DebugInfoRecord[];
}

/** Something that happened to the agent (`agent`, `agentDisposed`, `connection`) or to a `call`. */
export interface DebugInfoRecord {
  /** An ISO string. */
  time: string;
  what: "agent" | "agentDisposed" | "connection" | "call";
  state?: string;
  reason?: string;
  callId?: string;
  direction?: CallDirection;
  /** Why the call ended. */
  code?: number;
  subCode?: number;
}

export interface EnvironmentInfo {
  environment: Environment;
  isSupportedPlatform: boolean;
  isSupportedBrowser: boolean;
  isSupportedBrowserVersion: boolean;
  isSupportedEnvironment: boolean;
}

/** Names in lower case, such as `mac` and `safari`. */
export interface Environment {
  platform: string;
  browser: string;
  browserVersion: string;
}

/** What the calling interface throws and rejects with. */
export interface CommunicationServicesError extends Error {
  name: "CommunicationServicesError";
  /** What failed underneath, where that was not the SDK. */
  readonly cause?: unknown;
  readonly code: number;
  readonly subCode: number;
}
