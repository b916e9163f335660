import { roundedNow } from './now.ts';

/** What a view shows: rows of a version, up to a moment. */
export interface AsOf {
  readonly now: Date;
  readonly version: number;
}

// Long enough to look at something else and come back.
const KEPT_MS = 60_000;
const kept = new Map<string, AsOf>();

/** How a workbook opens: as it was left, where that was just now, so that its tiles have their answers already. */
export function asOfOpening(file: string, time: number, version: number): AsOf {
  const last = kept.get(file);
  const asOf = last !== undefined && time - last.now.getTime() < KEPT_MS ? last : { now: roundedNow(time), version };
  kept.set(file, asOf);
  return asOf;
}

/** How it is after the reader has asked for what is new. */
export function asOfNow(file: string, time: number, version: number): AsOf {
  const asOf = { now: roundedNow(time), version };
  kept.set(file, asOf);
  return asOf;
}
