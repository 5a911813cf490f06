// How loud one's own microphone is, for a meter: what a call sends, or before a call the microphone for that alone.
import { LocalAudioStream, type AudioDeviceInfo, type Call } from "openline";

type OnLevel = (level: number) => void;

/** Calls back with 0 to 1 as it changes, until the returned function is called. */
export async function followMicrophoneLevel(microphone: AudioDeviceInfo, onLevel: OnLevel): Promise<() => void> {
  const stream = new LocalAudioStream(microphone);
  try {
    const stop = await followLevel(stream, onLevel);
    return () => {
      stop();
      stream.dispose();
    };
  } catch (error) {
    stream.dispose();
    throw error;
  }
}

/** The same of what a call sends, whichever microphone that is: some can be opened only once. 0 while it sends nothing. */
export function followSentLevel(call: Call, onLevel: OnLevel): () => void {
  let following = new AbortController();
  const changed = () => {
    following.abort();
    following = new AbortController();
    onLevel(0);
    const [stream] = call.localAudioStreams;
    if (stream) void followUntil(stream, onLevel, following.signal);
  };
  call.on("localAudioStreamsUpdated", changed);
  changed();
  return () => {
    call.off("localAudioStreamsUpdated", changed);
    following.abort();
  };
}

async function followUntil(stream: LocalAudioStream, onLevel: OnLevel, signal: AbortSignal): Promise<void> {
  try {
    const stop = await followLevel(stream, (level) => signal.aborted || onLevel(level));
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop);
  } catch (error) {
    console.warn("Measuring the microphone failed", error);
  }
}

async function followLevel(stream: LocalAudioStream, onLevel: OnLevel): Promise<() => void> {
  const volume = await stream.getVolume();
  const changed = () => onLevel(volume.level / 100);
  volume.on("levelChanged", changed);
  return () => volume.off("levelChanged", changed);
}
