// Adds people to a chat thread, removes them, or leaves it oneself.
import { createIdentifierFromRawId, type ChatClient } from "openline";

import type { ThreadMember } from "./list-threads";

/** Whom the server did not add, by raw id. */
export async function addMembers(
  chat: ChatClient,
  threadId: string,
  people: ThreadMember[],
): Promise<string[]> {
  const { invalidParticipants } = await chat.getChatThreadClient(threadId).addParticipants({
    participants: people.map(({ id, name }) => ({
      id: createIdentifierFromRawId(id),
      displayName: name,
    })),
  });
  return (invalidParticipants ?? []).map(({ target }) => target ?? "");
}

/** With one's own id it is leaving. */
export function removeMember(chat: ChatClient, threadId: string, memberId: string): Promise<void> {
  return chat.getChatThreadClient(threadId).removeParticipant(createIdentifierFromRawId(memberId));
}
