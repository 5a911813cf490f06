// Which copy of a message counts: pages and live events overtake each other, and each says which version it has.
import type { Message } from "../openline/read-messages";

/** What happened to one message, as an event tells it. */
export type MessageChange = Pick<Message, "id" | "version"> &
  Partial<Pick<Message, "text" | "isHtml" | "attachments" | "editedOn" | "deleted">>;

// So many happen while a page is under way, at most.
const MOST_CHANGES = 200;

/** Adds messages and keeps them in order; of two copies of one the newer counts, of the same version the known one. */
export function mergeMessages(known: Message[], found: Message[]): Message[] {
  const [oldest, newest] = [found[0], found.at(-1)];
  if (!oldest || !newest) return known;
  // The two usual cases, in a list that may be long: all of them newer, or all of them earlier.
  if (isAfter(oldest, known.at(-1))) return [...known, ...found];
  if (isAfter(known[0], newest)) return [...found, ...known];
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of found) {
    const before = byId.get(message.id);
    if (!before || message.version > before.version) byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => Number(a.id) - Number(b.id));
}

/** The messages after a change, unless what is known is newer. */
export function withChange(messages: Message[], change: MessageChange): Message[] {
  return messages.map((message) =>
    message.id === change.id && change.version > message.version ? { ...message, ...change } : message,
  );
}

/** What changes while pages are under way, which may bring the messages as they were before. */
export class ChangesMeanwhile {
  private readonly underWay = new Map<string, Set<MessageChange[]>>();

  note(threadId: string, change: MessageChange): void {
    for (const changes of this.underWay.get(threadId) ?? []) {
      changes.push(change);
      if (changes.length > MOST_CHANGES) changes.shift();
    }
  }

  /** Reads messages of a conversation, and gives them as they are once they are here. */
  async during<Page extends { messages: Message[] }>(threadId: string, read: () => Promise<Page>): Promise<Page> {
    const changes: MessageChange[] = [];
    const pages = this.underWay.get(threadId) ?? new Set();
    this.underWay.set(threadId, pages.add(changes));
    try {
      const page = await read();
      return { ...page, messages: changes.reduce(withChange, page.messages) };
    } finally {
      pages.delete(changes);
      if (pages.size === 0) this.underWay.delete(threadId);
    }
  }
}

function isAfter(a: Message | undefined, b: Message | undefined): boolean {
  return a !== undefined && Number(a.id) > Number(b?.id ?? 0);
}
