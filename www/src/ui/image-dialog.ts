// An image as large as the window allows, as it was uploaded.
import { html, type TemplateResult } from "lit-html";

import { store, type AppState, type Dialog } from "../state/app-state";
import { saveFile } from "../state/downloads";
import { picture } from "../state/pictures";
import { modal } from "./directives";
import { dialogError } from "./error-banner";
import { iconButton } from "./icon-button";

type ImageDialog = Extract<Dialog, { kind: "image" }>;

const close = () => store.set({ dialog: undefined, error: undefined });

export function imageDialog({ threadId, attachment }: ImageDialog, state: AppState): TemplateResult {
  const { id, name } = attachment;
  const whole = picture(threadId, id, "original");
  const preview = picture(threadId, id, "small");
  const shown = whole.state === "shown" ? whole : preview;
  return html`<dialog
    class="image-dialog"
    aria-label=${name || "Picture"}
    data-testid="image-dialog"
    @close=${close}
    @click=${(event: Event) => event.target === event.currentTarget && close()}
    ${modal()}
  >
    <header>
      <bdi class="file-name">${name}</bdi>
      ${iconButton({
        icon: "download",
        label: "Download",
        testid: "image-download",
        onClick: () => void saveFile(threadId, attachment),
      })}
      ${iconButton({ icon: "close", label: "Close", testid: "image-close", onClick: close })}
    </header>
    ${shown.state === "shown"
      ? html`<img
          src=${shown.url}
          alt=${name || "Picture"}
          data-testid="image-large"
          data-whole=${whole.state === "shown"}
          width=${attachment.width ?? ""}
          height=${attachment.height ?? ""}
        />`
      : ""}
    ${whole.state === "failed" ? html`<p role="alert">The picture could not be loaded.</p>` : ""} ${dialogError(state)}
  </dialog>`;
}
