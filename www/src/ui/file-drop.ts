// Files that are dropped on a conversation or pasted into it.
import { AsyncDirective, directive } from "lit-html/async-directive.js";
import type { ElementPart } from "lit-html/directive.js";
import { noChange } from "lit-html";

class FileDrop extends AsyncDirective {
  private element: HTMLElement | undefined;
  private take: (files: File[]) => void = () => undefined;
  // Going from one element inside to another one is a leave and an enter.
  private depth = 0;

  render(_take: (files: File[]) => void): unknown {
    return noChange;
  }

  override update(part: ElementPart, [take]: [(files: File[]) => void]): unknown {
    this.take = take;
    if (!this.element) this.attach(part.element as HTMLElement);
    return noChange;
  }

  private attach(element: HTMLElement): void {
    this.element = element;
    element.addEventListener("dragenter", (event) => this.onDrag(event, 1));
    element.addEventListener("dragleave", (event) => this.onDrag(event, -1));
    element.addEventListener("dragover", (event) => hasFiles(event.dataTransfer) && event.preventDefault());
    element.addEventListener("drop", (event) => this.onDrop(event));
    element.addEventListener("paste", (event) => this.onPaste(event));
  }

  private onDrag(event: DragEvent, step: 1 | -1): void {
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.depth = Math.max(0, this.depth + step);
    this.element?.toggleAttribute("data-dropping", this.depth > 0);
  }

  private onDrop(event: DragEvent): void {
    this.depth = 0;
    this.element?.removeAttribute("data-dropping");
    if (!hasFiles(event.dataTransfer)) return;
    event.preventDefault();
    this.give(filesOf(event.dataTransfer));
  }

  private onPaste(event: ClipboardEvent): void {
    const files = filesOf(event.clipboardData);
    // A spreadsheet's cells come as text and as a picture of them: the text is meant.
    if (files.length === 0 || event.clipboardData?.getData("text/plain")) return;
    event.preventDefault();
    this.give(files);
  }

  private give(files: File[]): void {
    if (files.length > 0) this.take(files);
  }
}

function hasFiles(data: DataTransfer | null): boolean {
  return data?.types.includes("Files") ?? false;
}

/** Without folders, which cannot be uploaded. */
function filesOf(data: DataTransfer | null): File[] {
  return [...(data?.items ?? [])]
    .filter(({ kind }) => kind === "file")
    .filter((item) => !item.webkitGetAsEntry?.()?.isDirectory)
    .flatMap((item) => item.getAsFile() ?? []);
}

/** Hands on the files; while some are held over the element it has `data-dropping`. */
export const fileDrop = directive(FileDrop);
