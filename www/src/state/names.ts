// Which name stands for an identity, wherever it turns up.
import { isolate } from "../openline/isolate-name";
import type { Message } from "../openline/read-messages";
import { store, type Thread } from "./app-state";
import { plainText } from "./plain-text";

export function nameOf(id: string, otherwise = ""): string {
  const known = store.get().people.find((person) => person.id === id);
  return known?.name || otherwise || "Somebody";
}

/** A thread of two is called by the other person's name, a larger one by its topic. */
export function threadTitle(thread: Thread, myId: string): string {
  const others = thread.members.filter(({ id }) => id !== myId);
  const [only] = others;
  if (only && others.length === 1 && isDirect(thread)) return nameOf(only.id, only.name);
  return thread.topic || others.map(({ id, name }) => isolate(nameOf(id, name))).join(", ");
}

/** The other person of a thread of two. */
export function directPeer(thread: Thread, myId: string): { id: string; name: string } | undefined {
  const others = thread.members.filter(({ id }) => id !== myId);
  return others.length === 1 ? others[0] : undefined;
}

/** What a message says, in one line. */
export function messageSummary(message: Message): string {
  const { attachments } = message;
  const text = message.isHtml ? plainText(message) : message.text;
  const [first, ...others] = attachments;
  if (text || !first) return text;
  if (others.length > 0) return `${attachments.length} files`;
  return first.kind === "image" ? "Picture" : first.name;
}

/** The topic that a conversation gets when nobody names it. */
export function defaultTopic(names: string[]): string {
  return [...names].sort((a, b) => a.localeCompare(b)).join(", ");
}

function isDirect(thread: Thread): boolean {
  return thread.topic === "" || thread.topic === defaultTopic(thread.members.map((m) => m.name));
}
