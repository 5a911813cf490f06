// What the buttons of calls do.
import { answerCall, declineCall } from "../openline/answer-call";
import { askDevices } from "../openline/ask-devices";
import { toggleMute } from "../openline/control-call";
import type { Person } from "../openline/list-people";
import { placeCall } from "../openline/place-call";
import { announce } from "./announce";
import { calling, store, type RingingCall } from "./app-state";
import { cameraMissing } from "./camera";
import { closeCall, leaveCall, removeRinging, showCall, update } from "./calls";
import { showError } from "./errors";

let starting = false;

export async function call(peer: Person, video: boolean): Promise<void> {
  const running = store.get().call;
  if (starting || (running && !running.ended)) return;
  starting = true;
  try {
    closeCall();
    const { callAgent, deviceManager } = calling();
    const devices = await askDevices(deviceManager, { video });
    if (video && !devices.camera) cameraMissing();
    showCall(placeCall(callAgent, peer.id, devices), peer, video);
    announce(`Calling ${peer.name}.`);
  } catch (error) {
    showError(`Calling ${peer.name}`, error);
  } finally {
    starting = false;
  }
}

export async function answer(ringing: RingingCall, video: boolean): Promise<void> {
  if (isAnswering(ringing)) return;
  setRinging(ringing, { answering: true, silenced: true });
  try {
    const devices = await askDevices(calling().deviceManager, { video });
    if (video && !devices.camera) cameraMissing();
    if (store.get().call) await leaveCall();
    const answered = await answerCall(ringing.incoming, devices);
    removeRinging(ringing.incoming);
    showCall(answered, ringing.caller, video);
  } catch (error) {
    setRinging(ringing, { answering: false });
    showError("Answering the call", error);
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

export async function end(): Promise<void> {
  try {
    await leaveCall();
  } catch (error) {
    showError("Hanging up", error);
  }
}

export async function switchMute(): Promise<void> {
  const shown = store.get().call;
  if (!shown) return;
  try {
    await toggleMute(shown.call);
    announce(shown.call.isMuted ? "Microphone off." : "Microphone on.");
  } catch (error) {
    showError("Switching the microphone", error);
  }
}

export function setExpanded(expanded: boolean): void {
  update({ expanded });
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
