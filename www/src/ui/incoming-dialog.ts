import { html, nothing, type TemplateResult } from "lit-html";

import type { AppState, RingingCall } from "../state/app-state";
import { answer, decline, silence } from "../state/call-actions";
import { avatar } from "./avatar";
import { callButton } from "./call-button";
import { modal } from "./directives";
import { errorBanner } from "./error-banner";

export function incomingDialog(ringing: RingingCall, state: AppState): TemplateResult {
  const { caller, answering } = ringing;
  const busy = state.call !== undefined && !state.call.ended;
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
    <h2 id="incoming-title" data-testid="incoming-caller">${caller.name}</h2>
    <p id="incoming-text">
      ${answering ? "Connecting…" : busy ? "is calling. Answering ends the call you are in." : "is calling you"}
    </p>
    ${state.error ? errorBanner(state.error) : nothing}
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
        onClick: () => void answer(ringing, false),
      })}
      ${callButton({
        icon: "video",
        label: "With video",
        testid: "accept-video",
        kind: "accept",
        disabled: answering,
        onClick: () => void answer(ringing, true),
      })}
    </div>
  </dialog>`;
}

function onKey(event: KeyboardEvent, ringing: RingingCall): void {
  if (event.key !== "Escape") return;
  event.preventDefault();
  silence(ringing);
}
