// The open page, kept in the address so that the browser's back button works.
import { store, type Route } from "./app-state";

const THREAD = "#/thread/";

export function followRoute(): void {
  const read = () => store.set({ route: parse(location.hash) });
  addEventListener("hashchange", read);
  read();
}

export function openThread(threadId: string): void {
  location.hash = THREAD + encodeURIComponent(threadId);
}

export function openHome(): void {
  location.hash = "#/";
}

function parse(hash: string): Route {
  if (!hash.startsWith(THREAD)) return { page: "home" };
  try {
    return { page: "thread", threadId: decodeURIComponent(hash.slice(THREAD.length)) };
  } catch {
    return { page: "home" };
  }
}
