// The calls while one looks at conversations: a strip for each above them.
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { isolate } from "../openline/isolate-name";
import type { AppState, OngoingCall } from "../state/app-state";
import { end, setExpanded, switchHold, switchMute } from "../state/call-actions";
import { switchSharing } from "../state/sharing";
import { avatar } from "./avatar";
import { callStateText, shortStateText } from "./call-state-text";
import { heldActions } from "./held-calls";
import { iconButton } from "./icon-button";
import { duration } from "./time";

export function callStrip(call: OngoingCall, { now, otherCalls }: AppState): TemplateResult {
  return html`<section class="call-strips" aria-label="Calls">
    ${strip(call, now, "call-strip", actions(call))}
    ${repeat(otherCalls, (other) => other.call, (other) => strip(other, now, "held-strip", heldActions(other)))}
  </section>`;
}

function strip(call: OngoingCall, now: number, testid: string, buttons: TemplateResult | typeof nothing): TemplateResult {
  return html`<div class="call-strip" role="group" aria-label="Call with ${isolate(call.peer.name)}" data-testid=${testid}>
    ${avatar(call.peer, "small")}
    <bdi class="row-title">${call.peer.name}</bdi>
    <span class="call-timer">${stripText(call, now)}</span>
    <div class="row-actions">${buttons}</div>
  </div>`;
}

function stripText(call: OngoingCall, now: number): string {
  if (call.connectedAt === undefined || call.ended) return callStateText(call);
  if (call.state === "Connected") return duration(now - call.connectedAt);
  return shortStateText(call);
}

function actions(call: OngoingCall): TemplateResult {
  const held = call.state === "LocalHold";
  return html`${call.sharing
      ? iconButton({
          icon: "share",
          label: "Stop sharing your screen",
          testid: "strip-stop-sharing",
          focusAfter: "[data-testid=call-expand]",
          onClick: () => void switchSharing(call),
        })
      : nothing}
    ${held
      ? iconButton({
          icon: "resume",
          label: "Resume the call",
          testid: "strip-resume",
          onClick: () => void switchHold(call),
        })
      : iconButton({
          icon: call.muted ? "mic-off" : "mic",
          label: call.muted ? "Unmute" : "Mute",
          testid: "strip-mute",
          onClick: () => void switchMute(),
        })}
    ${iconButton({
      icon: "expand",
      label: "Show the call",
      testid: "call-expand",
      onClick: () => setExpanded(true),
      focus: call.call.id,
    })}
    ${call.ended
      ? nothing
      : iconButton({
          icon: "hang-up",
          label: "Hang up",
          testid: "strip-hang-up",
          kind: "danger",
          onClick: () => void end(call),
        })}`;
}
