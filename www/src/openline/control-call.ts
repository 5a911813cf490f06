// Microphone, camera, hold and hanging up, in a call that is running.
import { LocalVideoStream, type Call, type VideoDeviceInfo } from "openline";

import { sentCamera } from "./sent-camera";

export function toggleMute(call: Call): Promise<void> {
  return call.isMuted ? call.unmute() : call.mute();
}

// A camera that still opens is not in localVideoStreams yet, and can be stopped all the same.
const opening = new WeakMap<Call, LocalVideoStream>();

export async function startCamera(call: Call, camera: VideoDeviceInfo): Promise<void> {
  const stream = new LocalVideoStream(camera);
  opening.set(call, stream);
  try {
    await call.startVideo(stream);
  } finally {
    if (opening.get(call) === stream) opening.delete(call);
  }
}

export async function stopCamera(call: Call): Promise<void> {
  const sent = opening.get(call) ?? sentCamera(call);
  opening.delete(call);
  if (sent) await call.stopVideo(sent);
}

/** On hold nobody hears or sees anything. Taking a call off hold puts the one that was active on hold. */
export function toggleHold(call: Call): Promise<void> {
  return call.state === "LocalHold" ? call.resume() : call.hold();
}

export function hangUp(call: Call): Promise<void> {
  return call.hangUp();
}
