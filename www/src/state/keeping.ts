// What the page shows at once when it opens, before the server has answered: conversations and people as they were.
import { keepPeople, keepThreads, keptPeople, keptThreads, type KeptThread } from "../device/kept-threads";
import { store, type Thread } from "./app-state";
import { emptyThread } from "./thread-list";

// As many people are kept as fit a list that somebody looks through.
const MOST_PEOPLE = 500;

/** What was kept; nothing where the browser keeps nothing. */
export async function loadKept(): Promise<void> {
  try {
    const [threads, people] = await Promise.all([keptThreads(), keptPeople()]);
    threads.sort((a, b) => b.lastActivity - a.lastActivity);
    people.sort((a, b) => a.name.localeCompare(b.name));
    store.set({
      people,
      threads: threads.map((thread) => ({ ...emptyThread, ...thread })),
      threadsLoaded: threads.length > 0,
    });
  } catch (error) {
    console.warn("Reading what is kept on this device failed", error);
  }
}

/** Keeps conversations and people as the store has them, from here on. */
export function followKept(): () => void {
  let threads = new Map(store.get().threads.map((thread) => [thread.id, thread]));
  let { people } = store.get();
  const failed = (error: unknown) => console.warn("Keeping the list of conversations failed", error);
  return store.subscribe((state) => {
    if (state.people !== people) {
      people = state.people;
      keepPeople(people.slice(0, MOST_PEOPLE)).catch(failed);
    }
    const now = new Map(state.threads.map((thread) => [thread.id, thread]));
    const changed = state.threads.filter((thread) => isNews(thread, threads.get(thread.id)));
    const gone = [...threads.keys()].filter((id) => !now.has(id));
    threads = now;
    if (changed.length + gone.length > 0) keepThreads(changed.map(toKept), gone).catch(failed);
  });
}

function isNews(thread: Thread, before: Thread | undefined): boolean {
  if (!before) return true;
  const fields = ["topic", "lastActivity", "members", "deliveries", "reads"] as const;
  return fields.some((field) => thread[field] !== before[field]);
}

function toKept({ id, topic, lastActivity, members, deliveries, reads }: Thread): KeptThread {
  return { id, topic, lastActivity, members, deliveries, reads };
}
