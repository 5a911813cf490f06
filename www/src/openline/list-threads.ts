// My chat threads, and the people in one of them.
import { getIdentifierRawId, type ChatClient } from "openline";

export interface ThreadSummary {
  id: string;
  topic: string;
  lastActivity: number;
}

export interface ThreadMember {
  id: string;
  name: string;
}

/** The newest threads first, at most `limit` of them. */
export async function listThreads(chat: ChatClient, limit: number): Promise<ThreadSummary[]> {
  const threads: ThreadSummary[] = [];
  for await (const item of chat.listChatThreads()) {
    if (item.deletedOn) continue;
    const lastActivity = item.lastMessageReceivedOn?.getTime() ?? 0;
    threads.push({ id: item.id, topic: item.topic, lastActivity });
    if (threads.length >= limit) break;
  }
  return threads;
}

export async function listMembers(chat: ChatClient, threadId: string): Promise<ThreadMember[]> {
  const members: ThreadMember[] = [];
  for await (const { id, displayName } of chat.getChatThreadClient(threadId).listParticipants()) {
    members.push({ id: getIdentifierRawId(id), name: displayName ?? "" });
  }
  return members;
}
