// Files that go with the next message: how far they are, and a way to take them out.
import { html, nothing, type TemplateResult } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";

import { isolate } from "../openline/isolate-name";
import type { Thread } from "../state/app-state";
import { removeUpload, retryUpload, type Upload } from "../state/uploads";
import { iconButton } from "./icon-button";
import { icon } from "./icons";
import { sizeText } from "./size-text";

export function uploadTray({ id, uploads }: Thread): TemplateResult | typeof nothing {
  if (uploads.length === 0) return nothing;
  return html`<ul class="uploads" aria-label="Files for this message">
    ${repeat(uploads, ({ key }) => key, (upload) => trayItem(id, upload))}
  </ul>`;
}

function trayItem(threadId: string, upload: Upload): TemplateResult {
  const { name } = upload.file;
  return html`<li class="upload ${upload.failed ? "failed" : ""}" data-testid="upload">
    ${uploadLine(upload)}
    ${upload.failed
      ? iconButton({
          icon: "retry",
          label: `Upload ${name} again`,
          testid: "upload-retry",
          onClick: () => retryUpload(threadId, upload),
        })
      : nothing}
    ${iconButton({
      icon: "close",
      label: `Remove ${name}`,
      testid: "upload-remove",
      onClick: () => removeUpload(threadId, upload),
    })}
  </li>`;
}

/** The file itself: also in a message that is on its way. */
export function uploadLine(upload: Upload): TemplateResult {
  const { file, preview, attachment, failed, waiting } = upload;
  return html`${preview
      ? html`<img class="upload-picture" src=${preview} alt="" />`
      : html`<span class="file-icon">${icon("file")}</span>`}
    <span class="file-text">
      <bdi class="file-name">${file.name}</bdi>
      ${failed
        ? html`<span class="file-failed" role="alert">${failed}</span>`
        : attachment || waiting
          ? html`<span class="file-size">${sizeText(file.size)}${waiting ? " · waits for the server" : ""}</span>`
          : progressBar(`Uploading ${isolate(file.name)}`, upload.loadedBytes, file.size)}
    </span>`;
}

export function progressBar(label: string, loaded: number, total: number): TemplateResult {
  return html`<progress
    class="progress"
    data-testid="progress"
    aria-label=${label}
    max=${Math.max(1, total)}
    .value=${Math.min(loaded, total)}
  ></progress>`;
}
