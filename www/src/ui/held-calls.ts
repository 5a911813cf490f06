// The calls behind the one on the screen: who waits, and the way back to them.
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { isolate } from "../openline/isolate-name";
import type { AppState, OngoingCall } from "../state/app-state";
import { end, switchTo } from "../state/call-actions";
import { avatar } from "./avatar";
import { shortStateText } from "./call-state-text";
import { iconButton } from "./icon-button";
import { icon } from "./icons";

export function heldCalls({ otherCalls }: AppState): TemplateResult | typeof nothing {
  if (otherCalls.length === 0) return nothing;
  return html`<ul class="held-calls" aria-label="Other calls" data-testid="held-calls">
    ${repeat(otherCalls, ({ call }) => call, heldCall)}
  </ul>`;
}

function heldCall(call: OngoingCall): TemplateResult {
  return html`<li class="held-call" data-testid="held-call" data-state=${call.state}>
    ${avatar(call.peer, "small")}
    <span class="held-text">
      <bdi class="row-title">${call.peer.name}</bdi>
      <span class="held-state">${shortStateText(call)}</span>
    </span>
    ${heldActions(call)}
  </li>`;
}

export function heldActions(call: OngoingCall): TemplateResult | typeof nothing {
  if (call.ended) return nothing;
  return html`<button
      type="button"
      class="button small switch"
      data-testid="held-switch"
      aria-label="Switch to ${isolate(call.peer.name)}"
      @click=${() => void switchTo(call)}
    >
      ${icon("swap")} Switch
    </button>
    ${iconButton({
      icon: "hang-up",
      label: `Hang up on ${isolate(call.peer.name)}`,
      testid: "held-hang-up",
      kind: "danger",
      onClick: () => void end(call),
    })}`;
}
