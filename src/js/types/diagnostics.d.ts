/**
 * `Features.UserFacingDiagnostics`: what to tell the person about the network and the devices, from when it is asked
 * for to the end of the call. Its file is loaded then. Values are looked at once a second, and change when what they
 * are about lasted.
 */
export interface UserFacingDiagnosticsFeature extends BaseFeature {
  readonly name: "UserFacingDiagnostics";
  readonly network: NetworkDiagnostics;
  readonly media: MediaDiagnostics;
  readonly remote: RemoteDiagnostics;
}

/**
 * The other side's diagnostics, as far as it tells them, over the connection to the server: also where no media gets
 * through. What it told before they were asked for is known as well.
 */
export interface RemoteDiagnostics {
  readonly isSendingDiagnosticsEnabled: boolean;
  /** Tells the other side what this side's `network` and `media` have raised, and, once a second at most, what changes. */
  startSendingDiagnostics(): void;
  /** Takes it back: for the other side all is well then. */
  stopSendingDiagnostics(): void;
  /** All that was told so far, as it is now. */
  getLatest(): RemoteParticipantDiagnosticsData;
  on<K extends keyof RemoteDiagnosticsEvents>(event: K, listener: RemoteDiagnosticsEvents[K]): void;
  off<K extends keyof RemoteDiagnosticsEvents>(event: K, listener: RemoteDiagnosticsEvents[K]): void;
}

/** The events of {@link RemoteDiagnostics}. */
export interface RemoteDiagnosticsEvents {
  /** Carries what changed. */
  diagnosticChanged: (args: RemoteParticipantDiagnosticsData) => void;
}

export interface RemoteParticipantDiagnosticsData {
  diagnostics: RemoteDiagnostic[];
}

export interface RemoteDiagnostic extends LatestDiagnosticValue {
  /** Its client, until that is known empty. */
  readonly participantId: string;
  readonly rawId: string;
  /** Absent once it has left. */
  readonly remoteParticipant?: RemoteParticipant;
  readonly diagnostic: NetworkDiagnosticType | MediaDiagnosticType | ServerDiagnosticType;
}

/** `serverConnection` is a quality, by the server's word: `Bad` where it lost the other side, `Good` when that is back. */
export type ServerDiagnosticType = "serverConnection";

export interface NetworkDiagnostics {
  /** What was raised so far, as it is now. */
  getLatest(): LatestNetworkDiagnostics;
  on<K extends keyof NetworkDiagnosticsEvents>(event: K, listener: NetworkDiagnosticsEvents[K]): void;
  off<K extends keyof NetworkDiagnosticsEvents>(event: K, listener: NetworkDiagnosticsEvents[K]): void;
}

/** The events of {@link NetworkDiagnostics}. */
export interface NetworkDiagnosticsEvents {
  diagnosticChanged: (args: NetworkDiagnosticChangedEventArgs) => void;
}

export interface MediaDiagnostics {
  /** What was raised so far, as it is now. */
  getLatest(): LatestMediaDiagnostics;
  on<K extends keyof MediaDiagnosticsEvents>(event: K, listener: MediaDiagnosticsEvents[K]): void;
  off<K extends keyof MediaDiagnosticsEvents>(event: K, listener: MediaDiagnosticsEvents[K]): void;
}

/** The events of {@link MediaDiagnostics}. */
export interface MediaDiagnosticsEvents {
  diagnosticChanged: (args: MediaDiagnosticChangedEventArgs) => void;
}

/** The diagnostics of the network. What the browser does not tell is never raised. */
export interface LatestNetworkDiagnostics {
  /** Quality. `Bad`: the connection to the server is lost for a second, `Poor`: the path of media, `Good`: both are back. */
  networkReconnect?: LatestDiagnosticValue;
  /** Quality. Of what arrives: from 3 and 10 per cent lost, or 50 and 150 ms jitter, for 4 s; better after 8 s. */
  networkReceiveQuality?: LatestDiagnosticValue;
  /** Quality. Of what is sent: from 3 and 10 per cent lost, or 400 and 800 ms there and back, for 4 s; better after 8 s. */
  networkSendQuality?: LatestDiagnosticValue;
  /** Flag. The device is offline, as the browser says. */
  noNetwork?: LatestDiagnosticValue;
  /** Flag. TURN servers are configured, and none of them gave a relay. */
  networkRelaysNotReachable?: LatestDiagnosticValue;
}

/** The diagnostics of devices. What the browser does not tell is never raised. */
export interface LatestMediaDiagnostics {
  /** Flag. Somebody talks into the muted microphone. Needs a page that may play sound. */
  speakingWhileMicrophoneIsMuted?: LatestDiagnosticValue;
  /** Flag. There is no loudspeaker; not where the browser does not list them all, as in Firefox and Safari. */
  noSpeakerDevicesEnumerated?: LatestDiagnosticValue;
  /** Flag. There is no microphone. */
  noMicrophoneDevicesEnumerated?: LatestDiagnosticValue;
  /** Flag. The camera gave no frame for 5 s. Chromium only. */
  cameraFreeze?: LatestDiagnosticValue;
  /** Flag. The camera did not start, for example because another program uses it. */
  cameraStartFailed?: LatestDiagnosticValue;
  /** Flag. The browser gave up waiting for the camera, or nobody answered its question about it. */
  cameraStartTimedOut?: LatestDiagnosticValue;
  /** Flag. What the person picked could not be captured. Who picks nothing is no failure. */
  capturerStartFailed?: LatestDiagnosticValue;
  /** Flag. Nothing was sent from the unmuted microphone for 10 s, or there is none. */
  microphoneNotFunctioning?: LatestDiagnosticValue;
  /** Flag. The system or the browser cut the microphone off. */
  microphoneMuteUnexpectedly?: LatestDiagnosticValue;
  /** Flag. The camera ended by itself, as when it is unplugged. Back with the next one. */
  cameraStoppedUnexpectedly?: LatestDiagnosticValue;
  /**
   * Flag. The shared screen ended by itself: its window was closed, or the person stopped it by the browser's button,
   * which browsers do not tell from each other. Back with the next one.
   */
  capturerStoppedUnexpectedly?: LatestDiagnosticValue;
  /** Flag. The system forbids the browser to record the screen. Chromium only. */
  screenshareRecordingDisabled?: LatestDiagnosticValue;
  /** Flag. The page may not use the microphone. Not in browsers that do not tell permissions. */
  microphonePermissionDenied?: LatestDiagnosticValue;
  /** Flag. The page may not use the camera, or the last attempt to start it was refused. */
  cameraPermissionDenied?: LatestDiagnosticValue;
  /** Flag. The unmuted microphone gave complete silence for 10 s. Chromium only. */
  microphoneNotMuteButSilent?: LatestDiagnosticValue;
}

export type DiagnosticFlag = boolean;
export type DiagnosticValueType = "DiagnosticQuality" | "DiagnosticFlag";

export interface LatestDiagnosticValue {
  value: DiagnosticQuality | DiagnosticFlag;
  /** What `value` is. */
  valueType: DiagnosticValueType;
}

/** 1 good, 2 poor, 3 bad: the values of the exported `DiagnosticQuality`. */
export type DiagnosticQuality = 1 | 2 | 3;

export type NetworkDiagnosticType = keyof LatestNetworkDiagnostics;
export type MediaDiagnosticType = keyof LatestMediaDiagnostics;
export type NetworkDiagnosticChangedEventArgs = LatestDiagnosticValue & { diagnostic: NetworkDiagnosticType };
export type MediaDiagnosticChangedEventArgs = LatestDiagnosticValue & { diagnostic: MediaDiagnosticType };
