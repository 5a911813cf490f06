// Changes to the list of conversations in the store.
import type { ThreadSummary } from "../openline/list-threads";
import { store, type Thread } from "./app-state";
import { openHome } from "./route";

export const emptyThread: Thread = {
  id: "",
  topic: "",
  lastActivity: 0,
  members: [],
  messages: [],
  pending: [],
  history: "unread",
  earlierState: "idle",
  endInView: false,
  toEnd: 0,
  deliveries: {},
  reads: {},
  typing: [],
  draft: "",
  uploads: [],
};

export function findThread(threadId: string): Thread | undefined {
  return store.get().threads.find(({ id }) => id === threadId);
}

export function addThread(thread: Thread): void {
  if (!findThread(thread.id)) store.set({ threads: newestFirst([thread, ...store.get().threads]) });
}

/** Takes over what the server lists, in its order: it tells times in whole seconds, and many may share one. */
export function takeListed(found: ThreadSummary[]): void {
  const { threads } = store.get();
  const known = new Map(threads.map((thread) => [thread.id, thread]));
  const summaries = new Set(found.map(({ id }) => id));
  const news = found.map((summary) => ({ ...(known.get(summary.id) ?? emptyThread), ...summary }));
  store.set({ threads: newestFirst([...news, ...threads.filter(({ id }) => !summaries.has(id))]) });
}

export function removeThread(threadId: string): void {
  const { threads, route } = store.get();
  store.set({ threads: threads.filter(({ id }) => id !== threadId) });
  if (route.page === "thread" && route.threadId === threadId) openHome();
}

export function updateThread(threadId: string, change: (thread: Thread) => Partial<Thread>): void {
  const threads = store
    .get()
    .threads.map((thread) => (thread.id === threadId ? { ...thread, ...change(thread) } : thread));
  store.set({ threads: newestFirst(threads) });
}

export interface Unread {
  count: number;
  /** There may be more before the messages that were loaded. */
  orMore: boolean;
  first?: string;
}

/** Messages of others that lie behind one's own read mark. */
export function unreadOf({ reads, messages, earlier }: Thread, myId: string): Unread {
  const read = Number(reads[myId] ?? 0);
  const unread: Unread = { count: 0, orMore: earlier !== undefined };
  for (let index = messages.length - 1; index >= 0; index -= 1) {
    const { id, kind, deleted, senderId } = messages[index]!;
    if (Number(id) <= read) return { ...unread, orMore: false };
    if (kind !== "text" || deleted || senderId === myId) continue;
    unread.count += 1;
    unread.first = id;
  }
  return unread;
}

/** “3”, “50+”, “99+”. */
export function unreadLabel({ count, orMore }: Unread): string {
  if (count > 99) return "99+";
  return orMore && count > 0 ? `${count}+` : String(count);
}

function newestFirst(threads: Thread[]): Thread[] {
  return [...threads].sort((a, b) => b.lastActivity - a.lastActivity);
}
