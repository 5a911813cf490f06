import { html, nothing, type TemplateResult } from "lit-html";

import { isolate } from "../openline/isolate-name";
import type { Person } from "../openline/list-people";
import type { AppState, Thread } from "../state/app-state";
import { call, canCall } from "../state/call-actions";
import { openMembers } from "../state/members";
import { directPeer, nameOf, threadTitle } from "../state/names";
import { addFiles } from "../state/uploads";
import { openHome } from "../state/route";
import { searchIn } from "../state/search";
import { composer } from "./composer";
import { fileDrop } from "./file-drop";
import { iconButton } from "./icon-button";
import { messageList } from "./message-list";
import { focusSearch } from "./search-field";
import { threadAvatar } from "./thread-row";
import { typingLine } from "./typing-line";

const narrow = matchMedia("(max-width: 720px)");

export function chatPane(thread: Thread, state: AppState): TemplateResult {
  const myId = state.session?.userId ?? "";
  return html`<article class="chat" data-testid="chat"
    ${fileDrop((files: File[]) => addFiles(thread.id, files))}>
    ${header(thread, state, myId)} ${messageList(thread, myId, state.downloads)}
    <div class="chat-foot">${typingLine(thread)} ${composer(thread, myId)}</div>
    <div class="drop-hint" aria-hidden="true"><p>Drop files to send them</p></div>
  </article>`;
}

function header(thread: Thread, state: AppState, myId: string): TemplateResult {
  const title = threadTitle(thread, myId);
  const peer = directPeer(thread, myId);
  return html`<header class="chat-header">
    <span class="only-narrow">
      ${iconButton({ icon: "back", label: "Back", testid: "back", onClick: openHome })}
    </span>
    ${threadAvatar(thread, myId, title)}
    <div class="chat-title">
      <h1><bdi>${title}</bdi></h1>
      ${peer ? nothing : html`<p>${memberNames(thread, myId)}</p>`}
    </div>
    <div class="row-actions">
      ${peer
        ? callButtons({ id: peer.id, name: nameOf(peer.id, peer.name) }, !canCall(state, peer.id))
        : nothing}
      ${iconButton({
        icon: "search",
        label: "Search in this conversation",
        testid: "search-here",
        onClick: () => searchHere(thread.id),
      })}
      ${iconButton({
        icon: "people",
        label: "People in this conversation",
        testid: "members",
        onClick: () => openMembers(thread.id),
      })}
    </div>
  </header>`;
}

/** The results stand beside the conversation; a narrow window shows one of the two. */
function searchHere(threadId: string): void {
  searchIn(threadId);
  if (narrow.matches) {
    openHome();
    addEventListener("hashchange", focusSearch, { once: true });
  } else focusSearch();
}

function callButtons(peer: Person, busy: boolean): TemplateResult {
  return html`${iconButton({
      icon: "phone",
      label: `Call ${isolate(peer.name)}`,
      testid: "thread-call-audio",
      disabled: busy,
      onClick: () => void call(peer, false),
    })}
    ${iconButton({
      icon: "video",
      label: `Call ${isolate(peer.name)} with video`,
      testid: "thread-call-video",
      disabled: busy,
      onClick: () => void call(peer, true),
    })}`;
}

function memberNames(thread: Thread, myId: string): string {
  return thread.members
    .map(({ id, name }) => (id === myId ? "you" : isolate(nameOf(id, name))))
    .sort((a, b) => Number(a === "you") - Number(b === "you"))
    .join(", ");
}
