// Turns a stream into an element for the page.
import { VideoStreamRenderer, type LocalVideoStream, type RemoteVideoStream } from "openline";

export type Fit = "Crop" | "Fit";

export interface ShownVideo {
  element: HTMLElement;
  /** Whether it fills its place, or all of it is seen. */
  scale(fit: Fit): void;
  stop(): void;
}

export async function showVideo(
  stream: LocalVideoStream | RemoteVideoStream,
  options: { mirrored: boolean; fit: Fit },
): Promise<ShownVideo> {
  const renderer = new VideoStreamRenderer(stream);
  const view = await renderer.createView({
    isMirrored: options.mirrored,
    scalingMode: options.fit,
  });
  return {
    element: view.target,
    scale: (fit) => void view.updateScalingMode(fit),
    stop: () => renderer.dispose(),
  };
}
