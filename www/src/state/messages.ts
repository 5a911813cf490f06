// One's own messages of a conversation: writing, correcting, deleting.
import { bytesTooMany, tellsPresence } from "../openline/chat-limits";
import { deleteMessage } from "../openline/delete-message";
import { editMessage } from "../openline/edit-message";
import type { Message } from "../openline/read-messages";
import { sendTyping, typingEnded } from "../openline/send-typing";
import { session, type Thread } from "./app-state";
import { showError } from "./errors";
import { send } from "./sending";
import { findThread, updateThread } from "./thread-list";

/** Sends what is in the composer, or saves it if a message is being edited. */
export async function submitDraft(threadId: string): Promise<void> {
  const thread = findThread(threadId);
  if (!thread || !canSubmit(thread)) return;
  const text = composerText(thread).trim();
  const { editing, uploads } = thread;
  if (editing) {
    stopEditing(threadId);
    return saveEdit(threadId, editing.messageId, text);
  }
  typingEnded(threadId);
  updateThread(threadId, () => ({ draft: "", uploads: [] }));
  await send(threadId, text, uploads);
}

/** Whether what is in the composer can be sent or saved. Files may still be on their way. */
export function canSubmit(thread: Thread): boolean {
  const text = composerText(thread).trim();
  if (bytesTooMany(text) > 0) return false;
  if (!thread.editing && thread.uploads.some(({ failed }) => failed)) return false;
  return text !== "" || (!thread.editing && thread.uploads.length > 0);
}

async function saveEdit(threadId: string, messageId: string, text: string): Promise<void> {
  const before = findThread(threadId)?.messages.find(({ id }) => id === messageId)?.text;
  if (before === undefined || before === text) return;
  try {
    await editMessage(session().chatClient, threadId, messageId, text);
    changeMessage(threadId, messageId, { text, editedOn: Date.now() });
  } catch (error) {
    updateThread(threadId, () => ({ editing: { messageId, text } }));
    showError("Changing the message", error);
  }
}

export async function removeMessage(threadId: string, messageId: string): Promise<void> {
  try {
    await deleteMessage(session().chatClient, threadId, messageId);
    changeMessage(threadId, messageId, { text: "", deleted: true, attachments: [] });
  } catch (error) {
    showError("Deleting the message", error);
  }
}

/** What stands in the composer. */
export function composerText({ draft, editing }: Thread): string {
  return editing?.text ?? draft;
}

export function changeDraft(threadId: string, text: string): void {
  const { chatClient, displayName } = session();
  updateThread(threadId, ({ editing }) =>
    editing ? { editing: { ...editing, text } } : { draft: text },
  );
  const thread = findThread(threadId);
  if (!thread || thread.editing || !text.trim() || !tellsPresence(thread.members.length)) return;
  // Not worth an error message: the words arrive all the same.
  sendTyping(chatClient, threadId, displayName).catch((error: unknown) =>
    console.warn("Telling the others about typing failed", error),
  );
}

export function tapMessage(threadId: string, messageId: string): void {
  updateThread(threadId, ({ tapped }) => ({
    tapped: tapped === messageId ? undefined : messageId,
  }));
}

export function startEditing(threadId: string, messageId: string): void {
  const text = findThread(threadId)?.messages.find(({ id }) => id === messageId)?.text;
  if (text === undefined) return;
  updateThread(threadId, () => ({ editing: { messageId, text }, tapped: undefined }));
}

export function stopEditing(threadId: string): void {
  updateThread(threadId, () => ({ editing: undefined }));
}

export function changeMessage(
  threadId: string,
  messageId: string,
  change: Partial<Pick<Message, "text" | "isHtml" | "editedOn" | "deleted" | "attachments">>,
): void {
  updateThread(threadId, ({ messages }) => ({
    messages: messages.map((message) =>
      message.id === messageId ? { ...message, ...change } : message,
    ),
  }));
}
