// Permission for the microphone, and for the camera if the call wants one.
import { LocalVideoStream, type DeviceManager } from "openline";

export interface GrantedDevices {
  /** Absent when the camera was refused or there is none: the call goes on without it. */
  camera?: LocalVideoStream;
}

/** Without a microphone a call begins muted; one that comes later is used as soon as it is there. */
export async function askDevices(
  devices: DeviceManager,
  want: { video: boolean; cameraId?: string | undefined },
): Promise<GrantedDevices> {
  const access = await devices.askDevicePermission({ audio: true, video: want.video });
  if (!access.video) return {};
  const cameras = await devices.getCameras();
  const camera = cameras.find(({ id }) => id === want.cameraId) ?? cameras[0];
  return camera ? { camera: new LocalVideoStream(camera) } : {};
}
