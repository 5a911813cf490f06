// Sizes of files as people read them.

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** “812 byte”, “34 kB”, “1.2 MB”. */
export function sizeText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return new Intl.NumberFormat("en", {
    style: "unit",
    unit: UNITS[power],
    unitDisplay: "short",
    maximumFractionDigits: power > 1 ? 1 : 0,
  }).format(bytes / 1_000 ** power);
}
