// Signing in and out, and what the connection to the server does meanwhile.
import { closeDevice, openDevice } from "../device/database";
import { dropUser, keptUser, rememberUser, userLeaves, watchUser } from "../device/users";
import { listPeople } from "../openline/list-people";
import { TokenRefused } from "../openline/fetch-token";
import { openSession, SomebodyElse, type Calling, type Identity, type Session } from "../openline/sign-in";
import { signedOut, store } from "./app-state";
import { leaveCalls } from "./calls";
import { watchChat } from "./chat-events";
import { showUnreached, watchConnection } from "./connection";
import { explainError, showError } from "./errors";
import { watchCalls } from "./incoming-calls";
import { followKept, loadKept } from "./keeping";
import { forgetOutdated } from "./kept-users";
import { lineIsBack } from "./line";
import { forgetPictures } from "./pictures";
import { countWaiting, loadAllQueued } from "./sending";
import { loadThreads } from "./threads";
import { watchUploads } from "./uploads";

// Per tab, so that two tabs can be two people; a reload stays signed in, and needs no server for it.
const SIGNED_IN = "openline.signed-in";
const PEOPLE_EVERY_MS = 5_000;
// Then it is worth saying that the server is slow.
const SLOW_MS = 4_000;

const SIGNED_OUT_ELSEWHERE =
  "You signed out in another tab, and what this device kept for you is wiped. Sign in again to go on.";

let stopWatching: (() => void)[] = [];
/** What somebody left behind is gone before somebody comes. */
let closing: Promise<unknown> = Promise.resolve();

interface Remembered extends Identity {
  name: string;
}

/** With a name that somebody gives: the server has to know it. */
export async function enter(name: string): Promise<void> {
  store.set({ phase: "signing-in", signInError: undefined });
  try {
    await closing;
    const session = await openSession(name);
    await prepare(name, session);
    const calling = await session.connect().catch(async (error: unknown) => {
      await Promise.all([session.close({ forget: false }), closeDevice({ forget: false })]);
      throw error;
    });
    begin(name, session);
    onConnected(session, calling);
  } catch (error) {
    notSignedIn(error);
  }
}

/** As who was signed in before, in this tab or another one: with what this device has, at once. */
export async function enterAgain(known: Remembered | undefined = remembered()): Promise<void> {
  if (!known) return;
  await closing;
  if (!keptUser(known.userId)) {
    sessionStorage.removeItem(SIGNED_IN);
    return store.set({ signInError: SIGNED_OUT_ELSEWHERE });
  }
  store.set({ phase: "signing-in", signInError: undefined });
  try {
    const session = await openSession(known.name, known);
    await prepare(known.name, session);
    begin(known.name, session);
    await connect(known.name, session);
  } catch (error) {
    notSignedIn(error);
  }
}

function notSignedIn(error: unknown): void {
  console.error("Signing in failed", error);
  const { route } = store.get();
  store.set({ ...signedOut, route, signInError: explainError("Signing in", error) });
}

/** What is kept of others who were not here for long. */
export function forgetOthers(): Promise<void> {
  return forgetOutdated(remembered()?.userId);
}

export function rememberedName(): string {
  return remembered()?.name ?? "";
}

function remembered(): Remembered | undefined {
  try {
    return (JSON.parse(sessionStorage.getItem(SIGNED_IN) ?? "null") as Remembered | null) ?? undefined;
  } catch {
    return undefined;
  }
}

async function prepare(name: string, { userId, displayName }: Session): Promise<void> {
  rememberUser({ userId, name, displayName });
  openDevice(userId);
  await loadKept();
}

function begin(name: string, session: Session): void {
  const { userId, displayName } = session;
  sessionStorage.setItem(SIGNED_IN, JSON.stringify({ name, userId, displayName }));
  store.set({ phase: "ready", session, connection: { state: "connected" } });
  stopWatching = [watchChat(session), watchUploads(), watchPeople(), followKept(), watchUser(userId, () => void leftElsewhere())];
  void loadAllQueued();
}

/** Until it works, or the server says no. */
async function connect(name: string, session: Session): Promise<void> {
  const stopped = new AbortController();
  stopWatching.push(() => stopped.abort());
  const slow = setTimeout(showUnreached, SLOW_MS);
  try {
    for (let attempt = 0; !stopped.signal.aborted; attempt += 1) {
      try {
        const calling = await session.connect();
        if (!stopped.signal.aborted) onConnected(session, calling);
        return;
      } catch (error) {
        if (stopped.signal.aborted) return;
        if (error instanceof SomebodyElse) return await startOver(name);
        if (isFinal(error)) return await refuse(error);
        console.warn("Connecting failed", error);
        showUnreached();
        await lineIsBack(attempt, stopped.signal);
      }
    }
  } finally {
    clearTimeout(slow);
  }
}

function onConnected(session: Session, calling: Calling): void {
  store.set({ calling, connection: { state: "connected" } });
  stopWatching.push(watchConnection(session, calling), watchCalls(calling));
  void loadThreads();
}

/** Only a server that answers can be final about it. */
function isFinal(error: unknown): boolean {
  return error instanceof TokenRefused && error.status < 500 && error.status !== 429;
}

async function startOver(name: string): Promise<void> {
  await close({ forget: true });
  await enter(name);
}

async function refuse(error: unknown): Promise<void> {
  await close({ forget: false });
  notSignedIn(error);
}

/** Asks before messages that wait to be sent are dropped. */
export async function signOut(): Promise<void> {
  const waiting = await countWaiting();
  if (!store.get().session) return;
  if (waiting > 0) store.set({ dialog: { kind: "sign-out", waiting } });
  else void leave();
}

/** With a new token; what waits to be sent goes on waiting. */
export async function signInAgain(): Promise<void> {
  await close({ forget: false });
  await enterAgain();
}

export async function leave(): Promise<void> {
  sessionStorage.removeItem(SIGNED_IN);
  await close({ forget: true });
}

/** Nothing works here any more: what it worked on is wiped. */
async function leftElsewhere(): Promise<void> {
  sessionStorage.removeItem(SIGNED_IN);
  await close({ forget: false });
  store.set({ signInError: SIGNED_OUT_ELSEWHERE });
}

async function close(options: { forget: boolean }): Promise<void> {
  const { session } = store.get();
  const user = session && keptUser(session.userId);
  if (options.forget && user) userLeaves(user);
  await leaveCalls();
  for (const stop of stopWatching.splice(0)) stop();
  forgetPictures();
  store.set({ ...signedOut, route: { page: "home" } });
  location.hash = "#/";
  closing = Promise.all([session?.close(options), closeDevice(options)]).then(() => {
    if (options.forget && user) dropUser(user.userId);
  });
  await closing;
}

function watchPeople(): () => void {
  let reported = false;
  const load = async () => {
    if (document.hidden) return;
    try {
      const people = await listPeople();
      people.sort((a, b) => a.name.localeCompare(b.name));
      if (JSON.stringify(people) !== JSON.stringify(store.get().people)) store.set({ people });
      reported = false;
    } catch (error) {
      const { calling, connection } = store.get();
      if (!reported && calling && connection.state === "connected") {
        showError("Loading the list of people", error);
      }
      reported = true;
    }
  };
  void load();
  const timer = setInterval(load, PEOPLE_EVERY_MS);
  document.addEventListener("visibilitychange", load);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", load);
  };
}
