// A message that is on its way, or that did not get through.
import { html, type TemplateResult } from "lit-html";

import type { PendingMessage } from "../state/app-state";
import { sendAgain, takeBack } from "../state/sending";
import { icon } from "./icons";
import { linkedText } from "./linked-text";
import { uploadLine } from "./upload-tray";

export function pendingItem(threadId: string, message: PendingMessage): TemplateResult {
  const { text, uploads, failed } = message;
  return html`<li class="message own first last pending" data-testid="message-pending">
    <div class="bubble-line">
      <div class="bubble ${uploads.length > 0 ? "with-files" : ""}">
        ${uploads.length > 0
          ? html`<div class="attachments">
              ${uploads.map((upload) => html`<div class="file">${uploadLine(upload)}</div>`)}
            </div>`
          : ""}
        ${text ? html`<p class="text" dir="auto">${linkedText(text)}</p>` : ""}
        <span class="meta">
          ${failed
            ? html`<span class="visually-hidden">Not sent</span>${icon("alert")}`
            : html`<span class="read-mark" title="Waiting to be sent"
                >${icon("clock")}<span class="visually-hidden">Waiting to be sent</span></span
              >`}
        </span>
      </div>
    </div>
    ${failed
      ? html`<p class="not-sent" role="alert">
          ${failed}
          <button
            type="button"
            class="button small"
            data-testid="message-retry"
            @click=${() => void sendAgain(threadId, message)}
          >
            Send again
          </button>
          <button
            type="button"
            class="button small"
            data-testid="message-take-back"
            @click=${() => void takeBack(threadId, message)}
          >
            Take back
          </button>
        </p>`
      : ""}
  </li>`;
}
