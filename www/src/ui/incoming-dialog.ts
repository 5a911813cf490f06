// A call that rings while no other one runs: it stands before everything else.
import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState, RingingCall } from "../state/app-state";
import { answer, decline, silence } from "../state/call-actions";
import { avatar } from "./avatar";
import { callButton } from "./call-button";
import { modal } from "./directives";
import { errorBanner } from "./error-banner";

export function incomingDialog(ringing: RingingCall, state: AppState): TemplateResult {
  const { caller, answering, withVideo } = ringing;
  // The dialog itself takes the focus: a key meant for the page below answers nothing.
  return html`<dialog
    class="incoming"
    role="alertdialog"
    tabindex="-1"
    autofocus
    closedby="none"
    data-testid="incoming-dialog"
    aria-labelledby="incoming-title"
    aria-describedby="incoming-text"
    @cancel=${(event: Event) => event.preventDefault()}
    @keydown=${(event: KeyboardEvent) => onKey(event, ringing)}
    ${modal()}
  >
    <div class="incoming-caller">
      <span class="rings" aria-hidden="true"><i></i><i></i></span>
      ${avatar(caller, "large")}
    </div>
    <div class="incoming-text">
      <h2 id="incoming-title" data-testid="incoming-caller" title=${caller.name}><bdi>${caller.name}</bdi></h2>
      <p id="incoming-text">
        ${answering ? "Connecting…" : withVideo ? "is calling you with video" : "is calling you"}
        ${alsoRinging(state)}
      </p>
      ${state.error ? errorBanner(state.error) : nothing}
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
      ${callButton({
        icon: "phone",
        label: "Answer",
        testid: "accept-audio",
        kind: "accept",
        disabled: answering,
        onClick: () => void answer(ringing, {}),
      })}
      ${callButton({
        icon: "video",
        label: "With video",
        testid: "accept-video",
        kind: "accept",
        disabled: answering,
        onClick: () => void answer(ringing, { video: true }),
      })}
    </div>
  </dialog>`;
}

/** Who else rings, and has to wait. */
export function alsoRinging({ ringing: [, ...others] }: AppState): TemplateResult | typeof nothing {
  const [next] = others;
  if (!next) return nothing;
  return html`<span class="also-ringing" data-testid="also-ringing"
    >${others.length === 1 ? html`<bdi>${next.caller.name}</bdi> is calling too.` : `${others.length} others are calling too.`}</span
  >`;
}

function onKey(event: KeyboardEvent, ringing: RingingCall): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  silence(ringing);
}
