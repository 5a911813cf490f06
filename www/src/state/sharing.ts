// One's own screen in a call: the button, and what can go wrong with it.
import type { Call } from "openline";

import { startSharing, stopSharing } from "../openline/share-screen";
import { announce } from "./announce";
import { store, type OngoingCall } from "./app-state";
import { showError } from "./errors";

const PICKED_NONE = 43001;
const NOT_TO_BE_HAD = 43000;
const SYSTEM_REFUSES = 43016;

/** Calls for which something is being picked, or let go of. */
const switching = new WeakSet<Call>();

export async function switchSharing({ call }: OngoingCall): Promise<void> {
  if (switching.has(call)) return;
  switching.add(call);
  try {
    await (call.isScreenSharingOn ? stopSharing(call) : startSharing(call));
  } catch (error) {
    const { subCode } = error as { subCode?: unknown };
    if (subCode === PICKED_NONE) announce("Nothing is shared.");
    else if (subCode === SYSTEM_REFUSES) {
      store.set({
        error: "Your system does not let this browser record the screen. Allow it in the system’s settings and try again.",
      });
    } else if (subCode === NOT_TO_BE_HAD) {
      store.set({ error: "The browser could not show that screen or window. Choose another one." });
    } else showError("Sharing your screen", error);
  } finally {
    switching.delete(call);
  }
}
