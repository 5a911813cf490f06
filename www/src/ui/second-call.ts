// A call that rings while another one runs: a card beside the running one, whose buttons stay in reach.
import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState, OngoingCall, RingingCall } from "../state/app-state";
import { canBeHeld, runningCall } from "../state/calls";
import { avatar } from "./avatar";
import { alsoRinging, callerName, callerText, ringingButtons, silenceOnEscape, type Answer } from "./ringing-call";

/** What becomes of the call that is running: it waits, or it ends, which comes last. */
const HOLD_OR_END: Answer[] = [
  { icon: "phone", label: "Hold & answer", testid: "accept-hold" },
  { icon: "video", label: "Hold & video", testid: "accept-video", video: true },
  { icon: "swap", label: "End & answer", testid: "accept-end", kind: "ends", end: true },
];

/** One that is only being dialled cannot wait. */
const CANCEL: Answer[] = [
  { icon: "phone", label: "Answer", testid: "accept-audio" },
  { icon: "video", label: "With video", testid: "accept-video", video: true },
];

export function secondCall(state: AppState): TemplateResult | typeof nothing {
  const [ringing] = state.ringing;
  const running = runningCall(state);
  if (!ringing || !running) return nothing;
  return html`<section
    class="second-call"
    aria-labelledby="second-title"
    data-testid="second-call"
    @keydown=${silenceOnEscape(ringing)}
  >
    ${avatar(ringing.caller, "small")}
    <div class="second-text" id="second-title">
      <span class="second-name">${callerName(ringing)}</span>
      <span class="second-how">${callerText(ringing, callText(ringing, running))}</span>
      ${alsoRinging(state)}
    </div>
    ${ringingButtons(ringing, canBeHeld(running) ? HOLD_OR_END : CANCEL)}
  </section>`;
}

function callText({ withVideo }: RingingCall, running: OngoingCall): TemplateResult {
  const how = withVideo ? "is calling with video" : "is calling";
  if (canBeHeld(running)) return html`${how}`;
  return html`${how}. Answering cancels your call to <bdi>${running.peer.name}</bdi>.`;
}
