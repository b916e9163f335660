import { describe, expect, it } from 'vitest';
import { benignRecords } from '../../../simulator/benign/benign.ts';
import { calendar, mondayOf } from '../../../simulator/benign/calendar.ts';
import { cast } from '../../../simulator/benign/cast.ts';
import { restrictedSite } from '../../../simulator/benign/person.ts';
import { benignItems, benignRows } from '../../../simulator/benign/surroundings.ts';
import { content } from '../../../simulator/content.ts';
import type { PlantedRecord } from '../../../simulator/planted.ts';
import { networks } from '../../../simulator/tenant/networks.ts';
import { tenant } from '../../../simulator/tenant/tenant.ts';

const DAY_MS = 86_400_000;
const firstDay = mondayOf(Date.parse('2026-09-02T12:00:00Z'));
const people = tenant({ seed: 1, users: 200 });
const plan = calendar(firstDay);
const roles = cast(people);
const records = (from: number, to: number): readonly PlantedRecord[] => [
  ...benignRecords({
    tenant: people,
    seed: 1,
    firstDay,
    fromMs: (firstDay + from) * DAY_MS,
    toMs: (firstDay + to) * DAY_MS,
  }),
];
const weeks = records(-7, 21);
const inWeek = (week: number): readonly PlantedRecord[] =>
  weeks.filter(({ timeMs }) => plan.week(Math.floor(timeMs / DAY_MS)) === week);
const dayOf = ({ timeMs }: PlantedRecord): number => Math.floor(timeMs / DAY_MS) - firstDay;
const idOf = new Map(
  people.users.flatMap((user) => [user.upn, user.id, user.key].map((name) => [name.toLowerCase(), user])),
);
const field = ({ record }: PlantedRecord, name: string): string => {
  const value = record[name];
  return typeof value === 'string' ? value : '';
};
const userOf = (one: PlantedRecord): string | undefined =>
  (idOf.get(field(one, 'UserId').toLowerCase()) ?? idOf.get(field(one, 'UserKey').toLowerCase()))?.upn;
const text = ({ record }: PlantedRecord): string => JSON.stringify(record);
const isFlagged = (one: PlantedRecord): boolean => text(one).includes('"JailbreakDetected":true');

