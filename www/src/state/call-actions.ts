// What the buttons of calls do.
import { answerCall, declineCall } from "../openline/answer-call";
import { askDevices } from "../openline/ask-devices";
import { toggleHold, toggleMute } from "../openline/control-call";
import { isolate } from "../openline/isolate-name";
import type { Person } from "../openline/list-people";
import { placeCall } from "../openline/place-call";
import { announce } from "./announce";
import { calling, store, type AppState, type OngoingCall, type RingingCall } from "./app-state";
import { cameraMissing } from "./camera";
import { bring, canBeHeld, closeCall, holdOthers, leaveCall, showCall, updateCall } from "./calls";
import { showError } from "./errors";
import { goOnUnless } from "./fall-back";
import { removeRinging } from "./incoming-calls";
import { wantedCamera } from "./preferences";

let starting = false;

export async function call(peer: Person, video: boolean): Promise<void> {
  if (starting || !canCall(store.get(), peer.id)) return;
  starting = true;
  try {
    const { call: over } = store.get();
    if (over?.ended) closeCall(over.call);
    const { callAgent, deviceManager } = calling();
    const devices = await askDevices(deviceManager, { video, cameraId: wantedCamera() });
    if (video && !devices.camera) cameraMissing();
    showCall(placeCall(callAgent, peer.id, devices), peer, video);
    announce(`Calling ${isolate(peer.name)}.`);
  } catch (error) {
    showError(`Calling ${isolate(peer.name)}`, error);
  } finally {
    starting = false;
  }
}

/** Nobody is called twice, and nobody while another one is being called. */
export function canCall({ call, otherCalls }: Readonly<AppState>, peerId: string): boolean {
  const running = [call, ...otherCalls].filter((other) => other && !other.ended);
  if (running.some((other) => other?.peer.id === peerId)) return false;
  return !call || call.ended !== undefined || canBeHeld(call);
}

/** `end` hangs up the call that is running; without it that one is put on hold. */
export async function answer(ringing: RingingCall, { video = false, end = false }): Promise<void> {
  if (isAnswering(ringing)) return;
  setRinging(ringing, { answering: true, silenced: true });
  try {
    const devices = await askDevices(calling().deviceManager, { video, cameraId: wantedCamera() });
    if (video && !devices.camera) cameraMissing();
    const { call: before } = store.get();
    const answered = await answerCall(ringing.incoming, devices);
    const left = before && !canBeHeld(before) ? leave(before) : undefined;
    removeRinging(ringing.incoming);
    showCall(answered, ringing.caller, video);
    // Not before there is another one: who cannot be answered costs nobody the call that runs.
    if (before && !left) goOnUnless(answered, before, () => (end ? leave(before) : undefined));
    await left;
  } catch (error) {
    setRinging(ringing, { answering: false });
    showError("Answering the call", error);
  }
}

async function leave({ call }: OngoingCall): Promise<void> {
  try {
    await leaveCall(call);
  } catch (error) {
    showError("Hanging up", error);
  }
}

export async function decline(ringing: RingingCall): Promise<void> {
  removeRinging(ringing.incoming);
  try {
    await declineCall(ringing.incoming);
  } catch (error) {
    showError("Declining the call", error);
  }
}

/** Stops the sound; the call can still be answered. */
export function silence(ringing: RingingCall): void {
  setRinging(ringing, { silenced: true });
}

export async function end({ call }: OngoingCall): Promise<void> {
  try {
    await leaveCall(call, { asking: true });
  } catch (error) {
    showError("Hanging up", error);
  }
}

export async function switchMute(): Promise<void> {
  const shown = store.get().call;
  if (!shown) return;
  try {
    updateCall(shown.call, { mutedHere: !shown.call.isMuted });
    await toggleMute(shown.call);
    announce(shown.call.isMuted ? "Microphone off." : "Microphone on.");
  } catch (error) {
    showError("Switching the microphone", error);
  }
}

export async function switchHold({ call }: OngoingCall): Promise<void> {
  try {
    await toggleHold(call);
  } catch (error) {
    showError("Putting the call on hold", error);
  }
}

/** Makes this the call on the screen and the active one; the one that was is put on hold. */
export async function switchTo({ call }: OngoingCall): Promise<void> {
  bring(call);
  try {
    // One that nobody answered yet cannot be resumed, and is active once it is answered.
    if (call.state !== "LocalHold") await holdOthers(call);
    if (call.state === "LocalHold" && store.get().call?.call === call) await call.resume();
  } catch (error) {
    showError("Going on with the call", error);
  }
}

export function setExpanded(expanded: boolean): void {
  const { call } = store.get();
  if (call) updateCall(call.call, { expanded });
}

/** What the store says now: a second click comes before the button is drawn as busy. */
function isAnswering({ incoming }: RingingCall): boolean {
  return store.get().ringing.find((other) => other.incoming === incoming)?.answering ?? true;
}

function setRinging(ringing: RingingCall, change: Partial<RingingCall>): void {
  store.set({
    ringing: store
      .get()
      .ringing.map((other) =>
        other.incoming === ringing.incoming ? { ...other, ...change } : other,
      ),
  });
}
