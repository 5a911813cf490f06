// A round button that shows only an icon; its label is read aloud and shown on hover.
import { html, nothing, type TemplateResult } from "lit-html";

import { focusAfter, focusOn } from "./directives";
import { icon, type IconName } from "./icons";

export interface IconButton {
  icon: IconName;
  label: string;
  testid: string;
  onClick: (event: Event) => void;
  disabled?: boolean;
  kind?: "plain" | "accent" | "danger";
  /** Takes the focus when it appears, and whenever this becomes another value. */
  focus?: unknown;
  /** A selector of what has the focus once this goes with it. */
  focusAfter?: string;
}

export function iconButton(button: IconButton): TemplateResult {
  return html`<button
    type="button"
    class="icon-button ${button.kind ?? "plain"}"
    data-testid=${button.testid}
    aria-label=${button.label}
    title=${button.label}
    ?disabled=${button.disabled ?? nothing}
    @click=${button.onClick}
    ${focusOn(button.focus ?? false)}
    ${focusAfter(button.focusAfter ?? "")}
  >
    ${icon(button.icon)}
  </button>`;
}
