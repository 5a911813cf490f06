// The pictures of the call screen: made when a stream appears, taken down when it goes.
import type { LocalVideoStream, RemoteVideoStream } from "openline";

import { latest } from "../openline/latest";
import { showVideo, type Fit, type ShownVideo } from "../openline/show-video";
import { store } from "./app-state";
import { showError } from "./errors";

type Stream = LocalVideoStream | RemoteVideoStream;
type Slot = "localVideo" | "remoteVideo" | "remoteScreen";

// A phone held upright would show a wide picture as a stripe.
const narrow = matchMedia("(max-width: 720px)");

const wentOff = new Set<number | undefined>([43202, 43209]);

/** A place of the screen: what is wanted there, and its picture once there is one. */
const place = () => ({
  stream: undefined as Stream | undefined,
  picture: latest<ShownVideo>((shown) => shown.stop()),
});

const places: Record<Slot, ReturnType<typeof place>> = {
  localVideo: place(),
  remoteVideo: place(),
  remoteScreen: place(),
};

narrow.addEventListener("change", () => {
  for (const slot of Object.keys(places) as Slot[]) places[slot].picture.opened?.scale(fitOf(slot));
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
  const { picture, stream: before } = places[slot];
  if (before === stream) return;
  places[slot].stream = stream;
  picture.close();
  setElement(slot, undefined);
  if (!stream) return;
  try {
    const shown = await picture.open(() => showVideo(stream, { mirrored: slot === "localVideo", fit: fitOf(slot) }));
    if (shown) setElement(slot, shown.element);
  } catch (error) {
    places[slot].stream = undefined;
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
