// A name within a sentence, that leaves the sentence in its order whichever way the name is written.

const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** Signs that turn what follows around, until another one ends it. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const [ISOLATE, END] = ["\u2068", "\u2069"];

/** For plain text; in markup it is `<bdi>`. Other names stay as they are. */
export function isolate(name: string): string {
  const plain = name.replace(DIRECTIONS, "");
  return RIGHT_TO_LEFT.test(plain) ? `${ISOLATE}${plain}${END}` : plain;
}
