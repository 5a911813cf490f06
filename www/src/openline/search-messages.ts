// Finds messages by their words, in all of my threads or in one.
import { getIdentifierRawId, type ChatClient, type ChatMessageSearchItem } from "openline";

export interface FoundMessage {
  threadId: string;
  messageId: string;
  senderId: string;
  senderName: string;
  createdOn: number;
  /** A part of the text, in pieces; those that match are marked. */
  snippet: { text: string; match: boolean }[];
}

export interface FoundPage {
  found: FoundMessage[];
  /** Where the next page begins; absent on the last one. */
  more?: string | undefined;
}

export interface Search {
  query: string;
  threadId?: string | undefined;
}

export async function searchMessages(
  chat: ChatClient,
  { query, threadId }: Search,
  { signal, from }: { signal: AbortSignal; from?: string | undefined },
): Promise<FoundPage> {
  const { value, done } = await chat
    .searchMessages({ query, abortSignal: signal, ...(threadId && { threadId }) })
    .byPage(from ? { continuationToken: from } : {})
    .next();
  if (done) return { found: [] };
  return { found: value.map(toFound), more: value.continuationToken };
}

function toFound({ threadId, message, snippet }: ChatMessageSearchItem): FoundMessage {
  return {
    threadId,
    messageId: message.id,
    senderId: message.sender ? getIdentifierRawId(message.sender) : "",
    senderName: message.senderDisplayName ?? "",
    createdOn: message.createdOn.getTime(),
    snippet: pieces(snippet),
  };
}

function pieces({ text, highlights }: ChatMessageSearchItem["snippet"]): FoundMessage["snippet"] {
  const parts: FoundMessage["snippet"] = [];
  let at = 0;
  for (const { offset, length } of highlights) {
    parts.push({ text: text.slice(at, offset), match: false });
    parts.push({ text: text.slice(offset, offset + length), match: true });
    at = offset + length;
  }
  parts.push({ text: text.slice(at), match: false });
  return parts.filter(({ text }) => text !== "");
}
