/** `Features.PreCallDiagnostics`: whether calls will work here, and which leg of the way fails if not. */
export interface PreCallDiagnosticsFeature extends BaseFeature {
  readonly name: "PreCallDiagnostics";
  /**
   * Tests devices, token, connection and relays, and calls itself through the best relay for some seconds: 10 s in all,
   * 30 s where something gives no answer, longer while the browser asks the person for devices. It uses the relays that
   * a call would use and 2 MB of data. Nothing is left open. No promise of the result rejects.
   *
   * @param tokenCredential Whose calls are to work.
   * @example
   * const result = await client.feature(Features.PreCallDiagnostics).startTest(credential);
   * const { verdict, legs } = await result.report;
   * for (const { name, state, message } of legs) console.log(name, state, message);
   */
  startTest(tokenCredential: TokenCredential, options?: PreCallTestOptions): Promise<PreCallDiagnosticsResult>;
}

/** What is tested: all of it, unless it says `false`. */
export interface PreCallTestOptions {
  /** Opens microphone and camera, for which the browser may ask the person. */
  deviceAccess?: boolean;
  /** Relays, and the call through one of them. */
  inCallDiagnostics?: boolean;
  /** Costs nothing, and is always done. */
  deviceEnumeration?: boolean;
  /** Likewise. */
  browserSupport?: boolean;
  /** Goes with `inCallDiagnostics`. */
  callMediaStatistics?: boolean;
  /** Called with each leg when it is done, in the order in which they are. */
  onLeg?: (leg: PreCallLeg) => void;
  /** Ends the test: what is not done by then fails with the code `aborted`. */
  abortSignal?: AbortSignal;
}

/** Each promise resolves when its part is done. */
export interface PreCallDiagnosticsResult {
  readonly id: string;
  readonly deviceAccess: Promise<PreCallDeviceAccess>;
  readonly deviceEnumeration: Promise<PreCallDeviceEnumeration>;
  readonly browserSupport: Promise<PreCallBrowserSupport>;
  readonly inCallDiagnostics: Promise<InCallDiagnostics>;
  /** Statistics of what the test call sends, until it ends. Make collectors at once. */
  readonly callMediaStatistics: Promise<MediaStatsCallFeature>;
  /** All legs, and what they mean together. Beyond the published interface. */
  readonly report: Promise<PreCallReport>;
}

/** Which devices started. */
export interface PreCallDeviceAccess {
  audio: boolean;
  video: boolean;
}

/** Which kinds of devices there are. `Unknown` where the browser does not tell. */
export interface PreCallDeviceEnumeration {
  microphone: "Available" | "NotAvailable" | "Unknown";
  camera: "Available" | "NotAvailable" | "Unknown";
  speaker: "Available" | "NotAvailable" | "Unknown";
}

export interface PreCallBrowserSupport {
  browser: "Supported" | "NotSupported" | "Unknown";
  os: "Supported" | "NotSupported" | "Unknown";
}

/** How the test call went. Its way is that to the relay and back, twice where it is there and back. */
export interface InCallDiagnostics {
  connected: boolean;
  /** `Good` from 1 Mbit/s, `Average` from 300 kbit/s; `Unknown` without a relay. */
  bandWidth: QualityGrade;
  /** What got through, in bits per second. */
  bandwidthBps?: number;
  diagnostics: { audio: InCallGrades; video: InCallGrades };
}

/**
 * `Average` from 50 ms jitter, 3 per cent lost and 400 ms there and back, `Bad` from 150 ms, 10 per cent and 800 ms.
 */
export interface InCallGrades {
  jitter: QualityGrade;
  packetLoss: QualityGrade;
  rtt: QualityGrade;
}

export type QualityGrade = "Bad" | "Average" | "Good" | "Unknown";

/** What the legs mean together. */
export interface PreCallReport {
  /**
   * `Aborted`: by `abortSignal`, so that nothing is known. `NotReady`: token or connection failed, no relay works where
   * there are some, or the call with itself did not come about: calls will not work. `Limited`: something else failed or
   * is poor, or there are no relays: calls work for some people, or partly. `Ready`: all is well.
   */
  verdict: "Ready" | "Limited" | "NotReady" | "Aborted";
  /** The names of the legs that failed. */
  failed: PreCallLegName[];
  /** All legs, in the order of this type's union. */
  legs: PreCallLeg[];
}

/** `udp`, `tcp` and `tls` are relays over these transports. */
export type PreCallLegName = "token" | "socket" | "udp" | "tcp" | "tls" | "microphone" | "camera";

/** One leg of the way that a call takes. */
export interface PreCallLeg {
  name: PreCallLegName;
  /** `Poor`: it works, and what was measured is bad. */
  state: "Passed" | "Poor" | "Failed" | "Skipped";
  /** What is wrong; absent where it passed. */
  code?: PreCallCode;
  /** What that means and what to do about it, in English, for developers. */
  message?: string;
  /** How long the test took, in milliseconds. */
  durationMs: number;
  /** There and back, the median; of `socket` and relays. */
  roundTripMs?: number;
  /** How much it varies from one packet to the next, the mean. */
  jitterMs?: number;
  /** The part that got lost, 0 to 1; of relays. */
  lossRatio?: number;
  /** The relay, of relays. */
  url?: string;
}

/** What can be wrong with a leg. docs/api.md has the meaning of each. */
export type PreCallCode =
  | "tokenUnavailable"
  | "tokenRefused"
  | "scopeMissing"
  | "serverUnknown"
  | "serverUnreachable"
  | "webSocketBlocked"
  | "serverBusy"
  | "serverFailed"
  | "versionUnsupported"
  | "noRelays"
  | "notOffered"
  | "relayUnreachable"
  | "relayRefused"
  | "relayFull"
  | "relayNoPath"
  | "lossy"
  | "slow"
  | "uneven"
  | "insecurePage"
  | "microphoneDenied"
  | "microphoneMissing"
  | "microphoneInUse"
  | "microphoneUnanswered"
  | "cameraDenied"
  | "cameraMissing"
  | "cameraInUse"
  | "cameraUnanswered"
  | "notTested"
  | "aborted";
