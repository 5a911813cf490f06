// The call that ran when another one was answered: it goes on if nothing comes of that one.
import type { Call } from "openline";

import { isolate } from "../openline/isolate-name";
import { announce } from "./announce";
import { store, type OngoingCall } from "./app-state";
import { bring, canBeHeld, closeCall, findCall } from "./calls";
import { showError } from "./errors";

/** Does `then` once the answered call is connected, and otherwise goes back to the one before, as it was. */
export function goOnUnless(answered: Call, before: OngoingCall, then: () => unknown): void {
  const look = () => {
    const connected = canBeHeld({ state: answered.state });
    if (!connected && answered.state !== "Disconnected") return;
    answered.off("stateChanged", look);
    // Who went back meanwhile has decided otherwise.
    const waits = store.get().call?.call !== before.call;
    if (!connected) void goBack(answered, before);
    else if (waits) then();
  };
  answered.on("stateChanged", look);
  look();
}

async function goBack(answered: Call, before: OngoingCall): Promise<void> {
  const known = findCall(before.call);
  if (!known || known.ended) return;
  // Who hung it up, or was told already, needs no further word of it.
  const failed = findCall(answered)?.ended?.sentence;
  const name = isolate(before.peer.name);
  const held = before.state === "LocalHold";
  const back = held ? `The call with ${name} is still on hold.` : `You are back in the call with ${name}.`;
  bring(before.call);
  closeCall(answered, failed && `${failed} ${back}`);
  if (!failed) announce(back);
  if (held || known.state !== "LocalHold") return;
  try {
    await before.call.resume();
  } catch (error) {
    showError("Going on with the call", error);
  }
}
