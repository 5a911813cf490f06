// Tells the server which messages have arrived on this device, so that those who wrote them see it.
import { tellsPresence } from "../openline/chat-limits";
import { sendDelivery } from "../openline/delivery-receipts";
import type { Session } from "../openline/sign-in";
import { store, type Thread } from "./app-state";
import { Telling, undelivered, type Outcome } from "./delivery";
import { isGone, mayPass } from "./errors";
import { later } from "./read-marks";
import { updateThread } from "./thread-list";

/** After the store's steps: what was read by then needs no such receipt. */
export function followDeliveries(session: Session): () => void {
  const deliveries = new Deliveries(session);
  const stop = store.subscribe(({ threads }) => deliveries.look(threads));
  return () => {
    deliveries.stopped = true;
    stop();
  };
}

class Deliveries {
  stopped = false;
  private readonly tellings = new Map<string, Telling>();
  private seen = new Set<Thread>();

  constructor(private readonly session: Session) {}

  look(threads: Thread[]): void {
    for (const thread of threads) if (!this.seen.has(thread)) this.tell(thread);
    this.seen = new Set(threads);
  }

  private tell(thread: Thread): void {
    if (!isKnown(thread)) return;
    const messageId = undelivered(thread.messages, this.session.userId, thread);
    if (!messageId) return;
    const telling = this.tellings.get(thread.id) ?? new Telling();
    this.tellings.set(thread.id, telling);
    void this.send(thread.id, telling, telling.arrived(messageId));
  }

  /** What is lost is made up for by the next one, and when the conversation is loaded again. */
  private async send(threadId: string, telling: Telling, first: string | undefined): Promise<void> {
    let messageId = first;
    while (messageId && !this.stopped) messageId = telling.ended(await this.sendOne(threadId, messageId));
  }

  private async sendOne(threadId: string, messageId: string): Promise<Outcome> {
    const { chatClient, userId } = this.session;
    try {
      await sendDelivery(chatClient, threadId, messageId);
    } catch (error) {
      if (mayPass(error)) return "lost";
      return isGone(error) ? "gone" : "refused";
    }
    if (this.stopped) return "told";
    updateThread(threadId, ({ deliveries }) => ({
      deliveries: { ...deliveries, [userId]: later(deliveries[userId], messageId) },
    }));
    return "told";
  }
}

/** Whether its newest messages are those of the server, and not too many people are in it. */
function isKnown({ history, members }: Thread): boolean {
  // What comes live into a conversation that is not loaded: the server says if that is one of many people.
  if (history === "unread") return true;
  return history === "ready" && members.length > 0 && tellsPresence(members.length);
}
