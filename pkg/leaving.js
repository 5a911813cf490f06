// How a tab leaves that cannot say goodbye on its socket: the socket is away, or nobody knows yet that it is dead. What ends
// the session (docs/protocol.md, "Leaving without a socket") goes with beacons when the page closes, with a request when
// the agent is disposed of, and, where neither arrived, from the next agent of the same tab, which finds it in
// `sessionStorage`. Loaded with the first call agent. All of it may come twice: the server takes the second for the first.

const PREFIX = "openline.leaving.";
/** How long nobody takes the other side off a call whose server is away. */
const PATIENCE_MS = 120_000;
const AGAIN_MS = 1_000;
const ANSWER_MS = 5_000;
/** What the server takes. */
const MAX_TICKETS = 8;

/** The entries of this page: not those of a predecessor. */
const own = new Set();

/** Leaves for the agents that were here before this page, and gives what tells of this one. `url` takes a goodbye. */
export function leaving(url) {
  const key = PREFIX + crypto.randomUUID();
  own.add(key);
  leaveForPredecessors(url);
  const tickets = new Map();
  let sessionId;
  let release = hold(key);
  const body = () => JSON.stringify({ sessionId, tickets: [...tickets.values()] });
  const keep = () => sessionId && attempt(() => sessionStorage.setItem(key, JSON.stringify([url, body()])));
  const closing = new AbortController();
  const listen = (name, listener) => globalThis.addEventListener?.(name, listener, { signal: closing.signal });
  listen("pagehide", () => {
    if (sessionId) {
      attempt(() => navigator.sendBeacon(url, body()));
      // The connection that takes it may be dead. Browsers keep others for requests without credentials.
      void say(url, body());
    }
    // A page that holds a lock is not kept for a return.
    release();
  });
  listen("pageshow", ({ persisted }) => {
    if (persisted) release = hold(key);
  });
  const tell = {
    session(id) {
      sessionId = id;
      keep();
    },
    ticket(callId, ticket) {
      tickets.delete(callId);
      if (ticket) tickets.set(callId, ticket);
      for (const oldest of [...tickets.keys()].slice(0, -MAX_TICKETS)) tickets.delete(oldest);
      keep();
    },
    /** The agent was disposed of; on a socket that is up it said so. */
    async left(saidSo) {
      if (sessionId && !saidSo) await leave(url, body());
      closing.abort();
      attempt(() => sessionStorage.removeItem(key));
      release();
    },
  };
  return (what, ...about) => void tell[what](...about);
}

/** Says that this page is alive, to copies of the tab: they have its `sessionStorage`. Gives what ends that. */
function hold(key) {
  let release;
  const released = new Promise((resolve) => (release = resolve));
  navigator.locks?.request(key, () => released).catch(() => undefined);
  return release;
}

function leaveForPredecessors(url) {
  for (const key of attempt(() => Object.keys(sessionStorage)) ?? []) {
    if (!key.startsWith(PREFIX) || own.has(key)) continue;
    const [theirUrl, body] = attempt(() => JSON.parse(sessionStorage.getItem(key))) ?? [];
    // What another server is to be told is none of this agent's business.
    if (theirUrl === url) leaveFor(key, url, body);
  }
}

/** Leaves for a page that is gone. */
async function leaveFor(key, url, body) {
  own.add(key);
  const done = async () => {
    if (await leave(url, body)) attempt(() => sessionStorage.removeItem(key));
  };
  if (navigator.locks) await navigator.locks.request(key, { ifAvailable: true }, (free) => free && done());
  // A copy of a tab is not reloaded when it begins.
  else if (performance.getEntriesByType("navigation")[0]?.type === "reload") await done();
}

/** Says goodbye until somebody answers. */
async function leave(url, body) {
  const until = performance.now() + PATIENCE_MS;
  while (performance.now() < until) {
    const answer = await say(url, body);
    // 429 and 5xx: later.
    if (answer && answer.status < 429) return true;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
  return false;
}

/** Says goodbye once, also where the page closes meanwhile; nothing is the answer where none came. */
function say(url, body) {
  // A connection from before the network changed may be dead, too.
  const signal = AbortSignal.timeout(ANSWER_MS);
  return fetch(url, { method: "POST", body, keepalive: true, credentials: "omit", signal }).catch(() => undefined);
}

/** What a browser may refuse: storage, beacons. */
function attempt(what) {
  try {
    return what();
  } catch {
    return undefined;
  }
}
