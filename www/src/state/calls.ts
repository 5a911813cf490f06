// The one call that this page can be in, and the calls that ring here.
import { getIdentifierRawId, type Call, type CallerInfo, type IncomingCall } from "openline";

import { hangUp } from "../openline/control-call";
import { followCall, type CallSnapshot } from "../openline/follow-call";
import type { Person } from "../openline/list-people";
import type { Session } from "../openline/sign-in";
import { announce } from "./announce";
import { store, type OngoingCall } from "./app-state";
import { showLocalVideo, showRemoteVideo, stopVideos } from "./call-videos";
import { refreshDevices, watchDevices } from "./devices";
import { explainEnd } from "./errors";
import { nameOf } from "./names";

const SHOW_ENDED_MS = 2_500;

let stopFollowing: (() => void) | undefined;
let clock: ReturnType<typeof setInterval> | undefined;
let closing: ReturnType<typeof setTimeout> | undefined;
let leaving = false;

export function watchCalls(session: Session): () => void {
  const rings = ({ incomingCall }: { incomingCall: IncomingCall }) => addRinging(incomingCall);
  session.callAgent.on("incomingCall", rings);
  const stopDevices = watchDevices(session.deviceManager);
  return () => {
    session.callAgent.off("incomingCall", rings);
    stopDevices();
  };
}

function addRinging(incoming: IncomingCall): void {
  const caller = personOf(incoming.callerInfo);
  store.set({
    ringing: [...store.get().ringing, { incoming, caller, silenced: false, answering: false }],
  });
  incoming.on("callEnded", ({ callEndReason }) => {
    const wasRinging = store.get().ringing.some((ringing) => ringing.incoming === incoming);
    removeRinging(incoming);
    if (wasRinging && callEndReason.subCode === 10003) announce("Answered on another device.");
    else if (wasRinging) announce(`${caller.name} is no longer calling.`);
  });
}

export function removeRinging(incoming: IncomingCall): void {
  store.set({ ringing: store.get().ringing.filter((ringing) => ringing.incoming !== incoming) });
}

/** Makes this the call on the screen and keeps the screen true until it is over. */
export function showCall(call: Call, peer: Person, withVideo: boolean): void {
  clearTimeout(closing);
  stopFollowing?.();
  leaving = false;
  store.set({
    call: {
      call,
      peer,
      state: call.state,
      outgoing: call.direction === "Outgoing",
      withVideo,
      muted: call.isMuted,
      remoteMuted: false,
      expanded: true,
    },
  });
  stopFollowing = followCall(call, (snapshot) => onCallChanged(call, snapshot));
}

function onCallChanged(call: Call, snapshot: CallSnapshot): void {
  const shown = store.get().call;
  if (shown?.call !== call || shown.ended) return;
  if (snapshot.state === "Disconnected") return onCallEnded(shown, snapshot);

  const connects = snapshot.state === "Connected" && shown.connectedAt === undefined;
  update({
    state: snapshot.state,
    muted: snapshot.muted,
    remoteMuted: snapshot.remoteMuted,
    ...(connects && { connectedAt: Date.now() }),
  });
  if (connects) onConnected(shown.peer);
  void showLocalVideo(snapshot.localVideo);
  void showRemoteVideo(snapshot.remoteVideo);
}

function onConnected(peer: Person): void {
  announce(`Connected with ${peer.name}.`);
  store.set({ now: Date.now() });
  clock = setInterval(() => store.set({ now: Date.now() }), 1_000);
  void refreshDevices();
}

function onCallEnded(shown: OngoingCall, snapshot: CallSnapshot): void {
  clearInterval(clock);
  stopVideos();
  const ended = explainEnd(snapshot.endReason, shown.peer.name, shown.outgoing);
  announce(ended.sentence);
  update({ state: "Disconnected", ended });
  // Whoever hung up knows; a failure stays until it was read.
  if (leaving) closeCall();
  else if (!shown.expanded && ended.failed) closeCall(ended.sentence);
  else if (!ended.failed) closing = setTimeout(closeCall, SHOW_ENDED_MS);
}

export function closeCall(error?: string): void {
  clearTimeout(closing);
  clearInterval(clock);
  stopFollowing?.();
  stopFollowing = undefined;
  stopVideos();
  store.set({ call: undefined, ...(error && { error }) });
}

/** Hangs up and closes the screen at once, whatever the network does. */
export async function leaveCall(): Promise<void> {
  const shown = store.get().call;
  if (!shown || shown.ended) return closeCall();
  leaving = true;
  try {
    await hangUp(shown.call);
  } finally {
    if (store.get().call?.call === shown.call) closeCall();
  }
}

/** For signing out: nothing rings and nothing runs afterwards. */
export async function leaveCalls(): Promise<void> {
  store.set({ ringing: [] });
  await leaveCall().catch((error: unknown) => console.error("Hanging up failed", error));
}

export function update(change: Partial<OngoingCall>): void {
  const { call } = store.get();
  if (call) store.set({ call: { ...call, ...change } });
}

function personOf({ identifier, displayName }: CallerInfo): Person {
  const id = identifier ? getIdentifierRawId(identifier) : "";
  return { id, name: displayName || nameOf(id) };
}
