// Messages on their way. Words wait on the device until they are sent; files are uploaded first.
import {
  cancelQueued,
  followOutbox,
  keepsNothing,
  listQueued,
  queueMessage,
  sendQueuedAgain,
  type QueuedMessage,
} from "../openline/outbox";
import type { Message } from "../openline/read-messages";
import { sendMessage } from "../openline/send-message";
import type { Session } from "../openline/sign-in";
import { session, type PendingMessage, type Thread } from "./app-state";
import { explainError, showError } from "./errors";
import { findThread, mergeMessages, updateThread } from "./thread-list";
import { allUploaded, forgetUploads, type Upload } from "./uploads";

let lastKey = 0;

export async function send(threadId: string, text: string, uploads: Upload[]): Promise<void> {
  updateThread(threadId, ({ toEnd }) => ({ unreadFrom: undefined, toEnd: toEnd + 1 }));
  if (uploads.length > 0) return sendDirectly(threadId, text, uploads);
  const { chatClient, displayName } = session();
  try {
    await queueMessage(chatClient, threadId, text, displayName);
  } catch (error) {
    if (keepsNothing(error)) return sendDirectly(threadId, text, []);
    updateThread(threadId, ({ draft }) => ({ draft: draft || text }));
    showError("Sending", error);
  }
}

/** Puts what waits and what was sent into the store, from whichever tab. */
export function watchOutbox({ chatClient, userId, displayName }: Session): () => void {
  return followOutbox(chatClient, {
    changed: (message) => setPending(message.threadId, fromQueue(message)),
    canceled: ({ threadId, pendingId }) => dropPending(threadId, pendingId),
    sent: ({ threadId, pendingId, text }, id) =>
      onSent(threadId, pendingId, ownMessage(id, text, { id: userId, name: displayName })),
  });
}

/** What was left waiting when the page was closed. */
export async function loadQueued(threadId: string): Promise<void> {
  try {
    const queued = await listQueued(session().chatClient, threadId);
    for (const message of queued) setPending(threadId, fromQueue(message));
  } catch (error) {
    if (!keepsNothing(error)) console.warn("Reading what waits to be sent failed", error);
  }
}

export async function sendAgain(threadId: string, message: PendingMessage): Promise<void> {
  const { failed: _, ...again } = message;
  setPending(threadId, again);
  if (!message.queued) return deliver(threadId, message.key);
  try {
    await sendQueuedAgain(session().chatClient, threadId, message.key);
  } catch (error) {
    setPending(threadId, { ...message, failed: explainError("Sending", error) });
  }
}

/** Back into the composer, to be changed or dropped. */
export async function takeBack(threadId: string, message: PendingMessage): Promise<void> {
  const { key, text, uploads, queued } = message;
  try {
    if (queued) await cancelQueued(session().chatClient, threadId, key);
    dropPending(threadId, key);
    updateThread(threadId, (thread) => ({
      draft: [text, thread.draft].filter(Boolean).join("\n"),
      uploads: [...uploads, ...thread.uploads],
    }));
  } catch (error) {
    showError("Taking the message back", error);
  }
}

async function sendDirectly(threadId: string, text: string, uploads: Upload[]): Promise<void> {
  const key = `direct ${++lastKey}`;
  setPending(threadId, { key, text, uploads, queued: false });
  await deliver(threadId, key);
}

/** The files themselves say why. */
class UploadFailed extends Error {
  override readonly name = "UploadFailed";
}

async function deliver(threadId: string, key: string): Promise<void> {
  const { chatClient, userId, displayName } = session();
  const message = findThread(threadId)?.pending.find((message) => message.key === key);
  if (!message) return;
  const { text, uploads } = message;
  try {
    const attachments = await allUploaded(threadId, uploads).catch(() => {
      throw new UploadFailed();
    });
    const id = await sendMessage(chatClient, threadId, text, {
      senderDisplayName: displayName,
      attachments: attachments.map(({ id }) => ({ id })),
    });
    forgetUploads(uploads);
    onSent(threadId, key, {
      ...ownMessage(id, text, { id: userId, name: displayName }),
      attachments,
    });
  } catch (error) {
    console.error("Sending failed", error);
    const failed =
      error instanceof UploadFailed
        ? "A file could not be uploaded, so this was not sent."
        : explainError("Sending", error);
    updateThread(threadId, ({ pending }) => ({
      pending: pending.map((message) => (message.key === key ? { ...message, failed } : message)),
    }));
  }
}

function onSent(threadId: string, key: string, message: Message): void {
  updateThread(threadId, ({ pending, messages, lastActivity }) => ({
    pending: pending.filter((other) => other.key !== key),
    // The event of one's own message may have come first; it knows more.
    messages: mergeMessages([message], messages),
    lastActivity: Math.max(lastActivity, message.createdOn),
  }));
}

function ownMessage(id: string, text: string, me: { id: string; name: string }): Message {
  return {
    id,
    createdOn: Date.now(),
    kind: "text",
    senderId: me.id,
    senderName: me.name,
    text,
    isHtml: false,
    deleted: false,
    attachments: [],
  };
}

function fromQueue({ pendingId, text, error }: QueuedMessage): PendingMessage {
  // All that a server can find wrong with a text is its length.
  const reason = error?.statusCode === 400 ? { ...error, statusCode: 413 } : error;
  const failed = reason && explainError("Sending", reason);
  return { key: pendingId, text, uploads: [], queued: true, ...(failed && { failed }) };
}

/** Where it stands already, or behind those that wait longer. */
function setPending(threadId: string, message: PendingMessage): void {
  updateThread(threadId, ({ pending }: Thread) => ({
    pending: pending.some(({ key }) => key === message.key)
      ? pending.map((other) => (other.key === message.key ? message : other))
      : [...pending, message],
  }));
}

function dropPending(threadId: string, key: string): void {
  updateThread(threadId, ({ pending }) => ({ pending: pending.filter((other) => other.key !== key) }));
}
