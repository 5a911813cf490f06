// Messages that are kept on the device until they are sent: also offline, also after the page was closed.
import type { ChatClient, ChatMessageSentEvent, PendingChatMessage } from "openline";

// Among the metadata of a message.
const NAME = "openlinePageName";
const CLOCKS_DIFFER_MS = 24 * 3_600_000;

export interface QueuedMessage {
  pendingId: string;
  threadId: string;
  text: string;
  /** What the page calls it, where it gave it a name. */
  name?: string;
  /** Why it is not tried any more. */
  error?: PendingChatMessage["error"];
}

export interface OutboxHandlers {
  /** It waits, was refused for good, or is tried again. */
  changed(message: QueuedMessage): void;
  sent(message: QueuedMessage, messageId: string): void;
  canceled(message: QueuedMessage): void;
}

/** What becomes of queued messages, in whichever tab they were written. */
export function followOutbox(chat: ChatClient, handlers: OutboxHandlers): () => void {
  const changed = (event: PendingChatMessage) => handlers.changed(toQueued(event));
  const sent = (event: ChatMessageSentEvent) => handlers.sent(toQueued(event), event.messageId);
  const canceled = (event: PendingChatMessage) => handlers.canceled(toQueued(event));
  chat.on("chatMessagePending", changed);
  chat.on("chatMessageFailed", changed);
  chat.on("chatMessageSent", sent);
  chat.on("chatMessageCanceled", canceled);
  return () => {
    chat.off("chatMessagePending", changed);
    chat.off("chatMessageFailed", changed);
    chat.off("chatMessageSent", sent);
    chat.off("chatMessageCanceled", canceled);
  };
}

export interface Queueing {
  senderDisplayName: string;
  /** Files that were uploaded for it. */
  attachments?: { id: string }[];
  /** Goes with the message, so that `findNamed` knows it again. */
  name?: string;
}

export async function queueMessage(
  chat: ChatClient,
  threadId: string,
  text: string,
  { senderDisplayName, attachments, name }: Queueing,
): Promise<void> {
  await chat.getChatThreadClient(threadId).queueMessage(
    { content: text },
    {
      senderDisplayName,
      ...(attachments && { attachments: attachments.map(({ id }) => ({ id })) }),
      ...(name && { metadata: { [NAME]: name } }),
    },
  );
}

/** Whether a message of that name waits to be sent, or is in the thread `since` then. */
export async function findNamed(
  chat: ChatClient,
  threadId: string,
  { name, since }: { name: string; since: number },
): Promise<"queued" | "sent" | undefined> {
  const thread = chat.getChatThreadClient(threadId);
  const named = ({ metadata }: { metadata?: Record<string, string> }) => metadata?.[NAME] === name;
  if ((await thread.listPendingMessages()).some(named)) return "queued";
  // The clock of this device may be ahead of the server's.
  const startTime = new Date(since - CLOCKS_DIFFER_MS);
  for await (const message of thread.listMessages({ maxPageSize: 200, startTime })) if (named(message)) return "sent";
  return undefined;
}

export async function listQueued(chat: ChatClient, threadId: string): Promise<QueuedMessage[]> {
  return (await chat.getChatThreadClient(threadId).listPendingMessages()).map(toQueued);
}

export function sendQueuedAgain(chat: ChatClient, threadId: string, pendingId: string): Promise<void> {
  return chat.getChatThreadClient(threadId).retryPendingMessage(pendingId);
}

export function cancelQueued(chat: ChatClient, threadId: string, pendingId: string): Promise<void> {
  return chat.getChatThreadClient(threadId).cancelPendingMessage(pendingId);
}

/** Whether the browser keeps nothing for this page, as some do in private windows. */
export function keepsNothing(error: unknown): boolean {
  const { name, code } = error as { name?: unknown; code?: unknown };
  return name === "LocalDataError" && (code === "unavailable" || code === "notEnabled");
}

function toQueued({ pendingId, threadId, content, metadata, state, error }: PendingChatMessage): QueuedMessage {
  const name = metadata?.[NAME];
  return {
    pendingId,
    threadId,
    text: content,
    ...(name && { name }),
    ...(state === "failed" && error && { error }),
  };
}
