// Who is in a conversation: add people, remove them, leave.
import { html, nothing, type TemplateResult } from "lit-html";

import { isolate } from "../openline/isolate-name";
import type { Person } from "../openline/list-people";
import type { ThreadMember } from "../openline/list-threads";
import { store, type AppState, type Thread } from "../state/app-state";
import { addChosen, choose, type MembersDialog } from "../state/members";
import { nameOf } from "../state/names";
import { findThread } from "../state/thread-list";
import { avatar } from "./avatar";
import { modal } from "./directives";
import { dialogError } from "./error-banner";
import { iconButton } from "./icon-button";
import { icon } from "./icons";
import { personChoice } from "./person-choice";

const close = () => store.set({ dialog: undefined, error: undefined });

export function membersDialog(
  dialog: MembersDialog,
  state: AppState,
): TemplateResult | typeof nothing {
  const thread = findThread(dialog.threadId);
  if (!thread) return nothing;
  const inside = new Set(thread.members.map(({ id }) => id));
  const others = state.people.filter(({ id }) => !inside.has(id));
  return html`<dialog
    class="sheet"
    aria-labelledby="members-title"
    data-testid="members-dialog"
    @close=${close}
    ${modal()}
  >
    <header class="sheet-head">
      <h2 id="members-title">People in this conversation</h2>
      ${iconButton({ icon: "close", label: "Close", testid: "members-close", onClick: close })}
    </header>
    <ul class="choices members">
      ${sorted(thread, state).map((member) => row(dialog, member, state))}
    </ul>
    ${others.length > 0 ? adding(dialog, others) : nothing}
    ${dialogError(state)}
    <footer class="sheet-foot">
      <button
        type="button"
        class="button quiet-danger"
        data-testid="leave-thread"
        @click=${() => store.set({ dialog: { kind: "leave-thread", threadId: thread.id } })}
      >
        ${icon("leave")} Leave conversation
      </button>
    </footer>
  </dialog>`;
}

function row(dialog: MembersDialog, member: ThreadMember, { session }: AppState): TemplateResult {
  const own = member.id === session?.userId;
  const name = nameOf(member.id, member.name);
  return html`<li class="choice member" data-testid="member-${name}">
    ${avatar({ id: member.id, name }, "small")}
    <span class="row-title"><bdi>${name}</bdi>${own ? html` <span class="hint">(you)</span>` : nothing}</span>
    ${own
      ? nothing
      : html`<button
          type="button"
          class="button small"
          data-testid="member-remove"
          aria-label="Remove ${isolate(name)}"
          ?disabled=${dialog.busy}
          @click=${() =>
            store.set({
              dialog: { kind: "remove-member", threadId: dialog.threadId, member: { ...member, name } },
              error: undefined,
            })}
        >
          Remove
        </button>`}
  </li>`;
}

function adding(dialog: MembersDialog, others: Person[]): TemplateResult {
  return html`<fieldset class="choices">
      <legend>Add people</legend>
      ${others.map((person) =>
        personChoice(person, {
          testid: `add-${person.name}`,
          checked: dialog.chosen.includes(person.id),
          onChange: (on) => choose(dialog, person.id, on),
        }),
      )}
    </fieldset>
    <button
      type="button"
      class="button primary wide"
      data-testid="members-add"
      ?disabled=${dialog.chosen.length === 0 || dialog.busy}
      @click=${() => void addChosen(dialog)}
    >
      ${dialog.busy ? "One moment…" : "Add"}
    </button>`;
}

/** By name, oneself last. */
function sorted({ members }: Thread, { session }: AppState): ThreadMember[] {
  const own = (member: ThreadMember) => Number(member.id === session?.userId);
  return [...members].sort(
    (a, b) => own(a) - own(b) || nameOf(a.id, a.name).localeCompare(nameOf(b.id, b.name)),
  );
}
