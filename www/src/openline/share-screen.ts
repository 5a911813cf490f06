// One's own screen, a window or a tab, shown to the other side beside the camera.
import type { Call } from "openline";

/** Phones cannot. */
export function canShareScreen(): boolean {
  return "getDisplayMedia" in (navigator.mediaDevices ?? {});
}

/** The browser asks what is to be shared. To be called from a click. */
export function startSharing(call: Call): Promise<void> {
  return call.startScreenSharing();
}

export function stopSharing(call: Call): Promise<void> {
  return call.stopScreenSharing();
}
