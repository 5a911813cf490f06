// Up to which message each person has read.
import { getIdentifierRawId, type ChatClient } from "openline";

/** The latest message read, by the reader's raw id. */
export type ReadPositions = Record<string, string>;

export async function listReads(chat: ChatClient, threadId: string): Promise<ReadPositions> {
  const reads: ReadPositions = {};
  for await (const receipt of chat.getChatThreadClient(threadId).listReadReceipts()) {
    reads[getIdentifierRawId(receipt.sender)] = receipt.chatMessageId;
  }
  return reads;
}

export function sendRead(chat: ChatClient, threadId: string, messageId: string): Promise<void> {
  return chat.getChatThreadClient(threadId).sendReadReceipt({ chatMessageId: messageId });
}
