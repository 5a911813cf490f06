// Turns a stream into an element for the page.
import { VideoStreamRenderer, type LocalVideoStream, type RemoteVideoStream } from "openline";

export interface ShownVideo {
  element: HTMLElement;
  stop(): void;
}

export async function showVideo(
  stream: LocalVideoStream | RemoteVideoStream,
  options: { mirrored: boolean; fit: "Crop" | "Fit" },
): Promise<ShownVideo> {
  const renderer = new VideoStreamRenderer(stream);
  const view = await renderer.createView({
    isMirrored: options.mirrored,
    scalingMode: options.fit,
  });
  return { element: view.target, stop: () => renderer.dispose() };
}
