// A call that rings while another one runs: a card beside the running one, whose buttons stay in reach.
import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState, OngoingCall, RingingCall } from "../state/app-state";
import { answer, decline, silence } from "../state/call-actions";
import { canBeHeld, runningCall } from "../state/calls";
import { avatar } from "./avatar";
import { callButton } from "./call-button";
import { alsoRinging } from "./incoming-dialog";

export function secondCall(state: AppState): TemplateResult | typeof nothing {
  const [ringing] = state.ringing;
  const running = runningCall(state);
  if (!ringing || !running) return nothing;
  const { caller, answering } = ringing;
  return html`<section
    class="second-call"
    aria-labelledby="second-title"
    data-testid="second-call"
    @keydown=${(event: KeyboardEvent) => event.key === "Escape" && silence(ringing)}
  >
    ${avatar(caller, "small")}
    <div class="second-text" id="second-title">
      <bdi class="second-name" data-testid="incoming-caller">${caller.name}</bdi>
      <span class="second-how">${answering ? "Connecting…" : callText(ringing, running)}</span>
      ${alsoRinging(state)}
    </div>
    <div class="call-buttons">
      ${callButton({
        icon: "hang-up",
        label: "Decline",
        testid: "reject",
        kind: "danger",
        disabled: answering,
        onClick: () => void decline(ringing),
      })}
      ${answers(ringing, canBeHeld(running))}
    </div>
  </section>`;
}

function callText({ withVideo }: RingingCall, running: OngoingCall): string {
  const how = withVideo ? "is calling with video" : "is calling";
  return canBeHeld(running) ? how : `${how}. Answering cancels your call to ${running.peer.name}.`;
}

/** What becomes of the call that is running: it waits, or it ends, which comes last. */
function answers(ringing: RingingCall, holds: boolean): TemplateResult {
  const disabled = ringing.answering;
  return html`${callButton({
      icon: "phone",
      label: holds ? "Hold & answer" : "Answer",
      testid: holds ? "accept-hold" : "accept-audio",
      kind: "accept",
      disabled,
      onClick: () => void answer(ringing, {}),
    })}
    ${callButton({
      icon: "video",
      label: holds ? "Hold & video" : "With video",
      testid: "accept-video",
      kind: "accept",
      disabled,
      onClick: () => void answer(ringing, { video: true }),
    })}
    ${holds
      ? callButton({
          icon: "swap",
          label: "End & answer",
          testid: "accept-end",
          kind: "ends",
          disabled,
          onClick: () => void answer(ringing, { end: true }),
        })
      : nothing}`;
}
