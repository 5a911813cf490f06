// How good the connection is, as bars and in words; it opens what is known about it.
import { html, type TemplateResult } from "lit-html";

import type { OngoingCall } from "../state/app-state";
import { openDetails } from "../state/call-details";
import { qualityOf, type QualityLevel } from "../state/quality";

const BARS: Record<QualityLevel, number> = { good: 3, weak: 2, bad: 1 };

export function qualityButton(call: OngoingCall): TemplateResult {
  const { level, words } = qualityOf(call.diagnostics);
  return html`<button
    type="button"
    class="quality-button ${level}"
    data-testid="quality"
    data-level=${level}
    aria-label="${words}. Show details"
    title="${words}"
    @click=${() => openDetails(call)}
  >
    ${bars(level)}<span class="quality-words">${words}</span>
  </button>`;
}

export function bars(level: QualityLevel): TemplateResult {
  return html`<span class="bars ${level}" aria-hidden="true"
    >${[1, 2, 3].map((bar) => html`<i class=${bar <= BARS[level] ? "on" : ""}></i>`)}</span
  >`;
}
