// Those whose data this device keeps although they are not signed in in this tab.
import { deleteDevice } from "../device/database";
import { dropUser, outdatedUsers, userLeaves, type KeptUser } from "../device/users";
import { forgetLocalData } from "../openline/forget-user";
import { store } from "./app-state";
import { showError } from "./errors";

/** Wipes all of it; tabs in which they are signed in hear of it. */
export async function forgetUser(user: KeptUser): Promise<void> {
  userLeaves(user);
  store.set({});
  await Promise.all([forgetLocalData(user.userId), deleteDevice(user.userId)]);
  dropUser(user.userId);
}

export function askToForget(user: KeptUser): void {
  store.set({ dialog: { kind: "forget-user", user } });
}

export async function forgetAsAsked(user: KeptUser): Promise<void> {
  await forgetUser(user).catch((error: unknown) => showError("Removing the data", error));
}

/** At the start of the page, but for who is signed in here. */
export async function forgetOutdated(except: string | undefined): Promise<void> {
  for (const user of outdatedUsers()) {
    if (user.userId === except) continue;
    await forgetUser(user).catch((error: unknown) => console.warn("Wiping old data failed", error));
  }
}
