// The messages of a conversation, grouped by day and by who wrote them.
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import type { Thread } from "../state/app-state";
import type { Message } from "../openline/read-messages";
import { loadEarlier } from "../state/messages";
import { loadThread } from "../state/threads";
import { keepAtEnd } from "./directives";
import { messageItem } from "./message-item";
import { pendingItem } from "./pending-item";
import { dayName, isSameDay } from "./time";

const TOGETHER_MS = 5 * 60_000;

export function messageList(thread: Thread, myId: string): TemplateResult {
  const { messages, pending } = thread;
  const newestOwn = messages.findLast((m) => m.senderId === myId && !m.deleted)?.id;
  return html`<div class="messages" tabindex="0" aria-label="Messages" ${keepAtEnd(thread.id)}>
    ${status(thread)}
    <ol class="message-list" data-testid="message-list">
      ${repeat(
        messages,
        ({ id }) => id,
        (_message, index) => entry(thread, messages, index, myId, newestOwn),
      )}
      ${repeat(
        pending,
        ({ key }) => key,
        (message) => pendingItem(thread.id, message),
      )}
    </ol>
  </div>`;
}

function status(thread: Thread): TemplateResult | typeof nothing {
  if (thread.history === "failed") {
    return html`<p class="messages-status">
      The messages could not be loaded.
      <button type="button" class="button small" @click=${() => void loadThread(thread.id)}>
        Try again
      </button>
    </p>`;
  }
  if (thread.history === "loading") return html`<p class="messages-status">Loading…</p>`;
  if (!thread.earlier) return nothing;
  return html`<p class="messages-status">
    <button
      type="button"
      class="button small"
      data-testid="load-earlier"
      @click=${() => void loadEarlier(thread.id)}
    >
      Earlier messages
    </button>
  </p>`;
}

function entry(
  thread: Thread,
  messages: Message[],
  index: number,
  myId: string,
  newestOwn: string | undefined,
): TemplateResult {
  const message = messages[index]!;
  const before = messages[index - 1];
  const newDay = !before || !isSameDay(before.createdOn, message.createdOn);
  return html`
    ${newDay
      ? html`<li class="day">
          <span>${dayName(message.createdOn, Date.now())}</span>
        </li>`
      : nothing}
    ${message.kind === "note"
      ? html`<li class="note">${message.text}</li>`
      : messageItem(thread, message, myId, {
          first: newDay || !together(before, message),
          last: !together(message, messages[index + 1]),
          newestOwn: message.id === newestOwn,
        })}
  `;
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
