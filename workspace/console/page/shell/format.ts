/** Numbers, sizes and times as the page writes them: English, and UTC as in the data. */

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const decimal = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });

/** `12,400`, `7.5`. */
export const formatNumber = (value: number): string =>
  Math.abs(value) < 100 ? decimal.format(value) : whole.format(value);

/** `1 row`, `12,400 rows`. */
export const formatCount = (count: number, one: string, many = `${one}s`): string =>
  `${whole.format(count)} ${count === 1 ? one : many}`;

/** `512 B`, `1.2 KB`, `18.2 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const units = ['KB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${decimal.format(value)} ${units[unit] ?? ''}`;
}

/** `2026-11-21 14:39`, in UTC; the text itself where it is no time. */
export function formatTime(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

/** `14:39:02`, in UTC; the text itself where it is no time. */
export function formatClock(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().slice(11, 19);
}

const steps = [
  { unit: 'd', seconds: 86_400 },
  { unit: 'h', seconds: 3600 },
  { unit: 'min', seconds: 60 },
] as const;

/** `12 s`, `5 min`, `3.5 h`, `6.3 d`. */
export function formatSeconds(seconds: number): string {
  const step = steps.find((one) => Math.abs(seconds) >= one.seconds);
  return step === undefined ? `${decimal.format(seconds)} s` : `${decimal.format(seconds / step.seconds)} ${step.unit}`;
}

/** `240 ms`, `1.2 s`. */
export const formatMilliseconds = (milliseconds: number): string =>
  milliseconds < 1000 ? `${whole.format(milliseconds)} ms` : formatSeconds(milliseconds / 1000);
