// How loud it is at a microphone, for a meter. It is opened for that alone: a call goes on as it is.
import type { AudioDeviceInfo } from "openline";

// Speech lies between these two.
const QUIET_DB = -60;
const LOUD_DB = -10;

/** Calls back with 0 to 1 on every frame, until the returned function is called. */
export async function followMicrophoneLevel(
  microphone: AudioDeviceInfo | undefined,
  onLevel: (level: number) => void,
): Promise<() => void> {
  const deviceId = microphone?.id.replace(/^microphone:/, "");
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: deviceId ? { deviceId: { exact: deviceId } } : true,
  });
  const context = new AudioContext();
  if (context.state === "suspended") void context.resume();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let frame = requestAnimationFrame(function measure() {
    analyser.getFloatTimeDomainData(samples);
    const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
    const loudness = (10 * Math.log10(power || 1e-9) - QUIET_DB) / (LOUD_DB - QUIET_DB);
    onLevel(Math.min(1, Math.max(0, loudness)));
    frame = requestAnimationFrame(measure);
  });
  return () => {
    cancelAnimationFrame(frame);
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
}
