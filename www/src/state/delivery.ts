// How far one's own message has come, and which of others' messages the server is still to be told
// about: decisions only, `delivering.ts` carries them out.

/** The latest message that reached a person, by that person's id. */
export type Positions = Readonly<Record<string, string>>;

export interface MessageMark {
  /** Stored; on a device of all the others; before the eyes of all of them. */
  state: "sent" | "delivered" | "read";
  deliveredTo: string[];
  readBy: string[];
  /** How many people it is for. */
  others: number;
}

/** What is known of a stored message; whoever has read it, or a later one, has it. */
export function messageMark(
  { id, senderId }: { id: string; senderId: string },
  { memberIds, deliveries, reads }: { memberIds: string[]; deliveries: Positions; reads: Positions },
): MessageMark {
  const others = memberIds.filter((member) => member !== senderId);
  const reached = (positions: Positions, member: string) => Number(positions[member] ?? 0) >= Number(id);
  const readBy = others.filter((member) => reached(reads, member));
  const deliveredTo = others.filter((member) => readBy.includes(member) || reached(deliveries, member));
  const all = (some: string[]) => others.length > 0 && some.length === others.length;
  const state = all(readBy) ? "read" : all(deliveredTo) ? "delivered" : "sent";
  return { state, deliveredTo, readBy, others: others.length };
}

/** The mark in words. */
export function markLabel({ state, deliveredTo, others }: MessageMark, readers: string): string {
  const delivered = deliveredTo.length;
  if (state === "read") return `Read by ${readers}`;
  const words = state === "delivered" && !readers ? ["Delivered"] : [];
  if (others > 1 && delivered > 0) words.splice(0, 1, `Delivered to ${delivered} of ${others}`);
  if (readers) words.push(`read by ${readers}`);
  return words.length > 0 ? words.join(", ") : "Sent";
}

/** The newest message of others that one does not have yet as far as the server knows. */
export function undelivered(
  messages: readonly { id: string; kind: string; senderId: string }[],
  myId: string,
  { deliveries, reads }: { deliveries: Positions; reads: Positions },
): string | undefined {
  const newest = messages.findLast(({ kind, senderId }) => kind === "text" && senderId !== myId);
  if (!newest) return undefined;
  const told = Math.max(Number(deliveries[myId] ?? 0), Number(reads[myId] ?? 0));
  return Number(newest.id) > told ? newest.id : undefined;
}

export type Outcome = "told" | "lost" | "gone" | "refused";

/** What is told of one conversation: one message at a time, and of those that wait only the newest. */
export class Telling {
  private current: string | undefined;
  private next: string | undefined;
  private gone: string | undefined;
  private givenUp = false;

  /** A message is here; answers with the one to tell of now. */
  arrived(messageId: string): string | undefined {
    const known = [this.gone, this.current, this.next];
    if (this.givenUp || known.some((one) => !isLater(messageId, one))) return undefined;
    if (this.current) this.next = messageId;
    else this.current = messageId;
    return this.next ? undefined : messageId;
  }

  /**
   * What became of it; answers with the one to tell of now. A refusal holds for all that come; a
   * message that is gone is not told of again, one that was lost may be.
   */
  ended(outcome: Outcome): string | undefined {
    this.givenUp ||= outcome === "refused";
    if (outcome === "gone") this.gone = this.current;
    this.current = this.givenUp ? undefined : this.next;
    this.next = undefined;
    return this.current;
  }
}

function isLater(messageId: string, than: string | undefined): boolean {
  return Number(messageId) > Number(than ?? 0);
}
