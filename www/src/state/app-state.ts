// What the page shows, as plain data; SDK objects are kept as handles beside it.
import type { Call, CallSurveyResponse, IncomingCall, PreCallLeg } from "openline";

import type { KeptUser } from "../device/users";
import type { Attachment } from "../openline/attachments";
import type { DeviceChoice } from "../openline/choose-device";
import type { DeviceAccess } from "../openline/device-access";
import type { Diagnostics, RemoteDiagnostics } from "../openline/follow-diagnostics";
import type { DeliveryPositions } from "../openline/delivery-receipts";
import type { CallStats } from "../openline/call-stats";
import type { Person } from "../openline/list-people";
import type { ThreadMember } from "../openline/list-threads";
import type { Message } from "../openline/read-messages";
import type { ReadPositions } from "../openline/read-receipts";
import type { Calling, Session } from "../openline/sign-in";
import type { ConnectionReport } from "../openline/test-connection";
import type { Connection } from "./connection";
import type { SearchState } from "./search";
import { createStore } from "./store";
import type { Upload } from "./uploads";

export type Route = { page: "home" } | { page: "thread"; threadId: string };

export interface PendingMessage {
  key: string;
  text: string;
  uploads: Upload[];
  /** What the SDK calls it, which keeps it on the device and sends it as soon as that is possible. */
  pendingId?: string;
  failed?: string;
  /** The server wants none of it: to be sent again it has to be another message. */
  refused?: boolean;
}

export interface Typist {
  id: string;
  name: string;
}

export interface Thread {
  id: string;
  topic: string;
  lastActivity: number;
  members: ThreadMember[];
  messages: Message[];
  pending: PendingMessage[];
  /** “kept”: what this device had of it, while the server cannot be reached. */
  history: "unread" | "loading" | "ready" | "kept" | "failed";
  /** There are earlier messages: where they begin, once that was asked for. */
  earlier?: { from?: string } | undefined;
  earlierState: "idle" | "loading" | "failed";
  deliveries: DeliveryPositions;
  reads: ReadPositions;
  typing: Typist[];
  draft: string;
  /** Files that go with the next message. */
  uploads: Upload[];
  /** One's own message that is being corrected, and how it is to read; the draft waits meanwhile. */
  editing?: { messageId: string; text: string } | undefined;
  /** The first message that was unread when the conversation came into view. */
  unreadFrom?: string | undefined;
  /** Whether the newest messages are on the screen while the conversation is open. */
  endInView: boolean;
  /** Another value brings the newest messages into view. */
  toEnd: number;
  /** Another object brings that row of the list into view; a message is marked for a while. */
  reveal?: { key: string } | undefined;
  /** Earlier messages are being loaded until that row is there. */
  seeking?: boolean;
  /** The message whose actions a tap has brought up. */
  tapped?: string | undefined;
}

export interface OngoingCall {
  call: Call;
  peer: Person;
  state: Call["state"];
  outgoing: boolean;
  withVideo: boolean;
  muted: boolean;
  /** By the button; otherwise because no microphone could be opened. */
  mutedHere?: boolean;
  remoteMuted: boolean;
  remoteHolds: boolean;
  remoteFrozen: boolean;
  diagnostics: Diagnostics;
  remoteDiagnostics: RemoteDiagnostics;
  connectedAt?: number;
  /** It was answered while another call ran, and nobody went to it yet. */
  waits: boolean;
  /** Which attempt to open the camera is under way. */
  cameraOpening?: symbol | undefined;
  localVideo?: HTMLElement;
  remoteVideo?: HTMLElement;
  remoteScreen?: HTMLElement;
  sharing: boolean;
  /** Set once the call is over: what happened, and what to do about it. */
  ended?: { sentence: string; failed: boolean } | undefined;
  /** Afterwards: how it was. */
  survey?: "asked" | CallSurveyResponse;
  expanded: boolean;
}

export interface RingingCall {
  incoming: IncomingCall;
  caller: Person;
  /** By the word of the page that calls. */
  withVideo: boolean;
  silenced: boolean;
  answering: boolean;
}

export interface DeviceSettings {
  kind: "devices";
  /** Absent until it is known. */
  access?: DeviceAccess;
  asking: boolean;
  preview: { state: "off" | "opening" | "shown"; element?: HTMLElement; problem?: string };
  microphoneProblem?: string | undefined;
  /** The test sound is being played. */
  playing: boolean;
}

export interface CallDetails {
  kind: "call-details";
  call: Call;
  stats: CallStats;
  copied: boolean;
}

export interface ConnectionTest {
  kind: "connection-test";
  /** What was tested so far. */
  legs: PreCallLeg[];
  report?: ConnectionReport;
  problem?: string;
}

export interface Keypad {
  kind: "keypad";
  call: Call;
  /** What was typed, as far as it is shown. */
  typed: string;
  /** How many tones are still to be sent. */
  waiting: number;
  problem?: string | undefined;
}

export type Dialog =
  | { kind: "new-thread"; chosen: string[]; topic: string; busy: boolean }
  | { kind: "members"; threadId: string; chosen: string[]; busy: boolean }
  | { kind: "image"; threadId: string; attachment: Attachment }
  | { kind: "leave-thread"; threadId: string }
  | { kind: "remove-member"; threadId: string; member: ThreadMember }
  | { kind: "sign-out"; waiting: number }
  | DeviceSettings
  | CallDetails
  | ConnectionTest
  | Keypad
  | { kind: "forget-user"; user: KeptUser }
  | { kind: "delete-message"; threadId: string; messageId: string }
  | undefined;

export interface AppState {
  phase: "signed-out" | "signing-in" | "ready";
  signInError: string | undefined;
  session: Session | undefined;
  /** Absent until the server was reached. */
  calling: Calling | undefined;
  connection: Connection;
  people: Person[];
  route: Route;
  threads: Thread[];
  threadsLoaded: boolean;
  search: SearchState;
  /** The call on the screen. */
  call: OngoingCall | undefined;
  /** The others: on hold, or just over. */
  otherCalls: OngoingCall[];
  ringing: RingingCall[];
  devices: DeviceChoice;
  /** Files that are being saved: how many bytes are here, by their ids. */
  downloads: Record<string, number>;
  dialog: Dialog;
  error: string | undefined;
  announcement: string;
  /** A shared screen fills the display. */
  fullScreen: boolean;
  now: number;
}

export const signedOut: AppState = {
  phase: "signed-out",
  signInError: undefined,
  session: undefined,
  calling: undefined,
  connection: { state: "connected" },
  people: [],
  route: { page: "home" },
  threads: [],
  threadsLoaded: false,
  search: { query: "", state: "idle", found: [] },
  call: undefined,
  otherCalls: [],
  ringing: [],
  devices: { cameras: [], microphones: [], speakers: [] },
  downloads: {},
  dialog: undefined,
  error: undefined,
  announcement: "",
  fullScreen: false,
  now: Date.now(),
};

export const store = createStore<AppState>(signedOut);

/** The session, in code that only runs while somebody is signed in. */
export function session(): Session {
  const { session } = store.get();
  if (!session) throw new Error("Nobody is signed in.");
  return session;
}

/** What calls need, in code that only runs while somebody is signed in. */
export function calling(): Calling {
  const { calling } = store.get();
  if (!calling) throw new TypeError("The server was not reached yet.");
  return calling;
}
