/** What runs without people or by the clock: names of families, who stands behind them, and when. */
import { int, random, type Random } from '../random.ts';
import type { CustomEngineAgent } from '../tenant/agents.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';

/** A record of a service, or of a person by the clock. */
export interface Service {
  readonly family: string;
  readonly user: User;
  /** Epoch milliseconds. */
  readonly timeMs: number;
  /** The agent that it is about; absent: any. */
  readonly agent?: CustomEngineAgent;
  /** Fields that stay the same from day to day. */
  readonly fields?: Readonly<Record<string, string>>;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const spread = (next: Random, day: number, amount: number): readonly number[] =>
  Array.from({ length: amount }, () => day * DAY_MS + int(next, 0, DAY_MS - 1));

/** The services of a day; people who are away (weekends, holidays) leave out what needs them. */
export function services(next: Random, tenant: Tenant, day: number, present: readonly User[]): readonly Service[] {
  const analysts = present.filter((user) => user.analyst);
  const owner = tenant.users.find((user) => user.analyst) ?? tenant.users[0];
  if (owner === undefined) return [];
  const working = analysts.flatMap((user) =>
    Array.from({ length: 3 }, (_, nth): Service => ({
      family: nth === 0 ? 'security-copilot-embedded' : 'security-copilot-standalone',
      user,
      timeMs: day * DAY_MS + int(next, 8 * 60, 18 * 60) * MINUTE_MS - user.utcOffsetMinutes * MINUTE_MS,
    })),
  );
  const flows = tenant.customEngineAgents.slice(0, 2).flatMap((agent, nth) =>
    Array.from({ length: 24 }, (_, hour): Service => ({
      family: 'autonomous',
      user: owner,
      agent,
      timeMs: day * DAY_MS + hour * HOUR_MS + (5 + 20 * nth) * MINUTE_MS + int(next, 0, 20) * 1000,
    })),
  );
  const planned = present
    .filter((user) => user.licensed && user.index % 7 === 3)
    .map((user): Service => ({
      family: 'scheduled-prompt',
      user,
      timeMs: day * DAY_MS + 7 * HOUR_MS - user.utcOffsetMinutes * MINUTE_MS + int(next, 0, 40) * 1000,
      fields: {
        AutomationId: `${String(user.index).padStart(8, '0')}-0000-4000-8000-000000000363`,
        TriggerMode: '0 7 * * 1-5',
      },
    }));
  return [
    ...working,
    ...flows,
    ...planned,
    ...spread(next, day, 30).map((timeMs): Service => ({ family: 'security-copilot-agent-user', user: owner, timeMs })),
    ...spread(next, day, 2).map((timeMs): Service => ({ family: 'security-copilot-trigger', user: owner, timeMs })),
  ];
}

/** Chance of a day's services. */
export const serviceChance = (seed: string, day: number): Random => random(seed, 'benign-services', day);
