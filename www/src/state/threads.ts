// Which conversations there are: loading them and starting new ones.
import { tellsPresence } from "../openline/chat-limits";
import { createThread } from "../openline/create-thread";
import { listDeliveries } from "../openline/delivery-receipts";
import type { Person } from "../openline/list-people";
import { listMembers, listThreads, type ThreadMember } from "../openline/list-threads";
import { listReads } from "../openline/read-receipts";
import { session, store, type Thread } from "./app-state";
import { mayPass, showError } from "./errors";
import { loadHistory, showKept } from "./history";
import { defaultTopic, directPeer } from "./names";
import { ahead, tellRead, withKeptRead } from "./read-marks";
import { openThread } from "./route";
import { loadQueued } from "./sending";
import { addThread, emptyThread, findThread, removeThread, takeListed, updateThread } from "./thread-list";

const MOST_THREADS = 100;
// As many conversations are loaded at once; the others when they come into view.
const PREVIEWED = 20;

export async function loadThreads(): Promise<void> {
  try {
    const before = store.get().threads.map(({ id }) => id);
    const found = await listThreads(session().chatClient, MOST_THREADS);
    const there = new Set(found.map(({ id }) => id));
    // What was kept of conversations that are no longer there. Older ones than were asked for may well be.
    if (found.length < MOST_THREADS) before.filter((id) => !there.has(id)).forEach(removeThread);
    takeListed(found);
    store.set({ threadsLoaded: true });
    const { route } = store.get();
    const open = route.page === "thread" ? [route.threadId] : [];
    const failed = store.get().threads.filter(({ history }) => history === "failed" || history === "kept");
    const newest = [...found.slice(0, PREVIEWED), ...failed].map(({ id }) => id);
    const first = new Set([...open, ...newest]);
    await Promise.all([...first].map(loadThread));
  } catch (error) {
    showError("Loading your conversations", error);
  }
}

/** People, delivery and read marks and the newest messages of one conversation. */
export async function loadThread(threadId: string): Promise<void> {
  const { session, calling } = store.get();
  if (!session) return;
  const { chatClient, userId } = session;
  updateThread(threadId, ({ history }) => ({ history: history === "ready" ? history : "loading" }));
  if (findThread(threadId)?.messages.length === 0) await showKept(threadId);
  // Once the server is reached, all that is shown of it is loaded. What waits to be sent is here already.
  if (!calling) return updateThread(threadId, ({ history }) => ({ history: history === "ready" ? history : "kept" }));
  try {
    if (!findThread(threadId)) {
      const { topic, createdOn } = await chatClient.getChatThreadClient(threadId).getProperties();
      addThread({ ...emptyThread, id: threadId, topic, lastActivity: createdOn.getTime() });
    }
    const [members, deliveries, reads] = await Promise.all([
      listMembers(chatClient, threadId),
      listDeliveries(chatClient, threadId),
      listReads(chatClient, threadId),
      loadHistory(threadId),
      loadQueued(threadId),
    ]);
    const mine = findThread(threadId)?.reads[userId];
    // Events that came meanwhile know more than the lists.
    updateThread(threadId, (known) => ({
      members,
      deliveries: ahead(known.deliveries, deliveries),
      reads: ahead(known.reads, withKeptRead(reads, userId, threadId)),
    }));
    // A page that was closed, or a line that broke, can have lost what was said last.
    const lost = Number(mine ?? 0) > Number(reads[userId] ?? 0);
    if (mine && lost && tellsPresence(members.length)) tellRead(session, threadId, mine);
  } catch (error) {
    const away = mayPass(error) && store.get().connection.state !== "connected";
    const failed = (messages: unknown[]) => (away && messages.length > 0 ? "kept" : "failed");
    updateThread(threadId, ({ history, messages }) => ({
      history: history === "ready" ? history : failed(messages),
    }));
    // The banner says it, and everything is loaded again when the server is back.
    if (!away) showError("Loading the conversation", error);
  }
}

/** Loads a conversation whose row is in view, for its last message and how much is unread. */
export function preview({ id }: Pick<Thread, "id">): void {
  if (findThread(id)?.history === "unread") void loadThread(id);
}

/** Opens the conversation with one person, the existing one if there is one. */
export async function writeTo(person: Person): Promise<void> {
  const { userId } = session();
  const existing = store.get().threads.find((t) => directPeer(t, userId)?.id === person.id);
  if (existing) openThread(existing.id);
  else await startThread([person], "");
}

/** Starts a conversation and opens it; says whether that worked. */
export async function startThread(people: ThreadMember[], topic: string): Promise<boolean> {
  const { chatClient, userId, displayName } = session();
  const me = { id: userId, name: displayName };
  const named = topic.trim() || defaultTopic([me, ...people].map(({ name }) => name));
  try {
    const threadId = await createThread(chatClient, named, me, people);
    await loadThread(threadId);
    openThread(threadId);
    return true;
  } catch (error) {
    showError("Starting the conversation", error);
    return false;
  }
}
