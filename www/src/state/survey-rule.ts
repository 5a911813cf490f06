// Whether somebody is asked how a call was.

// A shorter call says little.
const LONG_ENOUGH_MS = 10_000;
const SELDOM_MS = 24 * 3_600_000;

export interface CallToRate {
  connectedAt: number | undefined;
  /** When somebody was asked before, in this browser. */
  askedAt: number | undefined;
  now: number;
}

export function mayAsk({ connectedAt, askedAt, now }: CallToRate): boolean {
  if (connectedAt === undefined || now - connectedAt < LONG_ENOUGH_MS) return false;
  // A clock that was set back does not silence the question for ever.
  return askedAt === undefined || now < askedAt || now - askedAt >= SELDOM_MS;
}
