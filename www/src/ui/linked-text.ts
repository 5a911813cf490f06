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
  let address = found;
  for (;;) {
    const last = address.at(-1) ?? "";
    const isOpen = (open: string, close: string) =>
      last === close && address.split(close).length > address.split(open).length;
    if (!/[.,:;!?'’…*_~]/.test(last) && !isOpen("(", ")") && !isOpen("[", "]")) return address;
    address = address.slice(0, -1);
  }
}

function canFollow(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !SCHEMES.includes(url.protocol)) return false;
  return url.protocol === "mailto:" ? url.pathname !== "" : url.hostname !== "";
}
