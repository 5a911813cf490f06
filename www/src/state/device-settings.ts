// The device settings while they are open: permission, one's own picture, the level of the microphone, a test sound.
import type { AudioDeviceInfo, VideoDeviceInfo } from "openline";

import { askAccess, readAccess, type DeviceAccess } from "../openline/device-access";
import { latest } from "../openline/latest";
import { followMicrophoneLevel, followSentLevel } from "../openline/microphone-level";
import { previewCamera } from "../openline/preview-camera";
import type { ShownVideo } from "../openline/show-video";
import { playTestSound } from "../sound/test-sound";
import { announce } from "./announce";
import { calling, store, type DeviceSettings } from "./app-state";
import { runningCall } from "./calls";
import { chooseCamera, chooseMicrophone, refreshDevices } from "./devices";
import { explainError, showError } from "./errors";
import { wantSounds } from "./preferences";

const closed: DeviceSettings = { kind: "devices", asking: false, preview: { state: "off" }, playing: false };

/** Ends what runs for the dialog; one that was closed while a device opened ends that too. */
let running: AbortController | undefined;
let stopWatching = () => {};
const preview = latest<ShownVideo>((shown) => shown.stop());
const level = latest<() => void>((stop) => stop());
const levelListeners = new Set<(level: number) => void>();

export async function openDeviceSettings(): Promise<void> {
  if (!store.get().calling) {
    return store.set({ error: "The server was not reached yet. Wait for the connection and try again." });
  }
  endRunning();
  running = new AbortController();
  store.set({ dialog: closed, error: undefined });
  let inCall = runningCall(store.get())?.call;
  stopWatching = store.subscribe((state) => {
    // A call that rings stands in their place, and wants camera and microphone for itself.
    if (state.dialog?.kind !== "devices" || state.ringing.length > 0) return closeDeviceSettings();
    if (inCall === runningCall(state)?.call) return;
    // What was shown was the call's, and went with it.
    inCall = runningCall(state)?.call;
    if (state.dialog.access) void useWhatMayBe(state.dialog.access);
  });
  const { signal } = running;
  try {
    await refreshDevices();
    const access = await readAccess(calling().deviceManager);
    if (!signal.aborted) await useWhatMayBe(access);
  } catch (error) {
    showError("Reading which devices there are", error);
  }
}

export function closeDeviceSettings(): void {
  endRunning();
  if (store.get().dialog?.kind === "devices") store.set({ dialog: undefined, error: undefined });
}

function endRunning(): void {
  running?.abort();
  running = undefined;
  stopWatching();
  preview.close();
  level.close();
}

/** Has the browser ask for both. */
export async function allowDevices(): Promise<void> {
  const signal = running?.signal;
  update({ asking: true });
  try {
    const access = await askAccess(calling().deviceManager);
    await refreshDevices();
    if (!signal?.aborted) await useWhatMayBe(access);
  } catch (error) {
    showError("Asking for camera and microphone", error);
  } finally {
    update({ asking: false });
  }
}

export async function pickCamera(camera: VideoDeviceInfo): Promise<void> {
  await chooseCamera(camera);
  await startPreview();
}

export async function pickMicrophone(microphone: AudioDeviceInfo): Promise<void> {
  await chooseMicrophone(microphone);
  await startLevel();
}

export async function testSound(): Promise<void> {
  update({ playing: true });
  try {
    await playTestSound(store.get().devices.speakerId);
  } catch (error) {
    showError("Playing the test sound", error);
  } finally {
    update({ playing: false });
  }
}

export function switchSounds(on: boolean): void {
  wantSounds(on);
  store.set({});
  announce(on ? "Sounds on." : "Sounds off.");
}

/** 0 to 1, many times a second, while the settings are open. */
export function followLevel(listener: (level: number) => void): () => void {
  levelListeners.add(listener);
  return () => levelListeners.delete(listener);
}

async function useWhatMayBe(access: DeviceAccess): Promise<void> {
  update({ access });
  await Promise.all([
    access.camera === "granted" ? startPreview() : undefined,
    access.microphone === "granted" ? startLevel() : undefined,
  ]);
}

async function startPreview(): Promise<void> {
  const { devices, call } = store.get();
  const camera = devices.cameras.find(({ id }) => id === devices.cameraId);
  if (!running || !camera) return;
  preview.close();
  update({ preview: { state: "opening" } });
  try {
    const shown = await preview.open(() => previewCamera(camera, call?.call));
    if (shown) update({ preview: { state: "shown", element: shown.element } });
  } catch (error) {
    console.warn("Showing the camera failed", error);
    update({ preview: { state: "off", problem: explainError("Showing your camera", error) } });
  }
}

async function startLevel(): Promise<void> {
  const { microphones, microphoneId } = store.get().devices;
  const microphone = microphones.find(({ id }) => id === microphoneId) ?? microphones[0];
  if (!running || !microphone) return;
  const inCall = runningCall(store.get())?.call;
  const tellAll = (now: number) => levelListeners.forEach((tell) => tell(now));
  try {
    const opened = await level.open(async () =>
      inCall ? followSentLevel(inCall, tellAll) : followMicrophoneLevel(microphone, tellAll),
    );
    if (opened) update({ microphoneProblem: undefined });
  } catch (error) {
    console.warn("Opening the microphone failed", error);
    update({ microphoneProblem: "This microphone could not be opened. Another program may be using it." });
  }
}

function update(change: Partial<DeviceSettings>): void {
  const { dialog } = store.get();
  if (dialog?.kind === "devices") store.set({ dialog: { ...dialog, ...change } });
}
