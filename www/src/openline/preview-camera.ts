// One's own camera, shown before a call or during it.
import { LocalVideoStream, type Call, type VideoDeviceInfo } from "openline";

import { sentCamera } from "./sent-camera";
import { showVideo, type ShownVideo } from "./show-video";

/** Shows what a call sends if it is that camera: some phones open a camera only once. */
export async function previewCamera(camera: VideoDeviceInfo, call?: Call): Promise<ShownVideo> {
  const sent = sentCamera(call);
  const shared = sent?.source.id === camera.id;
  const stream = shared && sent ? sent : new LocalVideoStream(camera);
  try {
    const shown = await showVideo(stream, { mirrored: true, fit: "Crop" });
    return {
      ...shown,
      stop() {
        shown.stop();
        if (!shared) stream.dispose();
      },
    };
  } catch (error) {
    if (!shared) stream.dispose();
    throw error;
  }
}
