// What the server takes, so that the page need not send what would be refused.

const MOST_MESSAGE_BYTES = 28 * 1024;
const MOST_MEMBERS_TOLD = 20;
const utf8 = new TextEncoder();

/** By how many bytes a text is over the limit of a message; 0 if it fits. */
export function bytesTooMany(text: string): number {
  // Each UTF-16 unit is three bytes at most.
  if (text.length * 3 <= MOST_MESSAGE_BYTES) return 0;
  return Math.max(0, utf8.encode(text).length - MOST_MESSAGE_BYTES);
}

/** Whether typing and read marks are passed on in a thread of that many people. */
export function tellsPresence(members: number): boolean {
  return members <= MOST_MEMBERS_TOLD;
}
