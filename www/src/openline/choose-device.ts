// Which camera, microphone and loudspeaker a call uses, before it and during it.
import type { AudioDeviceInfo, Call, DeviceManager, VideoDeviceInfo } from "openline";

import { sentCamera } from "./sent-camera";

export interface DeviceChoice {
  cameras: VideoDeviceInfo[];
  microphones: AudioDeviceInfo[];
  /** Empty where the browser leaves the choice to the system. */
  speakers: AudioDeviceInfo[];
  cameraId?: string;
  microphoneId?: string;
  speakerId?: string;
}

export async function listDevices(devices: DeviceManager, call?: Call): Promise<DeviceChoice> {
  const [cameras, microphones, speakers] = await Promise.all([
    devices.getCameras(),
    devices.getMicrophones(),
    devices.isSpeakerSelectionAvailable ? devices.getSpeakers() : [],
  ]);
  const cameraId = sentCamera(call)?.source.id ?? cameras[0]?.id;
  const microphoneId = devices.selectedMicrophone?.id ?? microphones[0]?.id;
  const speakerId = devices.selectedSpeaker?.id ?? speakers[0]?.id;
  return {
    cameras,
    microphones,
    speakers,
    ...(cameraId !== undefined && { cameraId }),
    ...(microphoneId !== undefined && { microphoneId }),
    ...(speakerId !== undefined && { speakerId }),
  };
}

/** Changes the picture of a running call; with the camera off there is nothing to change yet. */
export async function switchCamera(call: Call, camera: VideoDeviceInfo): Promise<void> {
  const sent = sentCamera(call);
  if (sent && sent.source.id !== camera.id) await sent.switchSource(camera);
}

export function followDevices(devices: DeviceManager, onChange: () => void): () => void {
  devices.on("videoDevicesUpdated", onChange);
  devices.on("audioDevicesUpdated", onChange);
  devices.on("selectedMicrophoneChanged", onChange);
  devices.on("selectedSpeakerChanged", onChange);
  return () => {
    devices.off("videoDevicesUpdated", onChange);
    devices.off("audioDevicesUpdated", onChange);
    devices.off("selectedMicrophoneChanged", onChange);
    devices.off("selectedSpeakerChanged", onChange);
  };
}
