// Microphone, camera and hanging up, in a call that is running.
import { LocalVideoStream, type Call, type VideoDeviceInfo } from "openline";

export function toggleMute(call: Call): Promise<void> {
  return call.isMuted ? call.unmute() : call.mute();
}

export function startCamera(call: Call, camera: VideoDeviceInfo): Promise<void> {
  return call.startVideo(new LocalVideoStream(camera));
}

export async function stopCamera(call: Call): Promise<void> {
  const sent = call.localVideoStreams[0];
  if (sent) await call.stopVideo(sent);
}

export function hangUp(call: Call): Promise<void> {
  return call.hangUp();
}
