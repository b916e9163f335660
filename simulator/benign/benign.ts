/** Weeks in which nothing is wrong: the records that a tenant's people, agents and services leave, streamed by time. */
import { plot } from '../campaigns/plot.ts';
import { latency } from '../latency.ts';
import type { PlantedRecord } from '../planted.ts';
import { guid, hash, int, random, type Random } from '../random.ts';
import { families } from '../records/families.ts';
import type { Family, WireRecord } from '../records/scene.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { User } from '../tenant/user.ts';
import { calendar, type Calendar } from './calendar.ts';
import { cast, type Cast } from './cast.ts';
import { habits } from './habits.ts';
import { moved, newAgentIds, views } from './person.ts';
import { serviceChance, services } from './services.ts';
import { sessions } from './sessions.ts';

/** Which weeks. */
export interface BenignOptions {
  readonly tenant: Tenant;
  readonly seed: number | string;
  /** Monday of week 0, days since 1970 (`mondayOf`). Weeks before it are ordinary ones: history for baselines. */
  readonly firstDay: number;
  /** Epoch milliseconds: events at or after `fromMs` and before `toMs`. */
  readonly fromMs: number;
  readonly toMs: number;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Sessions on a working day, mean over all people: 200 people leave some 9,000 records a week. */
const SESSIONS = 3.7;
const HACKATHON_DEPARTMENT = 'Engineering';
/** Days begin up to 9 hours before UTC's: when a day is told, nothing earlier can come. */
const AHEAD_MS = 14 * HOUR_MS;

const byName = new Map(families.map((family) => [family.name, family]));

function familyOf(name: string): Family {
  const family = byName.get(name);
  if (family === undefined) throw new RangeError(`benign: no family "${name}"`);
  return family;
}

const TOOLS = [
  ['search_files', 'mcp'],
  ['run_query', 'function'],
] as const;

/** An agent calls the same tool at every run. */
function withOwnTool(record: WireRecord): WireRecord {
  const { AgentId: agent, ToolName: tool } = record;
  if (typeof agent !== 'string' || tool === undefined) return record;
  const [ToolName, ToolType] = TOOLS[hash(agent, 0x746f6f6c) % TOOLS.length] ?? TOOLS[0];
  return { ...record, ToolName, ToolType };
}

/** Days (since 1970) from which on a user is active, and after which no more. */
export function activeDays(
  user: User,
  { newcomers, leavers, disabled }: Cast,
  plan: Calendar,
): readonly [number, number] {
  if (disabled.includes(user)) return [Infinity, -Infinity];
  const leaving = leavers.indexOf(user);
  return [newcomers.includes(user) ? plan.onboardingDay : -Infinity, leaving === -1 ? Infinity : plan.lastDay(leaving)];
}

/** The records of benign weeks by time: the same day holds the same records whatever the span. */
export function* benignRecords({ tenant, seed, firstDay, fromMs, toMs }: BenignOptions): Generator<PlantedRecord> {
  const key = String(seed);
  const plan = calendar(firstDay);
  const roles = cast(tenant);
  const view = views(tenant);
  const mean = tenant.users.reduce((sum, user) => sum + user.activity, 0) / tenant.users.length;
  const active = tenant.users.map((user) => [user, activeDays(user, roles, plan)] as const);
  let waiting: PlantedRecord[] = [];

  const availableMs = (next: Random, timeMs: number): number =>
    timeMs + (plan.isDelayed(timeMs) && next() < 0.4 ? 3 * DAY_MS + int(next, 0, 4 * HOUR_MS) : latency(next, true));

  function add(
    day: number,
    user: User,
    seat: Tenant,
    about: readonly (string | number)[],
    name: string,
    at: number,
    thread: string,
    fields?: WireRecord,
  ): void {
    const family = familyOf(name);
    const next = random(key, 'benign', ...about);
    (family.parts ?? [0]).forEach((delayMs, part) => {
      const timeMs = at + delayMs;
      const own = random(key, 'benign', ...about);
      const id = guid(random(key, 'benign-id', ...about, part));
      const record = family.record({
        tenant: seat,
        user,
        timeMs,
        id,
        next: own,
        part,
        conversation: () => random(key, 'benign-thread', day, user.index, thread),
      });
      waiting.push({
        timeMs,
        availableMs: availableMs(next, timeMs),
        id,
        record: { ...withOwnTool(record), ...fields },
      });
    });
  }

  function tell(day: number): void {
    const hidden = new Set(newAgentIds(tenant).filter((_id, nth) => day < plan.agentDay(nth)));
    const present: User[] = [];
    for (const [user, [first, last]] of active) {
      if (day < first || day > last) continue;
      const next = random(key, 'benign-day', user.index, day);
      const share = plan.share(day, user.country);
      const isMoved = user.office.startsWith('Boston') && day >= plan.movingDay;
      const today = isMoved ? moved(user) : user;
      if (share > 0.2) present.push(today);
      const isNew = roles.newcomers.includes(user) && plan.week(day) === plan.week(plan.onboardingDay);
      const isHacking = plan.isHackathon(day) && user.department === HACKATHON_DEPARTMENT;
      const rate = SESSIONS * (user.activity / mean) * share * (isHacking ? 10 : isNew ? 1.5 : 1);
      const seat = view(user, hidden);
      sessions(next, user, rate).forEach(({ turns, atMs }, nth) => {
        turns.forEach((name, step) => {
          const timeMs = day * DAY_MS + (atMs[step] ?? 0) - user.utcOffsetMinutes * 60_000;
          add(day, today, seat, [user.index, day, nth, step], name, timeMs, String(nth));
        });
      });
    }
    services(serviceChance(key, day), tenant, day, present).forEach(({ family, user, timeMs, agent, fields }, nth) => {
      const seat = agent === undefined ? view(user, hidden) : { ...tenant, customEngineAgents: [agent] };
      add(day, user, seat, ['service', day, nth], family, timeMs, `service ${nth}`, fields);
    });
    const notes = plot(tenant, 'benign', key, day);
    habits({ plot: notes, cast: roles, plan, day, present });
    waiting.push(...notes.records);
  }

  const lastDay = Math.floor(toMs / DAY_MS) + 1;
  for (let day = Math.floor(fromMs / DAY_MS) - 1; day <= lastDay; day += 1) {
    tell(day);
    const settledMs = day === lastDay ? Infinity : (day + 1) * DAY_MS - AHEAD_MS;
    const settled = waiting.filter(({ timeMs }) => timeMs < settledMs);
    waiting = waiting.filter(({ timeMs }) => timeMs >= settledMs);
    settled.sort((one, other) => one.timeMs - other.timeMs || (one.id < other.id ? -1 : 1));
    yield* settled.filter(({ timeMs }) => timeMs >= fromMs && timeMs < toMs);
  }
}
