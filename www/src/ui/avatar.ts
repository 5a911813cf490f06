// A person as initials on a tint that is always the same for the same id.
import { html, type TemplateResult } from "lit-html";

const TINTS = 7;

export function avatar(person: { id: string; name: string }, size = ""): TemplateResult {
  return html`<span class="avatar ${size} tint-${tint(person.id)}" aria-hidden="true"
    >${initials(person.name)}</span
  >`;
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => Array.from(word ?? "")[0]?.toUpperCase() ?? "").join("") || "?";
}

function tint(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % TINTS;
}
