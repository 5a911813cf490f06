// Messages on their way. They wait on the device until they are sent; those with files take the way over their uploads.
import { keptMessages } from "../device/kept-messages";
import {
  cancelQueued,
  followOutbox,
  keepsNothing,
  listQueued,
  queueMessage,
  sendQueuedAgain,
  type QueuedMessage,
} from "../openline/outbox";
import type { Session } from "../openline/sign-in";
import { session, store, type PendingMessage } from "./app-state";
import { explainError, showError } from "./errors";
import { dropPending, ownMessage, pendingSent, setPending } from "./pending";
import {
  attachmentsOf,
  dropWithFiles,
  hasWithFiles,
  sendWithFiles,
  sendWithFilesAgain,
  showWithFiles,
  uploadsOf,
  watchWithFiles,
} from "./sending-files";
import { updateThread } from "./thread-list";
import { forgetUploads, retryUpload, type Upload } from "./uploads";

export async function send(threadId: string, text: string, uploads: Upload[]): Promise<void> {
  updateThread(threadId, ({ toEnd }) => ({ unreadFrom: undefined, toEnd: toEnd + 1 }));
  // What is written after a message with files comes after it.
  if (uploads.length > 0 || hasWithFiles(threadId)) return sendWithFiles(threadId, text, uploads);
  const { chatClient, displayName } = session();
  try {
    await queueMessage(chatClient, threadId, text, { senderDisplayName: displayName });
  } catch (error) {
    if (keepsNothing(error)) return sendWithFiles(threadId, text, []);
    updateThread(threadId, ({ draft }) => ({ draft: draft || text }));
    showError("Sending", error);
  }
}

/** Puts what waits and what was sent into the store, from whichever tab. */
export function watchOutbox(session: Session): () => void {
  const stopFiles = watchWithFiles(session);
  const stopOutbox = followOutbox(session.chatClient, {
    changed: (message) => setPending(message.threadId, fromQueue(message)),
    // One with files that was taken out of the outbox may be on its way into it again.
    canceled: ({ threadId, pendingId, name }) => {
      if (!name) dropPending(threadId, pendingId);
    },
    sent: (message, id) => void onSent(session, message, id),
  });
  return () => {
    stopOutbox();
    stopFiles();
  };
}

/** What was left waiting when the page was closed. */
export async function loadQueued(threadId: string): Promise<void> {
  showWithFiles(threadId);
  try {
    const queued = await listQueued(session().chatClient, threadId);
    for (const message of queued) setPending(threadId, fromQueue(message));
  } catch (error) {
    if (!keepsNothing(error)) console.warn("Reading what waits to be sent failed", error);
  }
}

/** The same in every conversation that this device knows. */
export async function loadAllQueued(): Promise<void> {
  await Promise.all(store.get().threads.map(({ id }) => loadQueued(id)));
}

/** How many messages this device holds that are not sent, whether or not they are on the screen. */
export async function countWaiting(): Promise<number> {
  const { threads } = store.get();
  const { chatClient } = session();
  const shown = threads.flatMap(({ pending }) => pending.map(({ key }) => key));
  const queued = await Promise.all(threads.map(({ id }) => listQueued(chatClient, id).catch(() => [])));
  const withFiles = await keptMessages().catch(() => []);
  const keys = [...queued.flat().map(({ name, pendingId }) => name ?? pendingId), ...withFiles.map(({ key }) => key)];
  return new Set([...shown, ...keys]).size;
}

export async function sendAgain(threadId: string, message: PendingMessage): Promise<void> {
  const { failed: _, ...again } = message;
  const { key, pendingId, refused } = message;
  setPending(threadId, again);
  const { chatClient } = session();
  try {
    if (pendingId && !(refused && uploadsOf(key).length > 0)) {
      return await sendQueuedAgain(chatClient, threadId, pendingId);
    }
    if (pendingId) await cancelQueued(chatClient, threadId, pendingId);
    await sendWithFilesAgain(threadId, key);
  } catch (error) {
    setPending(threadId, { ...message, failed: explainError("Sending", error) });
  }
}

/** Back into the composer, to be changed or dropped. */
export async function takeBack(threadId: string, message: PendingMessage): Promise<void> {
  const { key, text, uploads, pendingId } = message;
  try {
    if (pendingId) await cancelQueued(session().chatClient, threadId, pendingId);
    await dropWithFiles(key, { tell: true });
    dropPending(threadId, key);
    updateThread(threadId, (thread) => ({
      draft: [text, thread.draft].filter(Boolean).join("\n"),
      uploads: [...uploads, ...thread.uploads],
    }));
    // The server may have let go of them.
    if (pendingId) for (const upload of uploads) retryUpload(threadId, upload);
  } catch (error) {
    showError("Taking the message back", error);
  }
}

async function onSent(session: Session, { threadId, pendingId, name, text }: QueuedMessage, id: string): Promise<void> {
  const key = name ?? pendingId;
  const attachments = await attachmentsOf(key);
  // Without its files, the event of the message itself shows it.
  if (attachments && (text || attachments.length > 0)) pendingSent(threadId, key, ownMessage(session, id, text, attachments));
  else dropPending(threadId, key);
  forgetUploads(uploadsOf(key));
  await dropWithFiles(key);
}

function fromQueue({ pendingId, name, text, error }: QueuedMessage): PendingMessage {
  const key = name ?? pendingId;
  const uploads = uploadsOf(key);
  // All that a server can find wrong with a text is its length.
  const reason = error?.statusCode === 400 && uploads.length === 0 ? { ...error, statusCode: 413 } : error;
  const failed = reason && explainError("Sending", reason);
  const refused = (error?.statusCode ?? 500) < 500;
  return { key, text, uploads, pendingId, ...(failed && { failed, refused }) };
}
