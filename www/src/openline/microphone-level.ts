// How loud one's own microphone is, for a meter: what a call sends, or before a call the microphone for that alone.
import { LocalAudioStream, type AudioDeviceInfo, type Call } from "openline";

import { latest } from "./latest";

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
  const meter = latest<() => void>((stop) => stop());
  const changed = () => {
    meter.close();
    onLevel(0);
    const [stream] = call.localAudioStreams;
    if (!stream) return;
    const failed = (error: unknown) => console.warn("Measuring the microphone failed", error);
    meter.open(() => followLevel(stream, onLevel)).catch(failed);
  };
  call.on("localAudioStreamsUpdated", changed);
  changed();
  return () => {
    call.off("localAudioStreamsUpdated", changed);
    meter.close();
  };
}

async function followLevel(stream: LocalAudioStream, onLevel: OnLevel): Promise<() => void> {
  const volume = await stream.getVolume();
  const changed = () => onLevel(volume.level / 100);
  volume.on("levelChanged", changed);
  return () => volume.off("levelChanged", changed);
}
