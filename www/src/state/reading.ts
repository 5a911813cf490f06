// What somebody looks at: whether the newest messages are in view, and which were read by that.
import { tellsPresence } from "../openline/chat-limits";
import type { Session } from "../openline/sign-in";
import { store, type Thread } from "./app-state";
import { keepRead, tellRead } from "./read-marks";
import { findThread, unreadOf, updateThread } from "./thread-list";
import { loadThread } from "./threads";

export function goToEnd(threadId: string): void {
  updateThread(threadId, ({ toEnd }) => ({ toEnd: toEnd + 1, reveal: undefined }));
}

export function setEndInView(threadId: string, endInView: boolean): void {
  if (findThread(threadId)?.endInView !== endInView) updateThread(threadId, () => ({ endInView }));
}

/** What is on the screen of somebody who looks at it counts as read. */
export function followReading(session: Session): () => void {
  const reader = new Reader(session);
  const look = () => reader.look();
  const stop = store.complete(look);
  document.addEventListener("visibilitychange", look);
  return () => {
    stop();
    document.removeEventListener("visibilitychange", look);
  };
}

class Reader {
  private open: string | undefined;
  private justOpened = false;
  /** Whether the newest messages were being looked at until now. */
  private looking = false;

  constructor(private readonly session: Session) {}

  look(): void {
    const { route } = store.get();
    const thread = route.page === "thread" ? findThread(route.threadId) : undefined;
    if (thread?.id !== this.open) this.turnTo(thread?.id);
    // Only the newest conversations are loaded before somebody opens them.
    if (thread?.history === "unread") void loadThread(thread.id);
    // How many people are in it decides what is done, so they have to be known.
    if (!thread || thread.history !== "ready" || thread.members.length === 0) return;
    const { count, first } = unreadOf(thread, this.session.userId);
    if (count > 0 && !this.looking && thread.unreadFrom !== first) this.drawLine(thread, first);
    this.justOpened = false;
    this.looking = !document.hidden && findThread(thread.id)?.endInView === true;
    if (count > 0 && this.looking) this.markRead(thread);
  }

  private turnTo(threadId: string | undefined): void {
    if (this.open) {
      updateThread(this.open, () => ({ unreadFrom: undefined, reveal: undefined, endInView: false }));
    }
    this.open = threadId;
    this.justOpened = true;
    this.looking = false;
  }

  /** Where what is new begins. Who opens the conversation begins to read there, and may not see its end. */
  private drawLine({ id, reveal: reveals }: Thread, unreadFrom: string | undefined): void {
    const reveal = this.justOpened && !reveals ? { reveal: { key: "unread" }, endInView: false } : {};
    updateThread(id, () => ({ unreadFrom, ...reveal }));
  }

  private markRead({ id, messages, members }: Thread): void {
    const { userId } = this.session;
    const newest = messages.findLast((m) => m.kind === "text" && m.senderId !== userId);
    if (!newest) return;
    updateThread(id, ({ reads }) => ({ reads: { ...reads, [userId]: newest.id } }));
    if (!tellsPresence(members.length)) return keepRead(userId, id, newest.id);
    tellRead(this.session, id, newest.id);
  }
}
