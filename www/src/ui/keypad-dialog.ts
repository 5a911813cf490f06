// The keys of a telephone. The digits of a keyboard do the same while it is open.
import { html, nothing, type TemplateResult } from "lit-html";

import { KEYS, type Key } from "../openline/send-tone";
import type { AppState, Keypad } from "../state/app-state";
import { closeKeypad, pressKey } from "../state/keypad";
import { modal } from "./directives";
import { errorBanner } from "./error-banner";
import { iconButton } from "./icon-button";

const LETTERS: Partial<Record<Key, string>> = {
  2: "ABC", 3: "DEF", 4: "GHI", 5: "JKL", 6: "MNO", 7: "PQRS", 8: "TUV", 9: "WXYZ", 0: "+",
};
const NAMES: Partial<Record<Key, string>> = { "*": "Star", "#": "Hash" };

export function keypadDialog({ typed, waiting, problem }: Keypad, { error }: AppState): TemplateResult {
  return html`<dialog
    class="sheet keypad-dialog"
    tabindex="-1"
    autofocus
    aria-labelledby="keypad-title"
    data-testid="keypad-dialog"
    @close=${closeKeypad}
    @keydown=${onKeyDown}
    ${modal()}
  >
    <header class="sheet-head">
      <h2 id="keypad-title">Keypad</h2>
      ${iconButton({ icon: "close", label: "Close", testid: "keypad-close", onClick: closeKeypad })}
    </header>
    <output class="typed" data-testid="typed" data-waiting=${waiting}
      ><bdi>${typed || html`<span class="hint">Sends tones, for menus and codes</span>`}</bdi></output
    >
    <div class="keys" role="group" aria-label="Keys">${KEYS.map(keyButton)}</div>
    ${problem ? html`<p class="field-error" role="alert" data-testid="keypad-problem">${problem}</p>` : nothing}
    ${error ? errorBanner(error) : nothing}
  </dialog>`;
}

function keyButton(key: Key): TemplateResult {
  return html`<button
    type="button"
    class="key"
    data-testid="key-${key}"
    aria-label=${NAMES[key] ?? nothing}
    @click=${() => void pressKey(key)}
  >
    ${key}<small aria-hidden="true">${LETTERS[key] ?? ""}</small>
  </button>`;
}

function onKeyDown(event: KeyboardEvent): void {
  const key = KEYS.find((key) => key === event.key);
  if (!key || event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  void pressKey(key);
}
