// Signing in and out, and what the connection to the server does meanwhile.
import { closeDevice, openDevice } from "../device/database";
import { listPeople } from "../openline/list-people";
import { signIn } from "../openline/sign-in";
import { signedOut, store } from "./app-state";
import { leaveCalls, watchCalls } from "./calls";
import { watchChat } from "./chat-events";
import { watchConnection } from "./connection";
import { explainError, showError } from "./errors";
import { forgetPictures } from "./pictures";
import { loadThreads } from "./threads";
import { watchUploads } from "./uploads";

// Per tab, so that two tabs can be two people; a reload stays signed in.
const NAME = "openline.name";
const PEOPLE_EVERY_MS = 5_000;

let stopWatching: (() => void)[] = [];

export async function enter(name: string): Promise<void> {
  store.set({ phase: "signing-in", signInError: undefined });
  try {
    const session = await signIn(name);
    sessionStorage.setItem(NAME, session.displayName);
    openDevice(session.userId);
    store.set({ phase: "ready", session, connection: { state: "connected" } });
    stopWatching = [
      watchConnection(session),
      watchCalls(session),
      watchChat(session),
      watchUploads(),
      watchPeople(),
    ];
    await loadThreads();
  } catch (error) {
    console.error("Signing in failed", error);
    store.set({ phase: "signed-out", signInError: explainError("Signing in", error) });
  }
}

export function rememberedName(): string {
  return sessionStorage.getItem(NAME) ?? "";
}

export async function enterAgain(): Promise<void> {
  const name = rememberedName();
  if (name) await enter(name);
}

/** Asks before messages that wait to be sent are dropped. */
export function signOut(): void {
  const waiting = store.get().threads.reduce((sum, { pending }) => sum + pending.length, 0);
  if (waiting > 0) store.set({ dialog: { kind: "sign-out", waiting } });
  else void leave();
}

/** With a new token; what waits to be sent goes on waiting. */
export async function signInAgain(): Promise<void> {
  await close({ forget: false });
  await enterAgain();
}

export async function leave(): Promise<void> {
  sessionStorage.removeItem(NAME);
  await close({ forget: true });
}

async function close(options: { forget: boolean }): Promise<void> {
  const { session } = store.get();
  await leaveCalls();
  for (const stop of stopWatching.splice(0)) stop();
  forgetPictures();
  store.set({ ...signedOut, route: { page: "home" } });
  location.hash = "#/";
  await Promise.all([session?.close(options), closeDevice(options)]);
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
      if (!reported && store.get().connection.state === "connected") {
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
