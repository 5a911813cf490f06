// A person as initials on a tint that is always the same for the same id.
import { html, type TemplateResult } from "lit-html";

const TINTS = 7;

export function avatar(person: { id: string; name: string }, size = ""): TemplateResult {
  return html`<span class="avatar ${size} tint-${tint(person.id)}" aria-hidden="true"
    >${initials(person.name)}</span
  >`;
}

/** The first letters of the first word and of the last; of a name without letters, its first sign. */
function initials(name: string): string {
  // Not those of what stands in angle brackets, if there are others.
  const plain = name.replace(/<[^<>]*>/g, " ");
  const words = (/[\p{L}\p{N}]/u.test(plain) ? plain : name).split(/\s+/);
  const letters = words.flatMap((word) => word.match(/[\p{L}\p{N}]\p{M}*/u)?.[0] ?? []);
  const [first, last] = [letters[0], letters.length > 1 ? letters.at(-1) : ""];
  return first ? (first + last).toLocaleUpperCase() : firstSign(name.trim()) || "?";
}

/** A sign as people see it: an emoji may be made of several. */
function firstSign(text: string): string {
  // Firefox has it since 125.
  if (!("Segmenter" in Intl)) return Array.from(text)[0] ?? "";
  return new Intl.Segmenter().segment(text)[Symbol.iterator]().next().value?.segment ?? "";
}

function tint(id: string): number {
  let hash = 0;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash % TINTS;
}
