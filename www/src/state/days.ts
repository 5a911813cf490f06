// The day may end while the page is open: then today is yesterday.
import { store } from "./app-state";

const LOOK_EVERY_MS = 30_000;

/** Has everything drawn anew on another day. A timer until midnight would be late after a machine slept. */
export function followDays(): void {
  let today = dayOf(Date.now());
  const look = () => {
    const day = dayOf(Date.now());
    if (day === today) return;
    today = day;
    store.set({});
  };
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", look);
}

function dayOf(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
