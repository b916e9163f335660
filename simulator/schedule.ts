import type { ContentFault } from './content-faults.ts';
import { eventList, type EventList } from './events.ts';
import { latency } from './latency.ts';
import { count, pick, random, type Random } from './random.ts';
import type { PlantedRecord } from './planted.ts';
import { families } from './records/families.ts';
import type { Audience } from './records/scene.ts';
import type { Tenant } from './tenant/tenant.ts';
import type { User } from './tenant/user.ts';

/** What happens in a tenant, and how much of it. */
export interface ScheduleOptions {
  readonly tenant: Tenant;
  readonly seed: string;
  /** Epoch milliseconds: events at or after `fromMs` and before `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Means over all users on a working day. */
  readonly copilotPerUserDay: number;
  readonly noisePerUserDay: number;
  readonly faults: ReadonlySet<ContentFault>;
  /** `planted`: these records of the Copilot family instead of drawn ones. */
  readonly planted?: Iterable<PlantedRecord> | undefined;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WEEKEND_SHARE = 0.04;
/** Above the events of any user's day: numbers of events that belong to the tenant as a whole. */
const FIRST_TENANT_EVENT = 1_000_000;

/** Every event of the span. The same user's day holds the same events whatever the span. */
export function schedule(options: ScheduleOptions): EventList {
  const { tenant, seed, fromMs, toMs } = options;
  const events = eventList(tenant, seed);
  const isDrawn = options.planted === undefined;
  for (const record of options.planted ?? []) events.plant(record);
  const mean = tenant.users.reduce((sum, user) => sum + user.activity, 0) / tenant.users.length;
  const add = (next: Random, user: User, day: number, nth: number, family: number): void => {
    const timeMs = timeOfDay(next, user, day);
    const rule = families[family];
    (rule?.parts ?? [0]).forEach((delayMs, part) => {
      // Parts of one event become available on their own, hours apart at times.
      const availableMs = timeMs + delayMs + latency(next, rule?.copilot === true);
      if (timeMs < fromMs || timeMs >= toMs) return;
      events.push({ timeMs: timeMs + delayMs, availableMs, family, part, user: user.index, day, nth });
    });
  };
  // One day more on either side: local days start up to half a day from UTC's.
  for (let day = Math.floor(fromMs / DAY_MS) - 1; day <= Math.floor(toMs / DAY_MS) + 1; day += 1) {
    const share = isWeekend(day) ? WEEKEND_SHARE : 1;
    for (const user of tenant.users) {
      const next = random(seed, 'user-day', user.index, day);
      const rate = (user.activity / mean) * share;
      const copilot = count(next, options.copilotPerUserDay * rate) * (isDrawn ? 1 : 0);
      const noise = count(next, options.noisePerUserDay * rate);
      const table = user.licensed ? tables.licensed : tables.anyone;
      for (let nth = 0; nth < copilot; nth += 1) add(next, user, day, nth, draw(next, table));
      for (let nth = 0; nth < noise; nth += 1) add(next, user, day, copilot + nth, draw(next, tables.noise));
    }
    const next = random(seed, 'tenant-day', day);
    let nth = FIRST_TENANT_EVENT;
    families.forEach((family, index) => {
      if (family.copilot && !isDrawn) return;
      const wanted = family.perDay * share;
      const amount = Math.floor(wanted) + (next() < wanted % 1 ? 1 : 0);
      for (let made = 0; made < amount; made += 1) {
        add(next, pick(next, audience(tenant, family.audience)), day, nth, index);
        nth += 1;
      }
    });
    if (options.faults.has('hostile')) {
      const hostile = random(seed, 'hostile', day);
      for (let made = 0; made < 24; made += 1) {
        const name = made % 6 === 0 ? 'hostile-time' : made % 12 === 1 ? 'hostile-nesting' : 'hostile';
        add(hostile, pick(hostile, tenant.users), day, 2 * FIRST_TENANT_EVENT + made, familyIndex(name));
      }
    }
  }
  return events;
}

/** Index of a family by name; throws when there is none. */
export function familyIndex(name: string): number {
  const index = families.findIndex((family) => family.name === name);
  if (index === -1) throw new RangeError(`families: no family "${name}"`);
  return index;
}

interface Table {
  readonly families: readonly number[];
  readonly sums: readonly number[];
}

function table(wanted: (family: (typeof families)[number]) => boolean): Table {
  const rows = families.flatMap((family, index) => (family.weight > 0 && wanted(family) ? [index] : []));
  let sum = 0;
  return { families: rows, sums: rows.map((index) => (sum += families[index]?.weight ?? 0)) };
}

/** What users draw their events from. Families of a role have no weight: `perDay` schedules them. */
const tables = {
  licensed: table(({ copilot }) => copilot),
  anyone: table(({ copilot, audience }) => copilot && audience === 'anyone'),
  noise: table(({ copilot }) => !copilot),
} as const;

function draw(next: Random, { families: rows, sums }: Table): number {
  const value = next() * (sums.at(-1) ?? 0);
  return rows[sums.findIndex((sum) => value < sum)] ?? 0;
}

function audience(tenant: Tenant, wanted: Audience): readonly User[] {
  if (wanted === 'anyone') return tenant.users;
  const holders = tenant.users.filter((user) => user[wanted]);
  return holders.length > 0 ? holders : tenant.users;
}

/** 1970-01-01 was a Thursday. */
function isWeekend(day: number): boolean {
  const weekday = (day + 4) % 7;
  return weekday === 0 || weekday === 6;
}

/** A moment of the user's local day: mostly between 8 and 18 o'clock, most of all in the middle. */
function timeOfDay(next: Random, user: User, day: number): number {
  const hours = next() < 0.94 ? 8 + 5 * (next() + next()) : 24 * next();
  return Math.floor(day * DAY_MS + hours * HOUR_MS) - user.utcOffsetMinutes * 60_000;
}
