// Without a picture of the other one: both people and the line between them, dashed and moving
// while it is being opened, solid once it is, interrupted while it is on hold.
import { html, type TemplateResult } from "lit-html";

import type { AppState, OngoingCall } from "../state/app-state";
import { avatar } from "./avatar";

export function callPeople(call: OngoingCall, { session }: AppState): TemplateResult {
  const me = { id: session?.userId ?? "", name: session?.displayName ?? "" };
  const line = lineOf(call);
  return html`<div class="call-people" aria-hidden="true">
    ${avatar(me, "large")}
    <svg class="line ${line}" viewBox="0 0 120 12" preserveAspectRatio="none">
      <path d="M2 6H118" />
    </svg>
    ${avatar(call.peer, "large")}
  </div>`;
}

function lineOf({ ended, state }: OngoingCall): "open" | "opening" | "held" | "cut" {
  if (ended) return "cut";
  if (state === "LocalHold" || state === "RemoteHold") return "held";
  return state === "Connected" ? "open" : "opening";
}
