// The call while one looks at conversations: a strip above them.
import { html, nothing, type TemplateResult } from "lit-html";

import type { OngoingCall } from "../state/app-state";
import { end, setExpanded, switchMute } from "../state/call-actions";
import { avatar } from "./avatar";
import { callStateText } from "./call-state-text";
import { iconButton } from "./icon-button";
import { duration } from "./time";

export function callStrip(call: OngoingCall, now: number): TemplateResult {
  const { peer, connectedAt, muted } = call;
  return html`<section class="call-strip" aria-label="Call with ${peer.name}" data-testid="call-strip">
    ${avatar(peer, "small")}
    <span class="row-title">${peer.name}</span>
    <span class="call-timer">
      ${connectedAt === undefined ? callStateText(call) : duration(now - connectedAt)}
    </span>
    <div class="row-actions">
      ${iconButton({
        icon: muted ? "mic-off" : "mic",
        label: muted ? "Unmute" : "Mute",
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
            onClick: () => void end(),
          })}
    </div>
  </section>`;
}
