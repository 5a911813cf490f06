// What is measured of a call's sound and pictures, once a second.
import { Features, type Call } from "openline";
import { toStats, type CallStats } from "./call-stats";

/** Calls back with each sample, until the returned function is called or the call ends. */
export function followStats(call: Call, onStats: (stats: CallStats) => void): () => void {
  const collector = call.feature(Features.MediaStats).createCollector();
  collector.on("sampleReported", (sample) => onStats(toStats(sample)));
  return () => collector.dispose();
}
