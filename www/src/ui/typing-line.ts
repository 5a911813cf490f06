import { html, nothing, type TemplateResult } from "lit-html";

import { isolate } from "../openline/isolate-name";
import type { Thread } from "../state/app-state";
import { nameOf } from "../state/names";

const list = new Intl.ListFormat("en");

export function typingLine({ typing }: Thread): TemplateResult {
  const names = typing.map(({ id, name }) => isolate(nameOf(id, name)));
  return html`<div class="typing-line" role="status">
    ${names.length > 0
      ? html`<span data-testid="typing">
          <span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>
          ${list.format(names)} ${names.length === 1 ? "is" : "are"} typing…
        </span>`
      : nothing}
  </div>`;
}
