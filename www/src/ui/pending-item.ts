// A message that is on its way, or that did not get through.
import { html, type TemplateResult } from "lit-html";

import type { PendingMessage } from "../state/app-state";
import { sendAgain } from "../state/messages";
import { icon } from "./icons";

export function pendingItem(threadId: string, message: PendingMessage): TemplateResult {
  const { key, text, failed } = message;
  return html`<li class="message own first last pending" data-testid="message-pending">
    <div class="bubble-line">
      <div class="bubble">
        <p class="text" dir="auto">${text}</p>
        <span class="meta">
          ${failed
            ? html`<span class="visually-hidden">Not sent</span>${icon("alert")}`
            : html`<span class="visually-hidden">Sending</span>${icon("clock")}`}
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
            @click=${() => void sendAgain(threadId, key)}
          >
            Send again
          </button>
        </p>`
      : ""}
  </li>`;
}
