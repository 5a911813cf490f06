// The files and images of a message.
import { html, type TemplateResult } from "lit-html";
import { styleMap } from "lit-html/directives/style-map.js";

import type { Attachment } from "../openline/attachments";
import { store, type AppState } from "../state/app-state";
import { saveFile } from "../state/downloads";
import { picture, retryPicture } from "../state/pictures";
import { icon } from "./icons";
import { sizeText } from "./size-text";
import { progressBar } from "./upload-tray";

// The longest side of a preview, as the server makes it.
const LONGEST_SIDE = 320;

export function attachments(
  threadId: string,
  found: Attachment[],
  downloads: AppState["downloads"],
): TemplateResult {
  return html`<div class="attachments">
    ${found.map((attachment) =>
      attachment.kind === "image"
        ? image(threadId, attachment)
        : file(threadId, attachment, downloads[attachment.id]),
    )}
  </div>`;
}

function image(threadId: string, attachment: Attachment): TemplateResult {
  const { id, name } = attachment;
  const shown = picture(threadId, id, "small");
  const { width, height } = fitted(attachment);
  const open = () => store.set({ dialog: { kind: "image", threadId, attachment }, error: undefined });
  const onClick = shown.state === "failed" ? () => retryPicture(id, "small") : open;
  return html`<button
    type="button"
    class="image ${shown.state}"
    data-testid="image"
    aria-label=${shown.state === "failed" ? `Load ${name || "the picture"} again` : `Open ${name || "the picture"}`}
    style=${styleMap({ width: `${width}px`, aspectRatio: `${width} / ${height}` })}
    @click=${onClick}
  >
    ${shown.state === "shown"
      ? html`<img src=${shown.url} alt="" width=${width} height=${height} />`
      : icon(shown.state === "failed" ? "retry" : "image")}
  </button>`;
}

/** As large as it is shown, so that nothing moves when it comes. */
function fitted({ width = LONGEST_SIDE, height = LONGEST_SIDE }: Attachment): {
  width: number;
  height: number;
} {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height));
  return { width: Math.max(48, Math.round(width * scale)), height: Math.max(48, Math.round(height * scale)) };
}

function file(threadId: string, attachment: Attachment, loaded: number | undefined): TemplateResult {
  const { name, sizeBytes } = attachment;
  return html`<button
    type="button"
    class="file"
    data-testid="file"
    aria-label="Download ${name}, ${sizeText(sizeBytes)}"
    @click=${() => void saveFile(threadId, attachment)}
  >
    <span class="file-icon">${icon("file")}</span>
    <span class="file-text">
      <bdi class="file-name">${name}</bdi>
      ${loaded === undefined
        ? html`<span class="file-size">${sizeText(sizeBytes)}</span>`
        : progressBar(`Downloading ${name}`, loaded, sizeBytes)}
    </span>
    ${icon("download")}
  </button>`;
}
