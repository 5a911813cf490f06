// Whose data this browser keeps. It outlasts the tabs, so that nothing of anybody stays where nobody can wipe it.

export interface KeptUser {
  userId: string;
  /** What they signed in with. */
  name: string;
  displayName: string;
  seen: number;
}

type Entry = KeptUser & {
  /** It is being wiped. */
  leaving?: boolean;
};

// One entry for each: tabs that write at the same time do not lose each other's.
const PREFIX = "openline.user.";
const DAY_MS = 24 * 3_600_000;
const LONGEST_UNSEEN_MS = 30 * DAY_MS;
const MOST_USERS = 20;
const SEEN_EVERY_MS = 3_600_000;

export function rememberUser({ userId, name, displayName }: Omit<KeptUser, "seen">): void {
  write({ userId, name, displayName, seen: Date.now() });
}

/** Until `dropUser`, in case the page is closed while its data is being wiped. */
export function userLeaves(user: KeptUser): void {
  write({ ...user, leaving: true });
}

export function dropUser(userId: string): void {
  localStorage.removeItem(PREFIX + userId);
}

export function keptUser(userId: string): KeptUser | undefined {
  const entry = read(PREFIX + userId);
  return entry?.leaving ? undefined : entry;
}

/** Who was here last comes first. */
export function keptUsers(): KeptUser[] {
  return entries().filter(({ leaving }) => !leaving);
}

/** Whose data is to be wiped: they were not here for long, or many others were since. */
export function outdatedUsers(): KeptUser[] {
  const oldest = Date.now() - LONGEST_UNSEEN_MS;
  return entries().filter(({ leaving, seen }, index) => leaving || seen < oldest || index >= MOST_USERS);
}

/** Calls once if this user's data is wiped by another tab; until then they are seen here. */
export function watchUser(userId: string, isGone: () => void): () => void {
  const stop = new AbortController();
  const look = () => {
    const user = keptUser(userId);
    if (user) return user;
    stop.abort();
    isGone();
    return undefined;
  };
  const timer = setInterval(() => {
    const user = look();
    if (user) rememberUser(user);
  }, SEEN_EVERY_MS);
  stop.signal.addEventListener("abort", () => clearInterval(timer));
  addEventListener("storage", look, { signal: stop.signal });
  // A page that was frozen hears of nothing.
  addEventListener("pageshow", look, { signal: stop.signal });
  return () => stop.abort();
}

function entries(): Entry[] {
  const found = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).map(read);
  return found.filter((entry) => entry !== undefined).sort((a, b) => b.seen - a.seen);
}

function read(key: string): Entry | undefined {
  try {
    return (JSON.parse(localStorage.getItem(key) ?? "null") as Entry | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(entry: Entry): void {
  localStorage.setItem(PREFIX + entry.userId, JSON.stringify(entry));
}
