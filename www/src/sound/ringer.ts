// The sounds of calls, made by the browser itself: no files, nothing to load.

export type Sound = "ring" | "knock" | "ringback" | "ended" | "connected" | "hold" | "reconnecting";

interface Note {
  at: number;
  hertz: number;
  seconds: number;
}

interface Melody {
  notes: Note[];
  volume: number;
  wave: OscillatorType;
  /** Repeats after so many seconds; absent: plays once. */
  every?: number;
}

const melodies: Record<Sound, Melody> = {
  // A rising fourth, twice: noticed, but not startling.
  ring: {
    notes: [
      { at: 0, hertz: 587.3, seconds: 0.5 },
      { at: 0.18, hertz: 784, seconds: 0.7 },
      { at: 0.72, hertz: 587.3, seconds: 0.5 },
      { at: 0.9, hertz: 784, seconds: 1.1 },
    ],
    volume: 0.16,
    wave: "triangle",
    every: 2.8,
  },
  // Somebody else calls during a call: heard beside what is being said.
  knock: {
    notes: [
      { at: 0, hertz: 587.3, seconds: 0.18 },
      { at: 0.26, hertz: 587.3, seconds: 0.18 },
    ],
    volume: 0.05,
    wave: "sine",
    every: 4,
  },
  ringback: {
    notes: [{ at: 0, hertz: 425, seconds: 1 }],
    volume: 0.04,
    wave: "sine",
    every: 4,
  },
  connected: {
    notes: [
      { at: 0, hertz: 659.3, seconds: 0.2 },
      { at: 0.1, hertz: 880, seconds: 0.3 },
    ],
    volume: 0.07,
    wave: "sine",
  },
  hold: {
    notes: [
      { at: 0, hertz: 440, seconds: 0.25 },
      { at: 0.16, hertz: 440, seconds: 0.35 },
    ],
    volume: 0.05,
    wave: "sine",
  },
  // Low and seldom: somebody waits, and should know that it is still being tried.
  reconnecting: {
    notes: [{ at: 0, hertz: 330, seconds: 0.2 }],
    volume: 0.05,
    wave: "sine",
    every: 5,
  },
  ended: {
    notes: [
      { at: 0, hertz: 523.3, seconds: 0.25 },
      { at: 0.14, hertz: 392, seconds: 0.4 },
    ],
    volume: 0.07,
    wave: "sine",
  },
};

let context: AudioContext | undefined;

/** Browsers let a page sound only after the person did something in it. */
export function unlockSound(): void {
  context ??= new AudioContext();
  if (context.state === "suspended") void context.resume();
}

/** Plays until the returned function is called. */
export function play(sound: Sound): () => void {
  const melody = melodies[sound];
  playOnce(melody);
  if (!melody.every) return () => {};
  const timer = setInterval(() => playOnce(melody), melody.every * 1_000);
  return () => {
    clearInterval(timer);
    silence();
  };
}

let playing: GainNode[] = [];

function silence(): void {
  if (!context) return;
  for (const gain of playing) {
    gain.gain.cancelScheduledValues(context.currentTime);
    gain.gain.setTargetAtTime(0, context.currentTime, 0.02);
  }
  playing = [];
}

function playOnce({ notes, volume, wave }: Melody): void {
  if (context?.state !== "running") return;
  playing = [];
  for (const { at, hertz, seconds } of notes) {
    const start = context.currentTime + at;
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setTargetAtTime(volume, start, 0.012);
    gain.gain.setTargetAtTime(0, start + seconds * 0.5, seconds * 0.22);
    const tone = new OscillatorNode(context, { type: wave, frequency: hertz });
    tone.connect(gain).connect(context.destination);
    tone.start(start);
    tone.stop(start + seconds * 2);
    playing.push(gain);
  }
}
