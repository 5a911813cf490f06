// Whether the page may use microphone and camera, and the question whether it may.
import type { DeviceManager } from "openline";

/** “ask”: the browser will ask when it is used. */
export type Access = "granted" | "ask" | "denied";

export interface DeviceAccess {
  camera: Access;
  microphone: Access;
}

export async function readAccess(devices: DeviceManager): Promise<DeviceAccess> {
  const [cameras, microphones] = await Promise.all([devices.getCameras(), devices.getMicrophones()]);
  const [camera, microphone] = await Promise.all([
    accessOf("camera", cameras),
    accessOf("microphone", microphones),
  ]);
  return { camera, microphone };
}

/** Has the browser ask; what is refused or missing shows in the answer. */
export async function askAccess(devices: DeviceManager): Promise<DeviceAccess> {
  const access = await devices.askDevicePermission({ audio: true, video: true });
  const read = await readAccess(devices);
  const after = (given: boolean, known: Access): Access => (given ? "granted" : known === "ask" ? "denied" : known);
  return { camera: after(access.video, read.camera), microphone: after(access.audio, read.microphone) };
}

/** Names are told only to who may use a device; not every browser answers the question itself. */
async function accessOf(name: "camera" | "microphone", found: { name: string }[]): Promise<Access> {
  if (found.some((device) => device.name !== "")) return "granted";
  try {
    const { state } = await navigator.permissions.query({ name });
    return state === "prompt" ? "ask" : state;
  } catch {
    return "ask";
  }
}
