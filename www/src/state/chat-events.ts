// What live chat events change in the store.
import { followChat, type ChatHandlers } from "../openline/follow-chat";
import { isolate } from "../openline/isolate-name";
import type { Message } from "../openline/read-messages";
import type { Session } from "../openline/sign-in";
import { announce } from "./announce";
import { store, type Thread } from "./app-state";
import { followDeliveries } from "./delivering";
import { messageChanged } from "./history";
import { mergeMessages } from "./message-copies";
import { messageSummary, nameOf, threadTitle } from "./names";
import { later } from "./read-marks";
import { followReading } from "./reading";
import { watchOutbox } from "./sending";
import { findThread, removeThread, updateThread } from "./thread-list";
import { loadThread, loadThreads } from "./threads";

// Somewhat longer than the pause between two notifications of somebody who goes on typing.
const TYPING_SHOWN_MS = 10_000;

const typingEnds = new Map<string, ReturnType<typeof setTimeout>>();

export function watchChat(session: Session): () => void {
  const { chatClient, userId } = session;
  let broken = false;
  const disconnected = () => (broken = true);
  const connected = () => {
    if (broken) void loadThreads();
    broken = false;
  };
  chatClient.on("realTimeNotificationDisconnected", disconnected);
  chatClient.on("realTimeNotificationConnected", connected);
  const stopEvents = followChat(chatClient, handlers(userId));
  const stopReads = followReading(session);
  const stopDeliveries = followDeliveries(session);
  const stopOutbox = watchOutbox(session);
  return () => {
    stopEvents();
    stopReads();
    stopDeliveries();
    stopOutbox();
    chatClient.off("realTimeNotificationDisconnected", disconnected);
    chatClient.off("realTimeNotificationConnected", connected);
  };
}

function handlers(myId: string): ChatHandlers {
  return {
    messageReceived: (threadId, message) => onMessage(threadId, message, myId),
    messageEdited: (threadId, { id, version, text, isHtml, attachments, editedOn }) =>
      messageChanged(threadId, { id, version, text, isHtml, attachments, ...(editedOn && { editedOn }) }),
    messageDeleted: (threadId, deleted) =>
      messageChanged(threadId, { ...deleted, text: "", deleted: true, attachments: [] }),
    typing: (threadId, typist) => {
      if (typist.id !== myId) onTyping(threadId, typist);
    },
    delivered: (threadId, recipientId, messageId) =>
      updateThread(threadId, ({ deliveries }) => ({
        deliveries: { ...deliveries, [recipientId]: later(deliveries[recipientId], messageId) },
      })),
    read: (threadId, readerId, messageId) =>
      updateThread(threadId, ({ reads }) => ({
        reads: { ...reads, [readerId]: later(reads[readerId], messageId) },
      })),
    threadAppeared: (threadId) => void loadThread(threadId),
    threadGone: removeThread,
    topicChanged: (threadId, topic) => {
      updateThread(threadId, () => ({ topic }));
      void loadThread(threadId);
    },
    membersChanged: (threadId, removed) => {
      if (removed?.ids.includes(myId)) onRemoved(threadId, myId, removed.byId);
      else void loadThread(threadId);
    },
  };
}

function onMessage(threadId: string, message: Message, myId: string): void {
  // The first message of a conversation can come before the news that there is one.
  if (!findThread(threadId)) return void loadThread(threadId);
  endTyping(threadId, message.senderId);
  updateThread(threadId, ({ messages, pending, lastActivity }) => ({
    messages: mergeMessages(messages, [message]),
    pending: message.senderId === myId ? withoutFirst(pending, message) : pending,
    lastActivity: Math.max(lastActivity, message.createdOn),
  }));
  if (message.senderId !== myId) {
    announce(`${isolate(nameOf(message.senderId, message.senderName))}: ${messageSummary(message)}`);
  }
}

/** One's own message is back from the server before the answer to sending it. */
function withoutFirst(pending: Thread["pending"], { text, attachments }: Message): Thread["pending"] {
  const index = pending.findIndex(
    (message) =>
      message.text === text && message.uploads.length === attachments.length && !message.failed,
  );
  return index < 0 ? pending : pending.toSpliced(index, 1);
}

/** Who left knows it. */
function onRemoved(threadId: string, myId: string, byId: string): void {
  const thread = findThread(threadId);
  if (!thread) return;
  const title = threadTitle(thread, myId);
  removeThread(threadId);
  if (byId !== myId) store.set({ error: `You are no longer in the conversation “${isolate(title)}”.` });
}

function onTyping(threadId: string, typist: { id: string; name: string }): void {
  const key = `${threadId} ${typist.id}`;
  clearTimeout(typingEnds.get(key));
  typingEnds.set(
    key,
    setTimeout(() => endTyping(threadId, typist.id), TYPING_SHOWN_MS),
  );
  updateThread(threadId, ({ typing }) => ({
    typing: [...typing.filter(({ id }) => id !== typist.id), typist],
  }));
}

function endTyping(threadId: string, typistId: string): void {
  const key = `${threadId} ${typistId}`;
  clearTimeout(typingEnds.get(key));
  typingEnds.delete(key);
  updateThread(threadId, ({ typing }) => ({ typing: typing.filter(({ id }) => id !== typistId) }));
}
