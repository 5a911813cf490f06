import { html, nothing, type TemplateResult } from "lit-html";

import { store, type AppState, type Dialog } from "../state/app-state";
import { startThread } from "../state/threads";
import { modal } from "./directives";
import { dialogError } from "./error-banner";
import { iconButton } from "./icon-button";
import { personChoice } from "./person-choice";

type NewThread = Extract<Dialog, { kind: "new-thread" }>;

const close = () => store.set({ dialog: undefined, error: undefined });

export function newThreadDialog(dialog: NewThread, state: AppState): TemplateResult {
  const others = state.people.filter(({ id }) => id !== state.session?.userId);
  return html`<dialog
    class="sheet"
    aria-labelledby="new-thread-title"
    data-testid="new-thread-dialog"
    @close=${close}
    ${modal()}
  >
    <form @submit=${(event: Event) => void submit(event, dialog, state)}>
      <header class="sheet-head">
        <h2 id="new-thread-title">New conversation</h2>
        ${iconButton({ icon: "close", label: "Close", testid: "new-thread-close", onClick: close })}
      </header>
      <fieldset class="choices">
        <legend>With</legend>
        ${others.map((person) =>
          personChoice(person, {
            testid: `new-thread-person-${person.name}`,
            checked: dialog.chosen.includes(person.id),
            onChange: (on) => toggle(dialog, person.id, on),
          }),
        )}
        ${others.length === 0 ? html`<p class="hint">Nobody else has signed in yet.</p>` : nothing}
      </fieldset>
      <label for="topic">Topic <span class="hint">(optional)</span></label>
      <input
        id="topic"
        data-testid="new-thread-topic"
        maxlength="200"
        autocomplete="off"
        .value=${dialog.topic}
        @input=${(event: Event) => change(dialog, { topic: (event.target as HTMLInputElement).value })}
      />
      ${dialogError(state)}
      <footer class="sheet-foot">
        <button type="button" class="button" @click=${close}>Cancel</button>
        <button
          class="button primary"
          data-testid="new-thread-create"
          ?disabled=${dialog.chosen.length === 0 || dialog.busy}
        >
          ${dialog.busy ? "Starting…" : "Start"}
        </button>
      </footer>
    </form>
  </dialog>`;
}

function toggle(dialog: NewThread, id: string, on: boolean): void {
  const rest = dialog.chosen.filter((chosen) => chosen !== id);
  change(dialog, { chosen: on ? [...rest, id] : rest });
}

function change(dialog: NewThread, change: Partial<NewThread>): void {
  store.set({ dialog: { ...dialog, ...change } });
}

async function submit(event: Event, dialog: NewThread, { people }: AppState): Promise<void> {
  event.preventDefault();
  store.set({ dialog: { ...dialog, busy: true }, error: undefined });
  const chosen = people.filter(({ id }) => dialog.chosen.includes(id));
  const started = await startThread(chosen, dialog.topic);
  if (started) close();
  else change(dialog, { busy: false });
}
