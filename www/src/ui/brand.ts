// The mark: one stroke that draws an O and runs on as a line.
import { html, type TemplateResult } from "lit-html";

export function mark(): TemplateResult {
  return html`<svg class="mark" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M16.4 15.2A7 7 0 1 0 10.3 18.7H21" />
  </svg>`;
}

export function wordmark(): TemplateResult {
  return html`<span class="wordmark">${mark()}<span>Openline</span></span>`;
}

/** The same stroke, large and faint, with its line running off the page. */
export function backdrop(): TemplateResult {
  return html`<svg class="backdrop" viewBox="0 0 720 720" aria-hidden="true" focusable="false">
    <path d="M632 528A320 320 0 1 0 360 680H4000" />
  </svg>`;
}
