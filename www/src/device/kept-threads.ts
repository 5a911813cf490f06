// The list of conversations and of people, for a page that opens without the server.
import type { DeliveryPositions } from "../openline/delivery-receipts";
import type { Person } from "../openline/list-people";
import type { ThreadMember, ThreadSummary } from "../openline/list-threads";
import type { ReadPositions } from "../openline/read-receipts";
import { database } from "./database";

export interface KeptThread extends ThreadSummary {
  members: ThreadMember[];
  /** Absent in what an earlier version of the page kept. */
  deliveries?: DeliveryPositions;
  reads: ReadPositions;
}

export async function keptThreads(): Promise<KeptThread[]> {
  return (await database()).getAll("threads");
}

export async function keepThreads(changed: KeptThread[], gone: string[]): Promise<void> {
  const { store, done } = (await database()).transaction("threads", "readwrite");
  await Promise.all([...changed.map((thread) => store.put(thread)), ...gone.map((id) => store.delete(id)), done]);
}

export async function keptPeople(): Promise<Person[]> {
  return (await database()).getAll("people");
}

export async function keepPeople(people: Person[]): Promise<void> {
  const { store, done } = (await database()).transaction("people", "readwrite");
  await Promise.all([store.clear(), ...people.map((person) => store.put(person)), done]);
}
