// A person in a list from which several can be chosen.
import { html, type TemplateResult } from "lit-html";

import { avatar } from "./avatar";

export interface PersonChoice {
  testid: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

export function personChoice(
  person: { id: string; name: string },
  choice: PersonChoice,
): TemplateResult {
  return html`<label class="choice">
    ${avatar(person, "small")}
    <bdi class="row-title">${person.name}</bdi>
    <input
      type="checkbox"
      data-testid=${choice.testid}
      .checked=${choice.checked}
      @change=${(event: Event) => choice.onChange((event.target as HTMLInputElement).checked)}
    />
  </label>`;
}
