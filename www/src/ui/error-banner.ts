import { html, type TemplateResult } from "lit-html";

import { store } from "../state/app-state";
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
