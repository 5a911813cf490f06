import { html, nothing, type TemplateResult } from "lit-html";

import { isolate } from "../openline/isolate-name";
import type { AppState, Thread } from "../state/app-state";
import { directPeer, messageSummary, nameOf, threadTitle } from "../state/names";
import { unreadLabel, unreadOf } from "../state/thread-list";
import { preview } from "../state/threads";
import { avatar } from "./avatar";
import { inView } from "./directives";
import { icon } from "./icons";
import { shortTime } from "./time";

export function threadRow(thread: Thread, state: AppState): TemplateResult {
  const myId = state.session?.userId ?? "";
  const title = threadTitle(thread, myId);
  const unread = unreadOf(thread, myId);
  const open = state.route.page === "thread" && state.route.threadId === thread.id;
  return html`<li ${inView(() => preview(thread))}>
    <a
      class="row thread ${unread.count > 0 ? "unread" : ""}"
      href="#/thread/${encodeURIComponent(thread.id)}"
      data-testid="thread-${thread.topic}"
      data-thread-id=${thread.id}
      data-unread=${unread.count}
      aria-current=${open ? "page" : nothing}
    >
      ${threadAvatar(thread, myId, title)}
      <span class="row-text">
        <span class="row-line">
          <bdi class="row-title">${title}</bdi>
          ${thread.lastActivity
            ? html`<span class="row-time">${shortTime(thread.lastActivity, Date.now())}</span>`
            : nothing}
        </span>
        <span class="row-line">
          <span class="row-preview">${previewText(thread, myId)}</span>
          ${waitingMark(thread)}
          ${unread.count > 0
            ? html`<span class="badge" data-testid="unread"
                >${unreadLabel(unread)}<span class="visually-hidden"> unread</span></span
              >`
            : nothing}
        </span>
      </span>
    </a>
  </li>`;
}

function waitingMark({ pending }: Thread): TemplateResult | typeof nothing {
  if (pending.length === 0) return nothing;
  const failed = pending.some((message) => message.failed);
  return html`<span class="row-waiting ${failed ? "failed" : ""}" data-testid="thread-waiting"
    >${icon(failed ? "alert" : "clock")}<span class="visually-hidden">${pending.length} not sent yet</span></span
  >`;
}

export function threadAvatar(thread: Thread, myId: string, title: string): TemplateResult {
  const peer = directPeer(thread, myId);
  return peer
    ? avatar({ id: peer.id, name: nameOf(peer.id, peer.name) })
    : avatar({ id: thread.id, name: title }, "group");
}

function previewText(thread: Thread, myId: string): TemplateResult | string {
  const [typist] = thread.typing;
  if (typist) return html`<em class="typing-hint"><bdi>${nameOf(typist.id, typist.name)}</bdi> is typing…</em>`;
  const waiting = thread.pending.at(-1);
  if (waiting) return `You: ${waiting.text || (waiting.uploads[0]?.file.name ?? "")}`;
  const last = thread.messages.findLast(({ kind }) => kind === "text");
  if (!last) return thread.history === "ready" ? "No messages yet" : "";
  if (last.deleted) return "Message deleted";
  if (last.senderId === myId) return `You: ${messageSummary(last)}`;
  return directPeer(thread, myId)
    ? messageSummary(last)
    : `${isolate(nameOf(last.senderId, last.senderName))}: ${messageSummary(last)}`;
}
