// What stands in the list of a conversation, row by row: messages grouped by day and by who wrote
// them, what is pending, and where the unread ones begin.
import type { Message } from "../openline/read-messages";
import type { PendingMessage, Thread } from "../state/app-state";
import type { Row } from "./virtual-list/layout";

export type MessageRow = Row &
  (
    | { kind: "start" }
    | { kind: "day"; at: number }
    | { kind: "unread" }
    | { kind: "note"; message: Message; place: number }
    | { kind: "message"; message: Message; place: number; first: boolean; last: boolean }
    | { kind: "pending"; pending: PendingMessage }
  );

const TOGETHER_MS = 5 * 60_000;
const GUESS = { start: 56, day: 52, note: 28, line: 22, bubble: 14, file: 120, gap: 8 };
const CHARACTERS_A_LINE = 60;

type Source = Pick<Thread, "id" | "messages" | "pending" | "unreadFrom">;
let made: { from: Source; rows: MessageRow[] } | undefined;

/** The same rows as long as what they are made of is the same: the list may be long. */
export function messageRows({ id, messages, pending, unreadFrom }: Thread): MessageRow[] {
  const from = { id, messages, pending, unreadFrom };
  const keys = Object.keys(from) as (keyof Source)[];
  if (made && keys.every((key) => made?.from[key] === from[key])) return made.rows;
  made = { from, rows: makeRows(from) };
  return made.rows;
}

function makeRows({ messages, pending, unreadFrom }: Source): MessageRow[] {
  const rows: MessageRow[] = [{ kind: "start", key: "start", guess: GUESS.start }];
  let midnight = 0;
  let before: Message | undefined;
  messages.forEach((message, index) => {
    const newDay = message.createdOn >= midnight;
    if (newDay) {
      midnight = nextMidnight(message.createdOn);
      rows.push({ kind: "day", key: `day ${midnight}`, guess: GUESS.day, at: message.createdOn });
    }
    const unread = message.id === unreadFrom;
    if (unread) rows.push({ kind: "unread", key: "unread", guess: GUESS.day });
    const { id: key } = message;
    if (message.kind === "note") {
      rows.push({ kind: "note", key, guess: GUESS.note, message, place: index + 1 });
    } else {
      const after = messages[index + 1];
      const first = newDay || unread || !together(before, message);
      const endOfDay = after !== undefined && after.createdOn >= midnight;
      const last = !together(message, after) || endOfDay || after?.id === unreadFrom;
      rows.push({ kind: "message", key, guess: guess(message, first), message, place: index + 1, first, last });
    }
    before = message;
  });
  for (const message of pending) {
    const key = `pending ${message.key}`;
    rows.push({ kind: "pending", key, guess: guess({ ...message, attachments: [] }, true), pending: message });
  }
  return rows;
}

function together(a: Message | undefined, b: Message | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    a.kind === "text" &&
    b.kind === "text" &&
    a.senderId === b.senderId &&
    b.createdOn - a.createdOn < TOGETHER_MS
  );
}

function guess({ text, attachments }: Pick<Message, "text" | "attachments">, first: boolean): number {
  const lines = Math.max(1, Math.ceil(text.length / CHARACTERS_A_LINE));
  const files = attachments.length * GUESS.file;
  return lines * GUESS.line + GUESS.bubble + files + (first ? GUESS.gap : 0);
}

function nextMidnight(at: number): number {
  const day = new Date(at);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + 1).getTime();
}
