// The words of a message, in which addresses of pages and of mail can be followed.
import { html, type TemplateResult } from "lit-html";

const ADDRESS = /\b(?:https?:\/\/|mailto:)[^\s<>"“”]+/gi;
const SCHEMES = ["http:", "https:", "mailto:"];

export function linkedText(text: string): (string | TemplateResult)[] {
  const parts: (string | TemplateResult)[] = [];
  let at = 0;
  for (const { index, 0: found } of text.matchAll(ADDRESS)) {
    const address = withoutEnd(found);
    if (!canFollow(address)) continue;
    parts.push(text.slice(at, index), link(address));
    at = index + address.length;
  }
  return [...parts, text.slice(at)];
}

// On one line: white space would be shown.
const link = (address: string) =>
  html`<a href=${address} target="_blank" rel="noopener noreferrer">${address}</a>`;

/** What ends the sentence, or the brackets around the address, is no part of it. */
function withoutEnd(found: string): string {
  // Closing brackets without an opening one. What is cut off closes and never opens, so counting once is enough.
  const surplus = new Map([
    [")", count(found, ")") - count(found, "(")],
    ["]", count(found, "]") - count(found, "[")],
  ]);
  let end = found.length;
  for (; end > 0; end--) {
    const last = found.charAt(end - 1);
    const unopened = surplus.get(last) ?? 0;
    if (unopened > 0) surplus.set(last, unopened - 1);
    else if (!/[.,:;!?'’…*_~]/.test(last)) break;
  }
  return found.slice(0, end);
}

const count = (text: string, mark: string) => text.split(mark).length - 1;

function canFollow(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !SCHEMES.includes(url.protocol)) return false;
  return url.protocol === "mailto:" ? url.pathname !== "" : url.hostname !== "";
}
