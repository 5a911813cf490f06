// The call on the screen, and those on hold behind it.
import type { Call } from "openline";

import { hangUp } from "../openline/control-call";
import { followCall, type CallSnapshot } from "../openline/follow-call";
import { followDiagnostics } from "../openline/follow-diagnostics";
import { isolate } from "../openline/isolate-name";
import type { Person } from "../openline/list-people";
import { announce } from "./announce";
import { store, type AppState, type OngoingCall } from "./app-state";
import { showLocalVideo, showRemoteScreen, showRemoteVideo, stopVideos } from "./call-videos";
import { refreshDevices } from "./devices";
import { explainEnd } from "./errors";
import { surveyAsked, surveyAskedAt } from "./preferences";
import { mayAsk } from "./survey-rule";

// How long “Call ended.” stays on the screen, and the question how it was.
const SHOW_ENDED_MS = 2_500;
const SHOW_SURVEY_MS = 8_000;
export const QUESTION = "How was the call?";

interface Followed {
  stop(): void;
  latest?: CallSnapshot;
  closing?: ReturnType<typeof setTimeout>;
}

const followed = new Map<Call, Followed>();
let clock: ReturnType<typeof setInterval> | undefined;

/** The call on the screen, unless it is over. */
export function runningCall({ call }: Readonly<AppState>): OngoingCall | undefined {
  return call?.ended ? undefined : call;
}

/** Whether a call goes on by itself, so that it can be put on hold for another one. */
export function canBeHeld({ state }: Pick<OngoingCall, "state">): boolean {
  return ["Connected", "LocalHold", "RemoteHold"].includes(state);
}

/** Whether one hears and is heard in it, as soon as the other one does not hold it. That is one call at most. */
export function isActive({ state }: Pick<OngoingCall, "state">): boolean {
  return state === "Connected" || state === "RemoteHold";
}

/** Makes this the call on the screen and keeps the screen true until it is over. The SDK holds the one before. */
export function showCall(call: Call, peer: Person, withVideo: boolean): void {
  if (findCall(call)) {
    bring(call);
    return updateCall(call, { peer, withVideo, expanded: true });
  }
  setAside();
  store.set({
    call: {
      call,
      peer,
      state: call.state,
      outgoing: call.direction === "Outgoing",
      withVideo,
      muted: call.isMuted,
      waits: false,
      remoteMuted: false,
      remoteHolds: false,
      sharing: false,
      remoteFrozen: false,
      diagnostics: {},
      remoteDiagnostics: {},
      expanded: true,
    },
  });
  const stops: (() => void)[] = [];
  const entry: Followed = { stop: () => stops.forEach((stop) => stop()) };
  followed.set(call, entry);
  stops.push(followCall(call, (snapshot) => onCallChanged(call, snapshot)));
  if (call.state === "Disconnected") return;
  stops.push(followDiagnostics(call, (found) => updateCall(call, found)));
}

/** Brings a call that is behind onto the screen, as it is. */
export function bring(call: Call): void {
  const { call: shown, otherCalls } = store.get();
  const wanted = otherCalls.find((other) => other.call === call);
  if (!wanted) return;
  store.set({ otherCalls: otherCalls.filter((other) => other !== wanted) });
  setAside();
  store.set({ call: { ...wanted, expanded: shown?.expanded ?? true } });
  const latest = followed.get(call)?.latest;
  if (latest) showPictures(latest);
}

/** What is on the screen goes behind; what is over goes. */
function setAside(): void {
  const { call: shown, otherCalls } = store.get();
  if (!shown) return;
  stopVideos();
  if (shown.ended) {
    forget(shown.call);
    return store.set({ call: undefined });
  }
  const { localVideo: _local, remoteVideo: _remote, remoteScreen: _screen, cameraOpening: _opening, ...rest } = shown;
  store.set({ call: undefined, otherCalls: [rest, ...otherCalls] });
}

function onCallChanged(call: Call, snapshot: CallSnapshot): void {
  const entry = followed.get(call);
  const known = findCall(call);
  if (!entry || !known || known.ended) return;
  entry.latest = snapshot;
  if (snapshot.state === "Disconnected") return onCallEnded(known, snapshot);

  const connects = canBeHeld(snapshot) && known.connectedAt === undefined;
  updateCall(call, {
    state: snapshot.state,
    muted: snapshot.muted,
    remoteMuted: snapshot.remoteMuted,
    remoteHolds: snapshot.remoteHolds,
    sharing: snapshot.sharing,
    remoteFrozen: snapshot.remoteFrozen,
    waits: snapshot.state === "LocalHold" && (connects || known.waits),
    ...(connects && { connectedAt: Date.now() }),
  });
  if (connects) onConnected(call, known.peer, snapshot);
  else if (snapshot.state !== known.state) announceHold(known, snapshot.state);
  if (snapshot.sharing !== known.sharing) {
    announce(snapshot.sharing ? "You are sharing your screen." : "Your screen is no longer shared.");
  }
  if (store.get().call?.call === call) showPictures(snapshot);
}

function showPictures({ localVideo, remoteVideo, remoteScreen }: CallSnapshot): void {
  void showRemoteScreen(remoteScreen);
  void showLocalVideo(localVideo);
  void showRemoteVideo(remoteVideo);
}

