// Up to which message each person's devices have what was written.
import { getIdentifierRawId, type ChatClient } from "openline";

/** The latest message that arrived, by the raw id of whom it arrived at. */
export type DeliveryPositions = Record<string, string>;

export async function listDeliveries(chat: ChatClient, threadId: string): Promise<DeliveryPositions> {
  const deliveries: DeliveryPositions = {};
  for await (const receipt of chat.getChatThreadClient(threadId).listDeliveryReceipts()) {
    deliveries[getIdentifierRawId(receipt.sender)] = receipt.chatMessageId;
  }
  return deliveries;
}

export function sendDelivery(chat: ChatClient, threadId: string, messageId: string): Promise<void> {
  return chat.getChatThreadClient(threadId).sendDeliveryReceipt({ chatMessageId: messageId });
}
