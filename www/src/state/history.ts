// Reading a conversation back, a page at a time.
import { readKeptMessages, readMessages, type MessagePage } from "../openline/read-messages";
import { keepsNothing } from "../openline/outbox";
import { session, type Thread } from "./app-state";
import { showError } from "./errors";
import { ChangesMeanwhile, mergeMessages, withChange, type MessageChange } from "./message-copies";
import { findThread, updateThread } from "./thread-list";

// The first page is loaded of many conversations, for their preview; further ones by who reads.
const FIRST_PAGE = 50;
const FURTHER_PAGES = 200;

const meanwhile = new ChangesMeanwhile();

/** A message was edited or deleted, whether it is here already or comes with a page that is under way. */
export function messageChanged(threadId: string, change: MessageChange): void {
  meanwhile.note(threadId, change);
  updateThread(threadId, ({ messages }) => ({ messages: withChange(messages, change) }));
}

/** What this device has of it, until the server says more. */
export async function showKept(threadId: string): Promise<void> {
  const { chatClient } = session();
  const kept = await meanwhile
    .during(threadId, async () => ({ messages: await readKeptMessages(chatClient, threadId) }))
    .catch((error: unknown) => {
      if (!keepsNothing(error)) console.warn("Reading what is kept of a conversation failed", error);
      return { messages: [] };
    });
  updateThread(threadId, ({ messages, history }) =>
    messages.length === 0 && history !== "ready" ? kept : {},
  );
}

/** The newest page; whatever is already there stays, and so does what comes live while it is under way. */
export async function loadHistory(threadId: string): Promise<void> {
  const before = new Set(findThread(threadId)?.messages.map(({ id }) => id));
  if (findThread(threadId)?.history !== "ready") {
    updateThread(threadId, () => ({ history: "loading" }));
  }
  const page = await readPage(threadId, { size: FIRST_PAGE });
  const there = new Set(page.messages.map(({ id }) => id));
  updateThread(threadId, (thread) => ({
    history: "ready",
    ...(joins(thread, page)
      ? { messages: mergeMessages(thread.messages, page.messages) }
      : {
          messages: mergeMessages(thread.messages.filter(({ id }) => !before.has(id) || there.has(id)), page.messages),
          earlier: page.earlier ? {} : undefined,
        }),
  }));
}

/** Whether there can be nothing between what is known and the newest page. */
function joins({ history, messages }: Thread, page: MessagePage): boolean {
  const [newest, oldest] = [messages.at(-1), page.messages[0]];
  if (!oldest || (history === "ready" && !page.earlier)) return true;
  return newest !== undefined && history === "ready" && Number(newest.id) >= Number(oldest.id);
}

export async function loadEarlier(threadId: string): Promise<void> {
  const thread = findThread(threadId);
  if (!thread?.earlier || thread.earlierState === "loading") return;
  updateThread(threadId, () => ({ earlierState: "loading" }));
  try {
    await loadPage(threadId, thread.earlier.from);
    updateThread(threadId, () => ({ earlierState: "idle" }));
  } catch (error) {
    updateThread(threadId, () => ({ earlierState: "failed" }));
    showError("Loading earlier messages", error);
  }
}

/** Loads earlier messages until that one is there; says whether it came. */
export async function loadBackTo(threadId: string, messageId: string): Promise<boolean> {
  for (;;) {
    const thread = findThread(threadId);
    if (!thread) return false;
    if (thread.messages.some(({ id }) => id === messageId)) return true;
    const [oldest] = thread.messages;
    const passed = oldest !== undefined && Number(oldest.id) < Number(messageId);
    if (!thread.earlier || passed) return false;
    await loadPage(threadId, thread.earlier.from);
  }
}

async function loadPage(threadId: string, from: string | undefined): Promise<void> {
  // Without a place to go on from it starts over, in larger pages.
  const page = await readPage(threadId, { size: FURTHER_PAGES, earlier: from });
  updateThread(threadId, ({ messages }) => ({
    messages: mergeMessages(messages, page.messages),
    earlier: page.earlier ? { from: page.earlier } : undefined,
  }));
}

function readPage(threadId: string, range: { size: number; earlier?: string | undefined }): Promise<MessagePage> {
  return meanwhile.during(threadId, () => readMessages(session().chatClient, threadId, range));
}
