// Who is in a conversation, and what the dialog about them does.
import { addMembers, removeMember } from "../openline/change-members";
import { isolate } from "../openline/isolate-name";
import { listMembers, type ThreadMember } from "../openline/list-threads";
import { announce } from "./announce";
import { session, store, type Dialog } from "./app-state";
import { showError } from "./errors";
import { nameOf } from "./names";
import { removeThread, updateThread } from "./thread-list";

export type MembersDialog = Extract<Dialog, { kind: "members" }>;

const names = new Intl.ListFormat("en");

export function openMembers(threadId: string): void {
  store.set({ dialog: { kind: "members", threadId, chosen: [], busy: false }, error: undefined });
}

export function choose(dialog: MembersDialog, id: string, on: boolean): void {
  const rest = dialog.chosen.filter((chosen) => chosen !== id);
  store.set({ dialog: { ...dialog, chosen: on ? [...rest, id] : rest } });
}

export async function addChosen(dialog: MembersDialog): Promise<void> {
  const people = store.get().people.filter(({ id }) => dialog.chosen.includes(id));
  await change(dialog, "Adding people", async () => {
    const refused = await addMembers(session().chatClient, dialog.threadId, people);
    const added = people.filter(({ id }) => !refused.includes(id)).map(({ name }) => isolate(name));
    if (added.length > 0) announce(`${names.format(added)} added.`);
    if (refused.length > 0) {
      const whom = names.format(refused.map((id) => isolate(nameOf(id))));
      store.set({ error: `${whom} could not be added. They may no longer exist here.` });
    }
  });
}

export async function remove(threadId: string, member: ThreadMember): Promise<void> {
  const dialog: MembersDialog = { kind: "members", threadId, chosen: [], busy: false };
  await change(dialog, `Removing ${isolate(member.name)}`, async () => {
    await removeMember(session().chatClient, dialog.threadId, member.id);
    announce(`${isolate(nameOf(member.id, member.name))} removed.`);
  });
}

export async function leaveThread(threadId: string): Promise<void> {
  const { chatClient, userId } = session();
  try {
    await removeMember(chatClient, threadId, userId);
    removeThread(threadId);
    announce("You left the conversation.");
  } catch (error) {
    showError("Leaving the conversation", error);
  }
}

/** Runs one change and shows who is in the conversation afterwards. */
async function change(
  dialog: MembersDialog,
  doing: string,
  action: () => Promise<void>,
): Promise<void> {
  store.set({ dialog: { ...dialog, busy: true }, error: undefined });
  try {
    await action();
    const members = await listMembers(session().chatClient, dialog.threadId);
    updateThread(dialog.threadId, () => ({ members }));
    setOpen({ ...dialog, chosen: [], busy: false });
  } catch (error) {
    setOpen({ ...dialog, busy: false });
    showError(doing, error);
  }
}

/** Unless it was closed meanwhile. */
function setOpen(dialog: MembersDialog): void {
  const { dialog: shown } = store.get();
  if (shown?.kind === "members" && shown.threadId === dialog.threadId) store.set({ dialog });
}
