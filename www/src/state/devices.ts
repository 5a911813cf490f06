// The cameras and microphones of this machine, and which of them are chosen.
import type { AudioDeviceInfo, DeviceManager, VideoDeviceInfo } from "openline";

import { followDevices, listDevices, switchCamera } from "../openline/choose-device";
import { calling, store } from "./app-state";
import { showError } from "./errors";

// What was chosen while the camera was off, for the next time it is turned on.
let preferredCameraId: string | undefined;

export function watchDevices(devices: DeviceManager): () => void {
  return followDevices(devices, () => void refreshDevices());
}

export async function refreshDevices(): Promise<void> {
  const { calling, call } = store.get();
  if (!calling) return;
  try {
    const found = await listDevices(calling.deviceManager, call?.call);
    const sent = call?.call.localVideoStreams[0] !== undefined;
    const known = found.cameras.some(({ id }) => id === preferredCameraId);
    const devices = !sent && known ? { ...found, cameraId: preferredCameraId! } : found;
    store.set({ devices });
  } catch (error) {
    showError("Listing cameras and microphones", error);
  }
}

export async function chosenCamera(): Promise<VideoDeviceInfo | undefined> {
  await refreshDevices();
  const { cameras, cameraId } = store.get().devices;
  return cameras.find(({ id }) => id === cameraId) ?? cameras[0];
}

export async function chooseCamera(camera: VideoDeviceInfo): Promise<void> {
  preferredCameraId = camera.id;
  const { call } = store.get();
  try {
    if (call) await switchCamera(call.call, camera);
    await refreshDevices();
  } catch (error) {
    showError("Changing the camera", error);
  }
}

export async function chooseMicrophone(microphone: AudioDeviceInfo): Promise<void> {
  try {
    await calling().deviceManager.selectMicrophone(microphone);
    await refreshDevices();
  } catch (error) {
    showError("Changing the microphone", error);
  }
}
