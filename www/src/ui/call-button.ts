// A large round button of a call, with its label below.
import { html, nothing, type TemplateResult } from "lit-html";

import { icon, type IconName } from "./icons";

export interface CallButton {
  icon: IconName;
  label: string;
  testid: string;
  /** `ends`: it also ends something that is running. */
  kind?: "plain" | "off" | "accept" | "danger" | "ends";
  disabled?: boolean;
  /** For a switch: whether what it switches is on. */
  active?: boolean;
  onClick?: (event: MouseEvent) => void;
}

export function callButton(button: CallButton): TemplateResult {
  return html`<button
    type="button"
    class="call-button ${button.kind ?? "plain"}"
    data-testid=${button.testid}
    data-active=${button.active ?? nothing}
    ?disabled=${button.disabled ?? false}
    @click=${button.onClick ?? nothing}
  >
    <span class="call-button-disc">${icon(button.icon)}</span>
    <span class="call-button-label">${button.label}</span>
  </button>`;
}
