// The tab's title: who calls, or how much is unread.
import type { AppState } from "../state/app-state";
import { unreadCount } from "../state/thread-list";

export function pageTitle({ ringing, threads, session }: AppState): string {
  const [call] = ringing;
  if (call) return `${call.caller.name} is calling – Openline`;
  const myId = session?.userId ?? "";
  const unread = threads.reduce((sum, thread) => sum + unreadCount(thread, myId), 0);
  return unread > 0 ? `(${unread}) Openline` : "Openline";
}
