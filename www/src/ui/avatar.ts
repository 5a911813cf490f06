// A person as initials on a tint that is always the same for the same id.
import { html, type TemplateResult } from "lit-html";

import { initials } from "./initials";

const TINTS = 7;

export function avatar(person: { id: string; name: string }, size = ""): TemplateResult {
  return html`<span class="avatar ${size} tint-${tint(person.id)}" aria-hidden="true"
    >${initials(person.name)}</span
  >`;
}

function tint(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % TINTS;
}
