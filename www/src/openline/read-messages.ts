// The history of a thread, a page at a time, newest page first.
import { getIdentifierRawId, type ChatClient, type ChatMessage } from "openline";

import { toAttachment, type Attachment } from "./attachments";
import { isolate } from "./isolate-name";

export interface Message {
  id: string;
  /** Rises with each change of the message. */
  version: number;
  createdOn: number;
  kind: "text" | "note";
  senderId: string;
  senderName: string;
  /** As it was written: of an HTML message it is markup, and nothing to show before it is sanitised. */
  text: string;
  isHtml: boolean;
  editedOn?: number;
  deleted: boolean;
  attachments: Attachment[];
}

export interface MessagePage {
  /** In the order they were written. */
  messages: Message[];
  /** Where the page before this one begins; absent if this is the first of the thread. */
  earlier?: string | undefined;
}

/** The newest messages, or those before a page that was read. */
export async function readMessages(
  chat: ChatClient,
  threadId: string,
  { size, earlier }: { size: number; earlier?: string | undefined },
): Promise<MessagePage> {
  const { value, done } = await chat
    .getChatThreadClient(threadId)
    .listMessages({ maxPageSize: size })
    .byPage({ maxPageSize: size, ...(earlier && { continuationToken: earlier }) })
    .next();
  if (done) return { messages: [] };
  return {
    messages: value.filter(isWorthShowing).map(toMessage).reverse(),
    earlier: value.continuationToken,
  };
}

/** The newest messages as this device keeps them: at once, and offline. */
export async function readKeptMessages(chat: ChatClient, threadId: string): Promise<Message[]> {
  const kept = await chat.getChatThreadClient(threadId).getCachedMessages();
  return kept.filter(isWorthShowing).map(toMessage).reverse();
}

/** The second message of every thread only repeats the topic it was created with. */
function isWorthShowing({ type, sequenceId }: ChatMessage): boolean {
  return type !== "topicUpdated" || sequenceId !== "2";
}

function toMessage(message: ChatMessage): Message {
  const sender = message.sender ?? message.content?.initiator;
  return {
    id: message.id,
    version: Number(message.version),
    createdOn: message.createdOn.getTime(),
    kind: message.type === "text" || message.type === "html" ? "text" : "note",
    senderId: sender ? getIdentifierRawId(sender) : "",
    senderName: message.senderDisplayName ?? "",
    text: messageText(message),
    isHtml: message.type === "html",
    deleted: message.deletedOn !== undefined,
    attachments: (message.content?.attachments ?? []).map(toAttachment),
    ...(message.editedOn && { editedOn: message.editedOn.getTime() }),
  };
}

function messageText({ type, content }: ChatMessage): string {
  const names = (content?.participants ?? []).map(({ displayName }) => isolate(displayName ?? "someone"));
  switch (type) {
    case "topicUpdated":
      return `The conversation is called “${isolate(content?.topic ?? "")}”`;
    case "participantAdded":
      return `${joinNames(names)} joined`;
    case "participantRemoved":
      return leftByThemselves(content) ? `${joinNames(names)} left` : `${joinNames(names)} was removed`;
    default:
      return content?.message ?? "";
  }
}

function leftByThemselves(content: ChatMessage["content"]): boolean {
  const [only, ...others] = content?.participants ?? [];
  if (!only || !content?.initiator || others.length > 0) return false;
  return getIdentifierRawId(only.id) === getIdentifierRawId(content.initiator);
}

function joinNames(names: string[]): string {
  return new Intl.ListFormat("en").format(names);
}
