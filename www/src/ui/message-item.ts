import { html, nothing, type TemplateResult } from "lit-html";
import { guard } from "lit-html/directives/guard.js";

import type { Message } from "../openline/read-messages";
import { store, type AppState, type Thread } from "../state/app-state";
import { startEditing, tapMessage } from "../state/messages";
import { directPeer, nameOf } from "../state/names";
import { attachments } from "./attachments";
import { focusNeighbour } from "./directives";
import { iconButton } from "./icon-button";
import { linkedText } from "./linked-text";
import { readMark } from "./read-mark";
import { richText } from "./rich-text";
import { timeOfDay } from "./time";

export function messageItem(
  thread: Thread,
  message: Message,
  { myId, downloads }: { myId: string; downloads: AppState["downloads"] },
  place: { first: boolean; last: boolean; newestOwn: boolean; place: number; size: number },
): TemplateResult {
  const own = message.senderId === myId;
  const name = own ? "You" : nameOf(message.senderId, message.senderName);
  const classes = [
    "message",
    own ? "own" : "",
    place.first ? "first" : "",
    place.last ? "last" : "",
    place.newestOwn ? "newest-own" : "",
    message.deleted ? "deleted" : "",
    thread.editing?.messageId === message.id ? "edited-now" : "",
    thread.tapped === message.id ? "tapped" : "",
    thread.reveal?.key === message.id ? "revealed" : "",
  ];
  return html`<li
    class=${classes.filter(Boolean).join(" ")}
    data-testid="message"
    data-key=${message.id}
    aria-posinset=${place.place}
    aria-setsize=${place.size}
    data-message-id=${message.id}
    data-own=${own}
    data-deleted=${message.deleted}
    data-edited=${message.editedOn !== undefined}
  >
    ${!own && place.first && !directPeer(thread, myId)
      ? html`<bdi class="sender">${name}</bdi>`
      : html`<span class="visually-hidden"><bdi>${name}</bdi>:</span>`}
    <div class="bubble-line">
      ${own && !message.deleted ? actions(thread.id, message) : nothing}
      <div class="bubble ${message.attachments.length > 0 ? "with-files" : ""}" @click=${own ? () => tapMessage(thread.id, message.id) : nothing}>
        ${message.deleted
          ? html`<p class="text" data-testid="message-text">Message deleted</p>`
          : content(thread, message, downloads)}
        ${meta(thread, message, own)}
      </div>
    </div>
  </li>`;
}

function content({ id }: Thread, message: Message, downloads: AppState["downloads"]): TemplateResult {
  const { attachments: found, text } = message;
  return html`${found.length > 0 ? attachments(id, found, downloads) : nothing}
  ${text ? words(message) : nothing}`;
}

function words({ text, isHtml }: Message): TemplateResult {
  return isHtml
    ? html`<div class="text rich" dir="auto" data-testid="message-text">${guard([text], () => richText(text))}</div>`
    : html`<p class="text" dir="auto" data-testid="message-text">${guard([text], () => linkedText(text))}</p>`;
}

function meta(thread: Thread, message: Message, own: boolean): TemplateResult {
  return html`<span class="meta">
    ${message.editedOn !== undefined && !message.deleted ? html`<span>edited</span>` : nothing}
    <time datetime=${new Date(message.createdOn).toISOString()}>
      ${timeOfDay(message.createdOn)}
    </time>
    ${own && !message.deleted ? readMark(thread, message) : nothing}
  </span>`;
}

function actions(threadId: string, message: Message): TemplateResult {
  return html`<div class="message-actions" ${focusNeighbour()}>
    ${message.isHtml
      ? nothing
      : iconButton({
          icon: "pencil",
          label: "Edit message",
          testid: "message-edit",
          onClick: () => startEditing(threadId, message.id),
        })}
    ${iconButton({
      icon: "trash",
      label: "Delete message",
      testid: "message-delete",
      onClick: () =>
        store.set({ dialog: { kind: "delete-message", threadId, messageId: message.id } }),
    })}
  </div>`;
}
