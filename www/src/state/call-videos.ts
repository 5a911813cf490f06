// The pictures of the call screen: made when a stream appears, taken down when it goes.
import type { LocalVideoStream, RemoteVideoStream } from "openline";

import { showVideo, type Fit, type ShownVideo } from "../openline/show-video";
import { store } from "./app-state";
import { showError } from "./errors";

type Stream = LocalVideoStream | RemoteVideoStream;
type Slot = "localVideo" | "remoteVideo" | "remoteScreen";

// A phone held upright would show a wide picture as a stripe.
const narrow = matchMedia("(max-width: 720px)");

const wentOff = new Set<number | undefined>([43202, 43209]);

const current: Record<Slot, { stream?: Stream; shown?: ShownVideo }> = {
  localVideo: {},
  remoteVideo: {},
  remoteScreen: {},
};

narrow.addEventListener("change", () => {
  for (const slot of Object.keys(current) as Slot[]) current[slot].shown?.scale(fitOf(slot));
});

export function showLocalVideo(stream: LocalVideoStream | undefined): Promise<void> {
  return show("localVideo", stream);
}

export function showRemoteVideo(stream: RemoteVideoStream | undefined): Promise<void> {
  return show("remoteVideo", stream);
}

export function showRemoteScreen(stream: RemoteVideoStream | undefined): Promise<void> {
  return show("remoteScreen", stream);
}

export function stopVideos(): void {
  void show("remoteScreen", undefined);
  void show("localVideo", undefined);
  void show("remoteVideo", undefined);
}

async function show(slot: Slot, stream: Stream | undefined): Promise<void> {
  const place = current[slot];
  if (place.stream === stream) return;
  place.shown?.stop();
  current[slot] = stream ? { stream } : {};
  setElement(slot, undefined);
  if (!stream) return;
  try {
    const shown = await showVideo(stream, { mirrored: slot === "localVideo", fit: fitOf(slot) });
    // The stream may have gone while its first frame was awaited.
    if (current[slot].stream !== stream) return shown.stop();
    current[slot] = { stream, shown };
    setElement(slot, shown.element);
  } catch (error) {
    if (current[slot].stream !== stream) return;
    current[slot] = {};
    // The camera was turned off again before its first picture.
    if (wentOff.has((error as { subCode?: number }).subCode)) return;
    showError(pictureName(slot), error);
  }
}

/** Of a screen, every corner counts. */
function fitOf(slot: Slot): Fit {
  return slot !== "remoteScreen" && (slot === "localVideo" || narrow.matches) ? "Crop" : "Fit";
}

function setElement(slot: Slot, element: HTMLElement | undefined): void {
  const { call } = store.get();
  if (!call || call[slot] === element) return;
  const { [slot]: _, ...rest } = call;
  store.set({ call: element ? { ...rest, [slot]: element } : rest });
}

function pictureName(slot: Slot): string {
  if (slot === "localVideo") return "Showing your camera";
  return slot === "remoteScreen" ? "Showing the shared screen" : "Showing the other picture";
}
