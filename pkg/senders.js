// What each sender of a call sends. Nobody else calls `replaceTrack`: a browser takes its time for that, and what was
// wanted last shall be in at the end, whoever wanted it.

const slots = new WeakMap();

const slotOf = (sender) => {
  if (!slots.has(sender)) slots.set(sender, { track: sender.track, lent: null, last: Promise.resolve() });
  return slots.get(sender);
};

/** One after the other; each puts in what is wanted by then. */
const settle = (sender, anew) => {
  const slot = slotOf(sender);
  const next = async () => {
    const track = slot.track ?? slot.lent;
    if (sender.track !== track || (anew && track)) await sender.replaceTrack(track);
  };
  return (slot.last = slot.last.then(next, next));
};

/** Sends `track` from now on, or nothing. Resolves when it, or what was wanted later, is in. */
export function put(sender, track) {
  slotOf(sender).track = track ?? null;
  return settle(sender);
}

/** Sends `track` where there is nothing else to send, until nothing is lent any more. */
export function lend(sender, track) {
  slotOf(sender).lent = track;
  return settle(sender);
}

/** Puts in once more what is sent. */
export const again = (sender) => settle(sender, true);

/** Whether there is nothing to send. */
export const isEmpty = (sender) => !slotOf(sender).track;
