// A few tones, through the loudspeaker that calls use.

const TONES = [523.3, 659.3, 784, 1046.5];
const STEP_S = 0.22;
// A browser that has nothing to play through does not say so; it waits.
const STARTS_WITHIN_MS = 3_000;

/** Resolves once it was played. `speakerId` is the SDK's; absent: the system's loudspeaker. */
export async function playTestSound(speakerId: string | undefined): Promise<void> {
  const context = new AudioContext();
  try {
    await Promise.race([context.resume(), new Promise((resolve) => setTimeout(resolve, STARTS_WITHIN_MS))]);
    if (context.state !== "running") throw new NoSound();
    const out = context.createMediaStreamDestination();
    const audio = new Audio();
    audio.srcObject = out.stream;
    const sink = speakerId?.replace(/^speaker:/, "");
    if (sink && "setSinkId" in audio) await audio.setSinkId(sink);
    await audio.play();
    const last = TONES.map((hertz, index) => tone(context, out, hertz, context.currentTime + index * STEP_S)).at(-1);
    await new Promise((resolve) => last?.addEventListener("ended", resolve));
    audio.pause();
  } finally {
    await context.close();
  }
}

function tone(context: AudioContext, out: AudioNode, hertz: number, start: number): OscillatorNode {
  const gain = new GainNode(context, { gain: 0 });
  gain.gain.setTargetAtTime(0.2, start, 0.015);
  gain.gain.setTargetAtTime(0, start + STEP_S, 0.12);
  const source = new OscillatorNode(context, { type: "sine", frequency: hertz });
  source.connect(gain).connect(out);
  source.start(start);
  source.stop(start + 0.8);
  return source;
}

/** There is nothing to play through. */
export class NoSound extends Error {
  override readonly name = "NoSound";
}
