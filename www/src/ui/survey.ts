// One question after the call. It stays while somebody is at it, and goes by itself otherwise.
import { html, nothing, type TemplateResult } from "lit-html";
import type { Call, CallSurveyResponse } from "openline";

import type { OngoingCall } from "../state/app-state";
import { keepOpen, leaveQuestion, QUESTION } from "../state/calls";
import { rate, showAnswer, THANKS } from "../state/survey";
import { icon } from "./icons";

const WORDS = ["Bad", "Poor", "Fair", "Good", "Very good"];

export function survey({ call, survey }: OngoingCall): TemplateResult | typeof nothing {
  if (!survey) return nothing;
  if (survey !== "asked") return thanks(call, survey);
  const stay = () => keepOpen(call);
  const leave = ({ currentTarget, relatedTarget }: FocusEvent | PointerEvent) => {
    const group = currentTarget as Element;
    const stays = group.contains(relatedTarget as Node | null) || group.matches(":hover, :focus-within");
    if (!stays) leaveQuestion(call);
  };
  return html`<div
    class="survey"
    role="group"
    aria-labelledby="survey-question"
    data-testid="survey"
    tabindex="-1"
    @focusin=${stay}
    @pointerenter=${stay}
    @focusout=${leave}
    @pointerleave=${leave}
  >
    <p id="survey-question">${QUESTION}</p>
    <div class="survey-stars">
      ${WORDS.map(
        (word, index) => html`<button
          type="button"
          class="star"
          data-testid="survey-${index + 1}"
          aria-label="${word}, ${index + 1} of 5"
          title=${word}
          @click=${() => void rate(call, index + 1)}
        >
          ${icon("star")}
        </button>`,
      )}
    </div>
  </div>`;
}

/** With what an application sends to its own server, for who builds one. */
function thanks(call: Call, answer: CallSurveyResponse): TemplateResult {
  const toggled = ({ currentTarget }: Event) => showAnswer(call, (currentTarget as HTMLDetailsElement).open);
  return html`<div class="survey" data-testid="survey-thanks">
    <p class="survey-thanks">${icon("check")} ${THANKS}</p>
    <details class="survey-answer" @toggle=${toggled}>
      <summary data-testid="survey-answer">For developers: what the SDK gives</summary>
      <pre tabindex="0">${JSON.stringify(answer, null, 2)}</pre>
      <p>Openline keeps no answers: an application sends this to its own server.</p>
    </details>
  </div>`;
}
