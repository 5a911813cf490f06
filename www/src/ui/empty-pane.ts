import { html, type TemplateResult } from "lit-html";

import { backdrop } from "./brand";

export function emptyPane(
  text = "Choose a conversation, or call somebody from the list.",
): TemplateResult {
  return html`<div class="empty-pane">
    ${backdrop()}
    <p>${text}</p>
  </div>`;
}
