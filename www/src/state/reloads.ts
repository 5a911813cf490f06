// A call ends with its page: who reloads that is told so, and whom to call again.
import { isolate } from "../openline/isolate-name";
import { store, type AppState } from "./app-state";

// Per tab, as the calls are.
const IN_CALLS = "openline.in-calls-with";
const list = new Intl.ListFormat("en");

export function followReloads(): void {
  const before = sessionStorage.getItem(IN_CALLS);
  if (before !== null && isReload()) store.set({ error: endedByReload(JSON.parse(before) as string[]) });
  let known: string | undefined;
  sessionStorage.removeItem(IN_CALLS);
  store.subscribe((state) => {
    const names = connectedWith(state);
    const kept = names.length > 0 ? JSON.stringify(names) : undefined;
    if (kept === known) return;
    known = kept;
    if (kept === undefined) sessionStorage.removeItem(IN_CALLS);
    else sessionStorage.setItem(IN_CALLS, kept);
  });
}

/** Everybody in a call with this page, the one on the screen first. */
export function connectedWith({ call, otherCalls }: Pick<AppState, "call" | "otherCalls">): string[] {
  return (call ? [call, ...otherCalls] : otherCalls)
    .filter(({ ended, connectedAt }) => !ended && connectedAt !== undefined)
    .map(({ peer }) => peer.name);
}

export function endedByReload(names: string[]): string {
  const calls = names.length > 1 ? "calls" : "call";
  return `Reloading the page ended your ${calls} with ${list.format(names.map(isolate))}. Call again to go on.`;
}

/** A tab that was duplicated has been in no call. */
function isReload(): boolean {
  const [navigation] = performance.getEntriesByType("navigation");
  return (navigation as PerformanceNavigationTiming | undefined)?.type === "reload";
}
