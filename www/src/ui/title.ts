// The tab's title: who calls, or how much is unread.
import { isolate } from "../openline/isolate-name";
import type { AppState } from "../state/app-state";
import { unreadOf } from "../state/thread-list";

export function pageTitle({ ringing, threads, session }: AppState): string {
  const [call] = ringing;
  if (call) return `${isolate(call.caller.name)} is calling – Openline`;
  const myId = session?.userId ?? "";
  const unread = threads.reduce((sum, thread) => sum + unreadOf(thread, myId).count, 0);
  return unread > 0 ? `(${unread}) Openline` : "Openline";
}
