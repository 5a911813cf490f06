// How loud a stream is. All meters share one audio context, which is closed when nobody looks at any.

/** How often a stream is listened to, and for how long after `level` was read without a listener. */
const [LOOK_MS, IDLE_MS] = [100, 2000];

/** What counts as silence, in decibels below the loudest that there is. */
const SILENCE_DB = 60;

let context;
let meters = 0;

/** The level of these samples: 0 is silence, 100 as loud as can be. Pure. */
export function levelOf(samples) {
  const mean = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  const decibels = 10 * Math.log10(mean);
  return Math.round(Math.min(100, Math.max(0, 100 * (1 + decibels / SILENCE_DB))));
}

/** Listens to the stream until the returned function is called. */
function listen(media, tell) {
  context ??= new AudioContext();
  // Rejected where the page was not touched yet: then there is silence.
  context.resume().catch(() => {});
  meters += 1;
  try {
    const source = context.createMediaStreamSource(media);
    const analyser = new AnalyserNode(context, { fftSize: 2048 });
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      tell(levelOf(samples));
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      source.disconnect();
      release();
    };
  } catch (error) {
    // A stream that the browser cannot listen to.
    release();
    throw error;
  }
}

function release() {
  meters -= 1;
  if (meters > 0) return;
  void context.close();
  context = undefined;
}

/** The `Volume` of the stream; it listens for as long as somebody wants to know. */
export function volumeOf(media, { on, off, emit }) {
  const registered = [];
  let level = 0;
  let readAt = 0;
  let stop;

  const end = () => {
    stop?.();
    stop = undefined;
  };
  const onLevel = (now) => {
    const idle = registered.length === 0 && performance.now() - readAt > IDLE_MS;
    const over = idle || media.getAudioTracks().every(({ readyState }) => readyState === "ended");
    if (over) end();
    const next = over ? 0 : now;
    if (level === next) return;
    level = next;
    emit("levelChanged");
  };
  const begin = () => {
    if (media.getAudioTracks().length > 0) stop ??= listen(media, onLevel);
  };

  return {
    /** As it was when it was last looked at; the first look is a moment after the first reading. */
    get level() {
      readAt = performance.now();
      begin();
      return level;
    },
    on(event, listener) {
      on(event, listener);
      if (event !== "levelChanged") return;
      registered.push(listener);
      begin();
    },
    off(event, listener) {
      off(event, listener);
      const index = event === "levelChanged" ? registered.lastIndexOf(listener) : -1;
      if (index >= 0) registered.splice(index, 1);
      if (registered.length > 0) return;
      end();
      level = 0;
    },
  };
}