function onConnected(call: Call, { name }: Person, { state }: CallSnapshot): void {
  announce(
    state === "LocalHold"
      ? `The call with ${isolate(name)} was answered and is on hold.`
      : `Connected with ${isolate(name)}.`,
  );
  const { call: shown } = store.get();
  // Behind one that rests or rings: what is heard is on the screen.
  if (isActive({ state }) && !(shown && isActive(shown))) bring(call);
  store.set({ now: Date.now() });
  clock ??= setInterval(() => store.set({ now: Date.now() }), 1_000);
  void refreshDevices();
}

function announceHold({ peer }: OngoingCall, state: Call["state"]): void {
  const name = isolate(peer.name);
  if (state === "LocalHold") announce(`The call with ${name} is on hold.`);
  if (state === "RemoteHold") announce(`${name} put the call on hold.`);
  if (state === "Connected") announce(`The call with ${name} goes on.`);
}

function onCallEnded(over: OngoingCall, snapshot: CallSnapshot): void {
  const onScreen = store.get().call?.call === over.call;
  if (onScreen) stopVideos();
  const ended = explainEnd(snapshot.endReason, over.peer.name, over.outgoing);
  announce(ended.sentence);
  updateCall(over.call, { state: "Disconnected", ended });
  // A failure stays until it was read.
  if (ended.failed && !(onScreen && over.expanded)) return closeCall(over.call, ended.sentence);
  if (ended.failed) return;
  const asks = asksFor(over);
  if (asks) announce(`${ended.sentence} ${QUESTION}`);
  closeSoon(over.call, asks ? SHOW_SURVEY_MS : SHOW_ENDED_MS);
}

/** Asks how the call was, if it is on the screen alone and the question is not asked too often. */
function asksFor({ call, connectedAt, expanded }: OngoingCall): boolean {
  const { call: shown, otherCalls } = store.get();
  const now = Date.now();
  if (shown?.call !== call || !expanded || otherCalls.length > 0) return false;
  if (!mayAsk({ connectedAt, askedAt: surveyAskedAt(), now })) return false;
  surveyAsked(now);
  updateCall(call, { survey: "asked" });
  return true;
}

/** Takes a call that is over off the screen by itself. */
export function closeSoon(call: Call, afterMs = SHOW_ENDED_MS): void {
  const entry = followed.get(call);
  if (!entry) return;
  clearTimeout(entry.closing);
  entry.closing = setTimeout(() => closeCall(call), afterMs);
}

/** Somebody is about to answer: it stays for as long. */
export function keepOpen(call: Call): void {
  clearTimeout(followed.get(call)?.closing);
}

/** Nobody is at the question any more. */
export function leaveQuestion(call: Call): void {
  if (findCall(call)?.survey === "asked") closeSoon(call, SHOW_SURVEY_MS);
}

/** Takes a call off the screen, or from behind it. Another one comes forward, and stays on hold. */
export function closeCall(call: Call, error?: string): void {
  forget(call);
  const { call: shown, otherCalls } = store.get();
  if (shown?.call === call) {
    stopVideos();
    const [next, ...rest] = otherCalls;
    store.set({ call: undefined });
    if (next) {
      store.set({ call: { ...next, expanded: shown.expanded }, otherCalls: rest });
      const latest = followed.get(next.call)?.latest;
      if (latest && !next.ended) showPictures(latest);
    }
  } else {
    store.set({ otherCalls: otherCalls.filter((other) => other.call !== call) });
  }
  if (error) store.set({ error });
}

function forget(call: Call): void {
  const entry = followed.get(call);
  clearTimeout(entry?.closing);
  entry?.stop();
  followed.delete(call);
  if (followed.size > 0) return;
  clearInterval(clock);
  clock = undefined;
}

/** Closes it at once, or asks how it was, and hangs up, however long the network takes. */
export async function leaveCall(call: Call, { asking = false } = {}): Promise<void> {
  const known = findCall(call);
  const asks = asking && known !== undefined && !known.ended && asksFor(known);
  if (asks) {
    stopVideos();
    updateCall(call, { state: "Disconnected", ended: { sentence: "Call ended.", failed: false } });
    closeSoon(call, SHOW_SURVEY_MS);
  } else {
    closeCall(call);
  }
  if (!known || known.ended) return;
  if (asks) announce(`Call ended. ${QUESTION}`);
  else announce(store.get().call ? `The call with ${isolate(known.peer.name)} ended.` : "Call ended.");
  await hangUp(call);
}

/** Puts whatever is active beside this call on hold. */
export async function holdOthers(call: Call): Promise<void> {
  const others = allCalls().filter((other) => other.call !== call && isActive(other.call));
  await Promise.all(others.map((other) => other.call.hold()));
}

/** For signing out: nothing rings and nothing runs afterwards. */
export async function leaveCalls(): Promise<void> {
  store.set({ ringing: [] });
  const left = allCalls().map(({ call }) => leaveCall(call));
  for (const result of await Promise.allSettled(left)) {
    if (result.status === "rejected") console.error("Hanging up failed", result.reason);
  }
}

export function findCall(call: Call): OngoingCall | undefined {
  return allCalls().find((known) => known.call === call);
}

function allCalls(): OngoingCall[] {
  const { call, otherCalls } = store.get();
  return call ? [call, ...otherCalls] : otherCalls;
}

export function updateCall(call: Call, change: Partial<OngoingCall>): void {
  const { call: shown, otherCalls } = store.get();
  if (shown?.call === call) store.set({ call: { ...shown, ...change } });
  else if (otherCalls.some((other) => other.call === call)) {
    store.set({
      otherCalls: otherCalls.map((other) => (other.call === call ? { ...other, ...change } : other)),
    });
  }
}
