// A call ends with its page: who reloads that is told so, and whom to call again.
import { isolate } from "../openline/isolate-name";
import { store, type AppState } from "./app-state";

// Per tab, as the call is.
const IN_CALL = "openline.in-call-with";

export function followReloads(): void {
  const before = sessionStorage.getItem(IN_CALL);
  if (before !== null && isReload()) {
    store.set({ error: `Reloading the page ended your call with ${isolate(before)}. Call again to go on.` });
  }
  let known: string | undefined;
  sessionStorage.removeItem(IN_CALL);
  store.subscribe((state) => {
    const name = connectedWith(state);
    if (name === known) return;
    known = name;
    if (name === undefined) sessionStorage.removeItem(IN_CALL);
    else sessionStorage.setItem(IN_CALL, name);
  });
}

function connectedWith({ call }: Readonly<AppState>): string | undefined {
  return call && !call.ended && call.connectedAt !== undefined ? call.peer.name : undefined;
}

/** A tab that was duplicated has been in no call. */
function isReload(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  return (navigation as PerformanceNavigationTiming | undefined)?.type === "reload";
}
