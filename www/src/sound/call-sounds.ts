// Which sound belongs to what is on the screen.
import { store, type AppState } from "../state/app-state";
import { soundsWanted } from "../state/preferences";
import { play, unlockSound, type Sound } from "./ringer";

export function followCallSounds(): void {
  let current: Sound | undefined;
  let stop = () => {};
  for (const gesture of ["pointerdown", "keydown"]) {
    addEventListener(gesture, unlockSound, { capture: true });
  }
  store.subscribe((state) => {
    const wanted = soundOf(state);
    if (wanted === current) return;
    stop();
    current = wanted;
    stop = wanted ? play(wanted) : () => {};
  });
}

function soundOf({ call, ringing }: Readonly<AppState>): Sound | undefined {
  if (!soundsWanted()) return undefined;
  if (ringing.some(({ silenced }) => !silenced)) return call && !call.ended ? "knock" : "ring";
  if (!call) return undefined;
  if (call.ended) return "ended";
  const { networkReconnect } = call.diagnostics;
  if (networkReconnect === 2 || networkReconnect === 3) return "reconnecting";
  if (call.state === "LocalHold" || call.state === "RemoteHold") return "hold";
  if (call.state === "Connected") return "connected";
  return call.outgoing && call.state === "Ringing" ? "ringback" : undefined;
}
