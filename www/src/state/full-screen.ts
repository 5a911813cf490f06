// A shared screen as large as the display: until Escape, its button, or something that is not to be missed.
import { announce } from "./announce";
import { store, type AppState } from "./app-state";
import { showError } from "./errors";

/** Not on every phone. */
export function canFillDisplay(): boolean {
  return document.fullscreenEnabled;
}

export async function switchFullScreen(place: Element): Promise<void> {
  try {
    await (document.fullscreenElement ? document.exitFullscreen() : place.requestFullscreen());
  } catch (error) {
    showError("Filling the display", error);
  }
}

export function followFullScreen(): void {
  document.addEventListener("fullscreenchange", () => {
    const fullScreen = document.fullscreenElement !== null;
    store.set({ fullScreen });
    announce(fullScreen ? "The shared screen fills the display. Escape leads back." : "The shared screen no longer fills the display.");
  });
  let before = store.get();
  store.subscribe((state) => {
    // It stands outside of what fills the display.
    if (state.fullScreen && hasNews(before, state)) void document.exitFullscreen();
    before = state;
  });
}

function hasNews(before: Readonly<AppState>, { ringing, error, dialog }: Readonly<AppState>): boolean {
  const rings = ringing.some((call) => !before.ringing.includes(call));
  return rings || (error !== undefined && error !== before.error) || (dialog !== undefined && before.dialog === undefined);
}
