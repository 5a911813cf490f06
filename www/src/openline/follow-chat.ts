// Everything that happens in my chat threads, live.
import { getIdentifierRawId, type ChatClient, type ChatMessageReceivedEvent } from "openline";

import { toAttachment } from "./attachments";
import type { Message } from "./read-messages";

export interface ChatHandlers {
  messageReceived(threadId: string, message: Message): void;
  messageEdited(threadId: string, message: Message): void;
  messageDeleted(threadId: string, deleted: { id: string; version: number }): void;
  typing(threadId: string, typist: { id: string; name: string }): void;
  delivered(threadId: string, recipientId: string, messageId: string): void;
  read(threadId: string, readerId: string, messageId: string): void;
  threadAppeared(threadId: string): void;
  threadGone(threadId: string): void;
  topicChanged(threadId: string, topic: string): void;
  membersChanged(threadId: string, removed?: { ids: string[]; byId: string }): void;
}

/** The client has to have its realtime notifications started. */
export function followChat(chat: ChatClient, handlers: ChatHandlers): () => void {
  const stops: (() => void)[] = [];
  const listen: ChatClient["on"] = (event, listener) => {
    chat.on(event, listener);
    stops.push(() => chat.off(event, listener));
  };

  listen("chatMessageReceived", (event) =>
    handlers.messageReceived(event.threadId, toMessage(event)),
  );
  listen("chatMessageEdited", (event) =>
    handlers.messageEdited(event.threadId, {
      ...toMessage(event),
      editedOn: event.editedOn.getTime(),
    }),
  );
  listen("chatMessageDeleted", (event) => handlers.messageDeleted(event.threadId, { id: event.id, version: Number(event.version) }));
  listen("typingIndicatorReceived", (event) =>
    handlers.typing(event.threadId, {
      id: getIdentifierRawId(event.sender),
      name: event.senderDisplayName,
    }),
  );
  listen("deliveryReceiptReceived", (event) =>
    handlers.delivered(event.threadId, getIdentifierRawId(event.sender), event.chatMessageId),
  );
  listen("readReceiptReceived", (event) =>
    handlers.read(event.threadId, getIdentifierRawId(event.sender), event.chatMessageId),
  );
  listen("chatThreadCreated", (event) => handlers.threadAppeared(event.threadId));
  listen("chatThreadDeleted", (event) => handlers.threadGone(event.threadId));
  listen("chatThreadPropertiesUpdated", (event) =>
    handlers.topicChanged(event.threadId, event.properties.topic),
  );
  listen("participantsAdded", (event) => handlers.membersChanged(event.threadId));
  listen("participantsRemoved", (event) =>
    handlers.membersChanged(event.threadId, {
      ids: event.participantsRemoved.map(({ id }) => getIdentifierRawId(id)),
      byId: getIdentifierRawId(event.removedBy.id),
    }),
  );

  return () => stops.forEach((stop) => stop());
}

function toMessage(event: ChatMessageReceivedEvent): Message {
  return {
    id: event.id,
    version: Number(event.version),
    createdOn: event.createdOn.getTime(),
    kind: "text",
    senderId: getIdentifierRawId(event.sender),
    senderName: event.senderDisplayName,
    text: event.message,
    isHtml: /html/i.test(event.type),
    deleted: false,
    attachments: (event.attachments ?? []).map(toAttachment),
  };
}
