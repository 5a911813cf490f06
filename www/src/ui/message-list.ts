// The messages of a conversation, however many, and the way back to the newest.
import { html, nothing, type TemplateResult } from "lit-html";

import { store, type AppState, type Thread } from "../state/app-state";
import { loadEarlier } from "../state/history";
import { goToEnd, setEndInView } from "../state/reading";
import { unreadLabel, unreadOf } from "../state/thread-list";
import { loadThread } from "../state/threads";
import { icon } from "./icons";
import { messageItem } from "./message-item";
import { messageRows, type MessageRow } from "./message-rows";
import { pendingItem } from "./pending-item";
import { dayName } from "./time";
import { virtualList } from "./virtual-list/virtual-list";

export function messageList(
  thread: Thread,
  myId: string,
  downloads: AppState["downloads"],
): TemplateResult {
  const newestOwn = thread.messages.findLast((m) => m.senderId === myId && !m.deleted)?.id;
  return html`<div class="messages-area">
    <div class="messages" role="region" tabindex="0" aria-label="Messages">
      ${virtualList<MessageRow>({
        list: thread.id,
        rows: messageRows(thread),
        draw: (row) => draw(row, thread, { myId, newestOwn, downloads }),
        toEnd: thread.toEnd,
        reveal: thread.reveal,
        onNearStart: () => {
          if (thread.earlierState === "idle") void loadEarlier(thread.id);
        },
        onEndInView: (inView) => setEndInView(thread.id, inView),
      })}
    </div>
    ${thread.seeking ? html`<p class="seeking" role="status" data-testid="seeking">Finding the message…</p>` : nothing}
    ${thread.endInView || thread.messages.length === 0 ? nothing : jumpToNewest(thread, myId)}
  </div>`;
}

function draw(
  row: MessageRow,
  thread: Thread,
  context: { myId: string; newestOwn: string | undefined; downloads: AppState["downloads"] },
): TemplateResult {
  switch (row.kind) {
    case "start":
      return html`<li class="messages-status" data-key=${row.key}>${start(thread)}</li>`;
    case "day":
      return html`<li class="day"><span>${dayName(row.at, Date.now())}</span></li>`;
    case "unread":
      return html`<li class="unread-line" data-testid="unread-line"><span>New messages</span></li>`;
    case "note":
      return html`<li class="note" aria-posinset=${row.place} aria-setsize=${size(thread)}>
        ${row.message.text}
      </li>`;
    case "message":
      return messageItem(thread, row.message, context, {
        first: row.first,
        last: row.last,
        newestOwn: row.message.id === context.newestOwn,
        place: row.place,
        size: size(thread),
      });
    case "pending":
      return pendingItem(thread.id, row.pending);
  }
}

/** How many messages there are, for a screen reader; -1 while nobody knows. */
function size({ earlier, messages }: Thread): number {
  return earlier ? -1 : messages.length;
}

function start(thread: Thread): TemplateResult | string | typeof nothing {
  const failed = thread.earlierState === "failed";
  if (thread.history === "failed" || failed) {
    const again = () => void (failed ? loadEarlier(thread.id) : loadThread(thread.id));
    return html`The messages could not be loaded.
      <button type="button" class="button small" data-testid="load-earlier" @click=${again}>
        Try again
      </button>`;
  }
  const away = store.get().connection.state !== "connected";
  if (thread.history === "kept" && away) return "Earlier messages are shown when the server is back.";
  if (["loading", "kept"].includes(thread.history) || thread.earlier) return "Loading…";
  if (thread.messages.length === 0) return nothing;
  return html`<span data-testid="conversation-start">The conversation begins here.</span>`;
}

function jumpToNewest(thread: Thread, myId: string): TemplateResult {
  const unread = unreadOf(thread, myId);
  const newest = "Go to the newest messages";
  return html`<button
    type="button"
    class="jump-to-newest"
    data-testid="jump-to-newest"
    aria-label=${unread.count > 0 ? `${newest}, ${unreadLabel(unread)} unread` : newest}
    title=${newest}
    @click=${() => goToEnd(thread.id)}
  >
    ${icon("down")}
    ${unread.count > 0 ? html`<span class="badge">${unreadLabel(unread)}</span>` : nothing}
  </button>`;
}
