// Certificates, tokens and storage tolerate five minutes.
const TOLERATED_MS = 5 * 60_000;

/** What is wrong with our clock when that of Microsoft 365 is `skewMs` ahead of it, and the remedy; else undefined. */
export function skewProblem(skewMs: number): string | undefined {
  if (Math.abs(skewMs) <= TOLERATED_MS) return undefined;
  const direction = skewMs > 0 ? 'behind' : 'ahead of';
  return `the clock of this machine is ${Math.round(Math.abs(skewMs) / 1000)} s ${direction} that of Microsoft 365: synchronise it (NTP)`;
}
