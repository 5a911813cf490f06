// Above everything else while messages do not arrive: why, and what becomes of what one writes.
import { html, nothing, type TemplateResult } from "lit-html";

import type { Connection } from "../state/connection";
import { signInAgain } from "../state/session";

export function connectionBanner(connection: Connection): TemplateResult {
  return html`<div role="status" class="banner-place">
    ${connection.state === "connected" ? nothing : banner(connection)}
  </div>`;
}

function banner(connection: Connection): TemplateResult {
  return html`<div
    class="connection-banner"
    data-testid="connection-banner"
    data-state=${connection.state}
  >
    ${content(connection)}
  </div>`;
}

function content(connection: Connection): TemplateResult | typeof nothing {
  switch (connection.state) {
    case "connected":
      return nothing;
    case "offline":
      return html`<span>You are offline. What you write, files included, is sent when the network is back.</span>`;
    case "reconnecting":
      return html`<span class="pulse" aria-hidden="true"></span>
        <span>${why(connection.because)} What you write, files included, is sent when it is back.</span>`;
    case "expired":
      return html`<span>Your sign-in has ended.</span>
        <button type="button" class="button small" @click=${() => void signInAgain()}>Sign in again</button>`;
    case "stopped":
      return html`<span>Nothing new arrives here any more.</span>
        <button type="button" class="button small" @click=${() => location.reload()}>Reload</button>`;
  }
}

function why(because: Extract<Connection, { state: "reconnecting" }>["because"]): string {
  switch (because) {
    case "serverClosed":
      return "The server is restarting or busy. Reconnecting…";
    case "timedOut":
      return "The server does not answer. Reconnecting…";
    case "tokenUnavailable":
    case "tokenRefused":
      return "Your sign-in could not be renewed yet. Trying again…";
    default:
      return "The connection was lost. Reconnecting…";
  }
}
