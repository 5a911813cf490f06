// Times as people read them.

const clock = new Intl.DateTimeFormat(undefined, { hour: "numeric", minute: "2-digit" });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "long" });
const shortDay = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const longDay = new Intl.DateTimeFormat(undefined, {
  day: "numeric",
  month: "long",
  year: "numeric",
});
const DAY_MS = 86_400_000;

export function timeOfDay(at: number): string {
  return clock.format(at);
}

/** “14:05” today, “Monday” this week, “3 May” before that. */
export function shortTime(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return clock.format(at);
  return days > 0 && days < 7 ? weekday.format(at) : shortDay.format(at);
}

export function dayName(at: number, now: number): string {
  const days = daysBetween(at, now);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return days > 0 && days < 7 ? weekday.format(at) : longDay.format(at);
}

export function isSameDay(a: number, b: number): boolean {
  return daysBetween(a, b) === 0;
}

/** “0:07”, “12:30”, “1:02:03”. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}:${two(seconds % 60)}`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`;
}

function daysBetween(earlier: number, later: number): number {
  const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);
  return Math.round((midnight(later) - midnight(earlier)) / DAY_MS);
}
