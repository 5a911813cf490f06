// The calls that come to this page: those that ring here, and one that two people made who called each other.
import { getIdentifierRawId, type Call, type CallerInfo, type IncomingCall } from "openline";

import { isolate } from "../openline/isolate-name";
import type { Person } from "../openline/list-people";
import { callsWithVideo } from "../openline/place-call";
import type { Calling } from "../openline/sign-in";
import { announce } from "./announce";
import { store } from "./app-state";
import { canBeHeld, findCall, runningCall, showCall } from "./calls";
import { watchDevices } from "./devices";
import { nameOf } from "./names";

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
  const dialing = shown && !shown.ended && !canBeHeld(shown);
  if (dialing || findCall(call) || call.state === "Disconnected") return;
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
    ringing: [
      ...store.get().ringing,
      { incoming, caller, withVideo: callsWithVideo(incoming), silenced: false, answering: false },
    ],
  });
  // The first one is a dialog, which is read aloud itself.
  if (runningCall(store.get()) || store.get().ringing.length > 1) announce(`${isolate(caller.name)} is calling too.`);
  incoming.on("callEnded", ({ callEndReason }) => {
    const ringing = store.get().ringing.find((ringing) => ringing.incoming === incoming);
    removeRinging(incoming);
    if (!ringing || ringing.answering) return;
    const elsewhere = callEndReason.subCode === 10003;
    announce(elsewhere ? "Answered on another device." : `${isolate(caller.name)} is no longer calling.`);
  });
}

export function removeRinging(incoming: IncomingCall): void {
  store.set({ ringing: store.get().ringing.filter((ringing) => ringing.incoming !== incoming) });
}

function personOf({ identifier, displayName }: CallerInfo): Person {
  const id = identifier ? getIdentifierRawId(identifier) : "";
  return { id, name: displayName || nameOf(id) };
}
