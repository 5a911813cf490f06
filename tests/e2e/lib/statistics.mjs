/** The value below which `share` (0 to 1) of the samples lie: nearest rank. */
export function percentile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** A line of figures: `label: n 20, p50 120.1 ms, p95 180.3 ms`. */
export function summary(label, samples, shares = [0.5, 0.95, 0.99]) {
  const figures = shares.map((share) => `p${share * 100} ${percentile(samples, share).toFixed(1)} ms`);
  return `${label}: n ${samples.length}, ${figures.join(", ")}`;
}
