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

/** Whether the other side reports of the sound that it is sent. Firefox 140 has no such report from Chromium. */
const isReported = (report) => [...report.values()].some(({ type, kind }) => type === "remote-inbound-rtp" && kind === "audio");

/** Restarts ICE for as long as media is lost. `isHeard`: whether the other side says that it sends sound. */
export function follow(connection, signal, isHeard) {
  const loss = new Loss();
  const look = async () => {
    const [sends, hears] = [connection.getSenders()[0]?.track, isHeard()];
    const may = connection.connectionState === "connected" && (sends || hears);
    const report = may ? await connection.getStats().catch(() => undefined) : undefined;
    // To who sends none, or is told nothing of it, comes what the other side sends, and nothing else.
    const arrived = report && (hears || isReported(report)) ? arrivedBy(report) : undefined;
    if (!signal.aborted && loss.step(arrived, performance.now())) connection.restartIce();
  };
  const timer = setInterval(look, LOOK_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
}
