import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState } from "../state/app-state";
import { leave } from "../state/session";

export function connectionBanner(connection: AppState["connection"]): TemplateResult {
  return html`<div role="status" class="banner-place">
    ${connection === "connected" ? nothing : banner(connection)}
  </div>`;
}

function banner(connection: "reconnecting" | "expired"): TemplateResult {
  return html`<div class="connection-banner" data-testid="connection-banner" data-state=${connection}>
    ${connection === "reconnecting"
      ? html`<span class="pulse" aria-hidden="true"></span>
          <span>Reconnecting. What you write waits here until the server answers.</span>`
      : html`<span>Your sign-in has ended.</span>
          <button type="button" class="button small" @click=${() => void leave()}>
            Sign in again
          </button>`}
  </div>`;
}
