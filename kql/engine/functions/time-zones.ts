/** Local times of IANA time zones, from the tables of the runtime. */
import { ticksPerMillisecond, toDatetime, toUnixMilliseconds } from '../values/calendar.ts';
import type { Datetime } from '../values/types.ts';

// Zones change on quarters of an hour.
const quarter = 900_000;
const most = 10_000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  readonly offsets: Map<number, number>;
}

const zones = new Map<string, Zone | null>();

function zoneOf(name: string): Zone | null {
  let zone = zones.get(name);
  if (zone === undefined) {
    try {
      const format = new Intl.DateTimeFormat('en-US', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
        era: 'short',
      });
      zone = { format, offsets: new Map() };
    } catch {
      zone = null;
    }
    zones.set(name, zone);
  }
  return zone;
}

/** Milliseconds to add to UTC. */
function offsetAt({ format, offsets }: Zone, unixMilliseconds: number): number {
  const slot = Math.floor(unixMilliseconds / quarter);
  const known = offsets.get(slot);
  if (known !== undefined) return known;
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(new Date(slot * quarter))) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const local = new Date(0);
  local.setUTCFullYear(year, month - 1, day);
  local.setUTCHours(hour, minute, second);
  const offset = local.getTime() - slot * quarter;
  if (offsets.size >= most) offsets.clear();
  offsets.set(slot, offset);
  return offset;
}

const shifted = (value: Datetime, milliseconds: number): Datetime | null =>
  toDatetime(value.ticks + BigInt(milliseconds) * ticksPerMillisecond);

/** `datetime_utc_to_local`; null for an unknown zone. */
export function toLocal(value: Datetime, name: string): Datetime | null {
  const zone = zoneOf(name);
  return zone && shifted(value, offsetAt(zone, toUnixMilliseconds(value)));
}

/** `datetime_local_to_utc`; a time that the clocks skip is read with the offset after the change. */
export function toUtc(value: Datetime, name: string): Datetime | null {
  const zone = zoneOf(name);
  if (zone === null) return null;
  const local = toUnixMilliseconds(value);
  const guess = offsetAt(zone, local - offsetAt(zone, local));
  const check = offsetAt(zone, local - guess);
  return shifted(value, -(check === guess ? guess : Math.max(guess, check)));
}
