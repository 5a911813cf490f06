// The camera's button. It takes a moment to open a camera, and who clicks again meanwhile means off.
import type { Call } from "openline";

import { startCamera, stopCamera } from "../openline/control-call";
import { announce } from "./announce";
import { calling, store } from "./app-state";
import { findCall, updateCall } from "./calls";
import { chosenCamera } from "./devices";
import { showError } from "./errors";

export async function switchVideo(): Promise<void> {
  const shown = store.get().call;
  if (!shown) return;
  try {
    if (shown.cameraOpening || shown.call.isLocalVideoStarted) await turnOff(shown.call);
    else await turnOn(shown.call);
  } catch (error) {
    showError("Switching the camera", error);
  }
}

export function cameraMissing(): void {
  store.set({
    error:
      "The camera cannot be used, so only your voice is sent. Check that it is plugged in and allowed next to the address bar.",
  });
}

async function turnOff(call: Call): Promise<void> {
  updateCall(call, { cameraOpening: undefined });
  await stopCamera(call);
  announce("Camera off.");
}

async function turnOn(call: Call): Promise<void> {
  const attempt = Symbol("camera");
  const wanted = () => findCall(call)?.cameraOpening === attempt;
  updateCall(call, { cameraOpening: attempt });
  try {
    await calling().deviceManager.askDevicePermission({ audio: false, video: true });
    const camera = await chosenCamera();
    if (!wanted()) return;
    if (!camera) return cameraMissing();
    await startCamera(call, camera);
    if (wanted()) announce("Camera on.");
  } finally {
    if (wanted()) updateCall(call, { cameraOpening: undefined });
  }
}
