// The one call that this page can be in, and the calls that ring here.
import { getIdentifierRawId, type Call, type CallerInfo, type IncomingCall } from "openline";

import { hangUp } from "../openline/control-call";
import { followCall, type CallSnapshot } from "../openline/follow-call";
import type { Person } from "../openline/list-people";
import type { Calling } from "../openline/sign-in";
import { announce } from "./announce";
import { store, type OngoingCall } from "./app-state";
import { showLocalVideo, showRemoteVideo, stopVideos } from "./call-videos";
import { refreshDevices, watchDevices } from "./devices";
import { explainEnd } from "./errors";
import { nameOf } from "./names";

// How long “Call ended.” stays on the screen.
const SHOW_ENDED_MS = 2_500;

let stopFollowing: (() => void) | undefined;
let clock: ReturnType<typeof setInterval> | undefined;
let closing: ReturnType<typeof setTimeout> | undefined;

export function watchCalls({ callAgent, deviceManager }: Calling): () => void {
  const rings = ({ incomingCall }: { incomingCall: IncomingCall }) => addRinging(incomingCall);
  const callsUpdated = ({ added }: { added: Call[] }) => added.forEach(adoptCall);
  callAgent.on("incomingCall", rings);
  callAgent.on("callsUpdated", callsUpdated);
  const stopDevices = watchDevices(deviceManager);
  return () => {
    callAgent.off("incomingCall", rings);
    callAgent.off("callsUpdated", callsUpdated);
    stopDevices();
  };
}

/** A call that no button of this page made: two people called each other and were put together. */
function adoptCall(call: Call): void {
  const shown = store.get().call;
  if ((shown && !shown.ended) || call.state === "Disconnected") return;
  const other = call.remoteParticipants[0];
  const id = other ? getIdentifierRawId(other.identifier) : "";
  const peer = other
    ? { id, name: other.displayName || nameOf(id) }
    : personOf(call.callerInfo);
  showCall(call, peer, call.localVideoStreams.length > 0);
}

function addRinging(incoming: IncomingCall): void {
  const caller = personOf(incoming.callerInfo);
  store.set({
    ringing: [...store.get().ringing, { incoming, caller, silenced: false, answering: false }],
  });
  incoming.on("callEnded", ({ callEndReason }) => {
    const ringing = store.get().ringing.find((ringing) => ringing.incoming === incoming);
    removeRinging(incoming);
    if (!ringing || ringing.answering) return;
    const elsewhere = callEndReason.subCode === 10003;
    announce(elsewhere ? "Answered on another device." : `${caller.name} is no longer calling.`);
  });
}

export function removeRinging(incoming: IncomingCall): void {
  store.set({ ringing: store.get().ringing.filter((ringing) => ringing.incoming !== incoming) });
}

/** Makes this the call on the screen and keeps the screen true until it is over. */
export function showCall(call: Call, peer: Person, withVideo: boolean): void {
  clearTimeout(closing);
  clearInterval(clock);
  stopFollowing?.();
  store.set({
    call: {
      call,
      peer,
      state: call.state,
      outgoing: call.direction === "Outgoing",
      withVideo,
      muted: call.isMuted,
      remoteMuted: false,
      remoteFrozen: false,
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
    remoteFrozen: snapshot.remoteFrozen,
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
  // A failure stays until it was read.
  if (ended.failed && !shown.expanded) closeCall(ended.sentence);
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

/** Closes the screen at once and hangs up, however long the network takes. */
export async function leaveCall(): Promise<void> {
  const shown = store.get().call;
  closeCall();
  if (!shown || shown.ended) return;
  announce("Call ended.");
  await hangUp(shown.call);
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
