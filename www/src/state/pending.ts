// Messages that are not on the server yet, as a conversation shows them.
import type { Attachment } from "../openline/attachments";
import type { Message } from "../openline/read-messages";
import type { Session } from "../openline/sign-in";
import type { PendingMessage } from "./app-state";
import { mergeMessages } from "./message-copies";
import { findThread, updateThread } from "./thread-list";

export function findPending(threadId: string, key: string): PendingMessage | undefined {
  return findThread(threadId)?.pending.find((message) => message.key === key);
}

/** Where it stands already, or behind those that wait longer. */
export function setPending(threadId: string, message: PendingMessage): void {
  updateThread(threadId, ({ pending }) => ({
    pending: pending.some(({ key }) => key === message.key)
      ? pending.map((other) => (other.key === message.key ? message : other))
      : [...pending, message],
  }));
}

export function dropPending(threadId: string, key: string): void {
  updateThread(threadId, ({ pending }) => ({ pending: pending.filter((other) => other.key !== key) }));
}

/** Now it is a message like any other. */
export function pendingSent(threadId: string, key: string, message: Message): void {
  updateThread(threadId, ({ pending, messages, lastActivity }) => ({
    pending: pending.filter((other) => other.key !== key),
    // The event of one's own message may have come first; it knows more.
    messages: mergeMessages(messages, [message]),
    lastActivity: Math.max(lastActivity, message.createdOn),
  }));
}

export function ownMessage(me: Session, id: string, text: string, attachments: Attachment[]): Message {
  return {
    id,
    // Of a message as it was sent, one number says both.
    version: Number(id),
    createdOn: Date.now(),
    kind: "text",
    senderId: me.userId,
    senderName: me.displayName,
    text,
    isHtml: false,
    deleted: false,
    attachments,
  };
}
