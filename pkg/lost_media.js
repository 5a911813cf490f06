// Media that is lost on a path that stands: the checks of ICE pass, packets of sound and pictures do not. Browsers call
// that connected, so that nothing looks for another path; this does. `Loss` decides: pure, with the time handed in.

const LOOK_MS = 2000;

/**
 * Sound never pauses, be it silence, and who receives it reports at least every 7.5 s (RFC 3550): where nothing of both
 * comes for this long, it is lost. Where the whole path is lost browsers say so before (Firefox within 12 s): then the call
 * looks for another one, and an offer from here would cross its. So long is waited again after each attempt, twice as long
 * every time.
 */
const LOST_MS = 12_000;
const LONGEST_MS = 64_000;

/** Decides when another path is to be looked for. */
export class Loss {
  #arrived;
  #since = 0;
  #wait = LOST_MS;

  /** `arrived` is anything that changes when media or what is reported of it comes; `undefined` where none is awaited. */
  step(arrived, now) {
    if (arrived === undefined || arrived !== this.#arrived) {
      this.#arrived = arrived;
      this.#since = now;
      this.#wait = LOST_MS;
      return false;
    }
    if (now - this.#since < this.#wait) return false;
    this.#since = now;
    this.#wait = Math.min(LONGEST_MS, this.#wait * 2);
    return true;
  }
}

/** What has come so far, of a report; `undefined` before anything came. */
export function arrivedBy(report) {
  const of = (type) => [...report.values()].filter((entry) => entry.type === type);
  const packets = of("inbound-rtp").reduce((sum, { packetsReceived = 0 }) => sum + packetsReceived, 0);
  const told = Math.max(0, ...of("remote-inbound-rtp").map(({ timestamp }) => timestamp));
  return packets > 0 ? `${packets} ${told}` : undefined;
}

/** Restarts ICE for as long as media is lost. */
export function follow(connection, signal) {
  const loss = new Loss();
  const look = async () => {
    // Who sends no sound is on hold, or has no microphone: then nothing need come.
    const awaited = connection.connectionState === "connected" && connection.getSenders()[0]?.track;
    const report = awaited ? await connection.getStats().catch(() => undefined) : undefined;
    if (!signal.aborted && loss.step(report && arrivedBy(report), performance.now())) connection.restartIce();
  };
  const timer = setInterval(look, LOOK_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
