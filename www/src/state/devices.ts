// The cameras, microphones and loudspeakers of this machine, and which of them are chosen.
import type { AudioDeviceInfo, DeviceManager, VideoDeviceInfo } from "openline";

import { followDevices, listDevices, switchCamera } from "../openline/choose-device";
import { sentCamera } from "../openline/sent-camera";
import { calling, store } from "./app-state";
import { showError } from "./errors";
import { wantCamera, wantedCamera } from "./preferences";

export function watchDevices(devices: DeviceManager): () => void {
  return followDevices(devices, () => void refreshDevices());
}

export async function refreshDevices(): Promise<void> {
  const { calling, call } = store.get();
  if (!calling) return;
  try {
    const found = await listDevices(calling.deviceManager, call?.call);
    const sent = sentCamera(call?.call) !== undefined;
    // What was chosen while the camera was off is for the next time it is turned on.
    const wanted = found.cameras.find(({ id }) => id === wantedCamera());
    store.set({ devices: !sent && wanted ? { ...found, cameraId: wanted.id } : found });
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
  wantCamera(camera.id);
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

export async function chooseSpeaker(speaker: AudioDeviceInfo): Promise<void> {
  try {
    await calling().deviceManager.selectSpeaker(speaker);
    await refreshDevices();
  } catch (error) {
    showError("Changing the loudspeaker", error);
  }
}