describe('benign weeks', () => {
  it('begin on Mondays', () => {
    expect(new Date(firstDay * DAY_MS).toISOString()).toBe('2026-08-31T00:00:00.000Z');
    expect(mondayOf(Date.parse('2026-08-31T00:00:00Z'))).toBe(firstDay);
    expect(mondayOf(Date.parse('2026-08-30T23:59:59Z'))).toBe(firstDay - 7);
  });

  it('come by time, each record once and not before an hour after it happened', () => {
    const steps = weeks.slice(1).map(({ timeMs }, nth) => timeMs - (weeks[nth]?.timeMs ?? 0));
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0);
    expect(new Set(weeks.map(({ id }) => id)).size).toBe(weeks.length);
    expect(Math.min(...weeks.map(({ timeMs, availableMs }) => availableMs - timeMs))).toBeGreaterThanOrEqual(3_600_000);
  });

  it('hold the same days whatever the span', () => {
    const part = records(8, 10);
    const same = weeks.filter((one) => dayOf(one) >= 8 && dayOf(one) < 10);
    expect(part.length).toBeGreaterThan(1000);
    expect(part).toEqual(same);
  });

  it('hold some nine thousand records a week, few of them on weekends', () => {
    for (const week of [-1, 2]) {
      const own = inWeek(week);
      expect(own.length).toBeGreaterThan(7000);
      expect(own.length).toBeLessThan(11_000);
      const weekend = own.filter((one) => plan.weekday(Math.floor(one.timeMs / DAY_MS)) >= 5);
      expect(weekend.length).toBeLessThan(own.length / 10);
    }
  });

  it('have red-teamers who are on the list and jailbreak every Tuesday, and hardly anybody else', () => {
    const listed = new Set(
      benignItems(people, firstDay)
        .filter(({ watchlist }) => watchlist === 'CopilotRedTeamUsers')
        .map(({ columns }) => columns['SearchKey']),
    );
    for (const week of [0, 1, 2]) {
      const flagged = inWeek(week).filter(isFlagged);
      expect(new Set(flagged.map(userOf).filter((user) => listed.has(user ?? ''))).size).toBe(roles.redTeam.length);
      expect(flagged.filter((one) => !listed.has(userOf(one) ?? '')).length).toBeLessThanOrEqual(1);
    }
  });

  it('have newsletters with many foreign links in one mail', () => {
    const letters = inWeek(2).filter((one) => (text(one).match(/northwind\.example/g) ?? []).length > 5);
    expect(letters.length).toBeGreaterThan(20);
    expect(letters.every((one) => !text(one).includes('"XPIADetected":true'))).toBe(true);
  });

  it('have twenty newcomers who are silent before their week', () => {
    const upns = new Set(roles.newcomers.map(({ upn }) => upn));
    expect(upns.size).toBe(20);
    const seen = (week: number): number =>
      new Set(
        inWeek(week)
          .map(userOf)
          .filter((user) => upns.has(user ?? '')),
      ).size;
    expect(seen(-1)).toBe(0);
    expect(seen(0)).toBeGreaterThan(18);
  });

  it('have a hackathon day with ten times the volume in one department', () => {
    const engineers = new Set(
      people.users.filter(({ department }) => department === 'Engineering').map(({ upn }) => upn),
    );
    const on = (week: number): number =>
      inWeek(week).filter(
        (one) => plan.weekday(Math.floor(one.timeMs / DAY_MS)) === 2 && engineers.has(userOf(one) ?? ''),
      ).length;
    expect(on(1)).toBeGreaterThan(6 * on(2));
  });

  it('have an office that goes through another country from the first Tuesday on', () => {
    const moved = (from: number, to: number): number =>
      weeks.filter((one) => dayOf(one) >= from && dayOf(one) < to && /"ClientIP":"[^"]*192\.0\.2\.3/.test(text(one)))
        .length;
    expect(moved(-7, 1)).toBe(0);
    expect(moved(1, 7)).toBeGreaterThan(50);
    expect(networks(people.users)).toContainEqual(
      expect.objectContaining({ network: '192.0.2.32/28', country: 'Canada' }),
    );
  });

  it('have an afternoon whose records come three days late', () => {
    const late = (week: number): number =>
      inWeek(week).filter(({ timeMs, availableMs }) => availableMs - timeMs >= 3 * DAY_MS).length;
    expect(late(1)).toBeGreaterThan(100);
    expect(late(2)).toBe(0);
  });

  it('have people on holiday, and a tenant that is not silent then', () => {
    const holiday = records(5 * 7 + 3, 5 * 7 + 4);
    const usual = records(4 * 7 + 3, 4 * 7 + 4);
    expect(holiday.length).toBeLessThan(usual.length / 3);
    expect(holiday.length).toBeGreaterThan(60);
  });

  it('have disabled accounts that stay silent, and leavers who do from the day after their last', () => {
    const silent = new Set(roles.disabled.map(({ upn }) => upn));
    expect(silent.size).toBeGreaterThan(0);
    expect(weeks.filter((one) => silent.has(userOf(one) ?? ''))).toEqual([]);
    const [leaver] = roles.leavers;
    const last = plan.lastDay(0) - firstDay;
    const own = records(last - 21, last + 7).filter((one) => userOf(one) === leaver?.upn);
    expect(own.length).toBeGreaterThan(10);
    // Local days end up to half a day after UTC's.
    expect(Math.max(...own.map(({ timeMs }) => timeMs))).toBeLessThan((firstDay + last + 1.5) * DAY_MS);
  });

  it('have synthetic users, flows and scheduled prompts every week', () => {
    for (const week of [-1, 0, 1, 2]) {
      const own = inWeek(week);
      expect(own.some((one) => field(one, 'UserId').startsWith('SecurityCopilotAgentUser-'))).toBe(true);
      expect(own.some((one) => text(one).includes('"AppHost":"Autonomous"'))).toBe(true);
      expect(own.filter(({ record }) => record['RecordType'] === 363).length).toBeGreaterThan(20);
    }
  });

  it('have agents that appear in the course of the weeks, all of them on the list', () => {
    const listed = new Set(
      benignItems(people, firstDay)
        .filter(({ watchlist }) => watchlist === 'CopilotApprovedAgents')
        .map(({ columns }) => columns['SearchKey']),
    );
    expect(people.agents.every(({ id }) => listed.has(id))).toBe(true);
    const added = people.customEngineAgents.at(-1)?.id ?? '';
    const seen = (from: number, to: number): number =>
      weeks.filter((one) => dayOf(one) >= from && dayOf(one) < to && text(one).includes(added)).length;
    expect(seen(-7, plan.agentDay(0) - firstDay)).toBe(0);
    expect(seen(plan.agentDay(0) - firstDay, 21)).toBeGreaterThan(5);
  });

  it('read a restricted site only by those who may', () => {
    const site = restrictedSite(people)?.url ?? 'none';
    const allowed = benignItems(people, firstDay).find(({ watchlist }) => watchlist === 'CopilotRestrictedSites');
    // Now and then the log does not say who it was.
    const readers = new Set(
      weeks.filter((one) => text(one).includes(`${site}/`) && one.record['UserId'] !== 'Not Available').map(userOf),
    );
    expect(readers.size).toBeGreaterThan(1);
    const may = new Set(allowed?.columns['AllowedUsers']?.split(';'));
    expect(may.size).toBeLessThan(people.users.length / 4);
    expect([...readers].filter((user) => !may.has(user ?? ''))).toEqual([]);
  });

  it('weaken no setting and take no sign-in from an agent', () => {
    const dangerous = /AllowAuditLogging|BotAuthUpdate|authentication_mode|"ForAllUsers":true,"[^}]*"NewValue":"true"/i;
    expect(weeks.filter((one) => dangerous.test(text(one)))).toEqual([]);
  });

  it('hold every kind of administration of Security Copilot each week, by those who may', () => {
    const changes = inWeek(1).filter((one) => text(one).includes('CopilotSettingsEventData'));
    const kinds = new Set(changes.map((one) => field(one, 'Operation').replace('Copilot', '')));
    for (const kind of ['UploadFile', 'EnablePlugin', 'DisablePlugin', 'UpdateTenantSettings', 'UpdateUserSettings'])
      expect(kinds).toContain(kind);
    for (const kind of ['CreatePromptBook', 'UpdatePromptBook', 'DeletePromptBook']) expect(kinds).toContain(kind);
    const may = new Set(people.users.filter(({ admin, analyst }) => admin || analyst).map(({ upn }) => upn));
    expect(changes.filter((one) => !may.has(userOf(one) ?? ''))).toEqual([]);
  });

  it('hold sign-ins to Security Copilot, some of which fail, and changes of its capacity that tell the units', () => {
    const span = { fromMs: firstDay * DAY_MS, toMs: (firstDay + 7) * DAY_MS };
    const rows = [...benignRows({ tenant: people, seed: 1, firstDay, ...span })];
    const into = rows.filter(({ columns }) => columns['AppDisplayName'] === 'Security Copilot');
    const failed = into.filter(({ columns }) => columns['ResultType'] !== '0');
    expect(failed.length).toBeGreaterThan(0);
    expect(failed.length).toBeLessThan(into.length / 4);
    const units = rows
      .filter(({ table }) => table === 'AzureActivity')
      .map(({ columns }) => /numberOfUnits\D+(\d+)/.exec(JSON.stringify(columns['Properties_d']))?.[1]);
    expect(units).toEqual(['3', '3', '1', '1']);
  });

  it('hold rows of other connectors in the same span', () => {
    const span = { fromMs: firstDay * DAY_MS, toMs: (firstDay + 7) * DAY_MS };
    const rows = [...benignRows({ tenant: people, seed: 1, firstDay, ...span })];
    expect(new Set(rows.map(({ table }) => table))).toEqual(
      new Set([
        'SigninLogs',
        'OfficeActivity',
        'EmailEvents',
        'UrlClickEvents',
        'AADUserRiskEvents',
        'BehaviorAnalytics',
        'ThreatIntelIndicators',
        'AzureActivity',
      ]),
    );
    expect(rows.every(({ timeMs }) => timeMs >= span.fromMs && timeMs < span.toMs)).toBe(true);
  });
});

describe('a feed of benign weeks', () => {
  it('holds their records beside those of other workloads, and no drawn ones', () => {
    const small = tenant({ seed: 3, users: 40 });
    const toMs = Date.parse('2026-09-17T00:00:00Z');
    const span = { tenant: small, seed: 3, fromMs: toMs - 2 * DAY_MS, toMs };
    const { blobs, items, rows } = content({ ...span, habits: 'benign', campaigns: [], faults: [] });
    const expected = [...benignRecords({ ...span, firstDay: mondayOf(toMs) + 7 })].map(({ id }) => id);
    expect(expected.length).toBeGreaterThan(200);
    expect(new Set(blobs.flatMap(({ copilotIds }) => copilotIds))).toEqual(new Set(expected));
    expect(blobs.reduce((sum, { recordCount }) => sum + recordCount, 0)).toBeGreaterThan(5 * expected.length);
    expect(items.length).toBeGreaterThan(20);
    expect(rows.length).toBeGreaterThan(50);
  });
});
