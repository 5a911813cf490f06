// What went wrong and what to do: above the page, or within the dialog that covers it.
import { html, nothing, type TemplateResult } from "lit-html";

import { store, type AppState } from "../state/app-state";
import { iconButton } from "./icon-button";
import { icon } from "./icons";

export function errorBanner(sentence: string): TemplateResult {
  return html`<div class="error-banner" role="alert" data-testid="error-banner">
    ${icon("alert")}
    <p>${sentence}</p>
    ${iconButton({
      icon: "close",
      label: "Dismiss",
      testid: "error-dismiss",
      onClick: () => store.set({ error: undefined }),
    })}
  </div>`;
}

/** For every dialog: what it covers cannot be seen. */
export function dialogError({ error }: AppState): TemplateResult | typeof nothing {
  return error ? errorBanner(error) : nothing;
}
