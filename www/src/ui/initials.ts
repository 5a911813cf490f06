// What stands for a person where there is no picture.

/** The first letters of the first word and of the last; of a name without letters, its first sign. */
export function initials(name: string): string {
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
