import { parse } from 'csv-parse/sync';
import { afterEach, describe, expect, it } from 'vitest';
import { dormantUsers } from '../../../simulator/tenant/account.ts';
import { schedule } from '../../../simulator/schedule.ts';
import { usage } from '../../../simulator/tenant/usage.ts';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import { all, get, graphToken, people, type Body } from './graph-harness.ts';
import { ask, hourMs, json, now, started } from './server-harness.ts';

const tenant = people();
const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});
async function start(switches: SimulatorOptions['switches'] = {}): Promise<{ sim: Simulator; token: string }> {
  const sim = await started({ switches });
  running.push(sim);
  return { sim, token: await graphToken(sim) };
}

const path = (name: string, args = "period='D7'", version = 'v1.0'): string =>
  `/${version}/copilot/reports/getMicrosoft365Copilot${name}(${args})`;
type Line = Readonly<Record<string, string>>;
const toLines = (csv: string): readonly Line[] => parse(csv, { columns: true, bom: true });
const dayMs = 24 * hourMs;
const refreshDay = Math.floor(now / dayMs) - 2;
const refreshDate = new Date(refreshDay * dayMs).toISOString().slice(0, 10);
const dormant = dormantUsers(tenant.seed, tenant.users);
const licensed = [...tenant.users.filter((user) => user.licensed), ...dormant];

describe('the user detail', () => {
  it('names each licensed user once, two days late, as a CSV stream with a byte order mark', async () => {
    const { sim, token } = await start();
    const { status, raw } = await get(sim, token, path('UsageUserDetail'));
    expect([status, raw.headers['content-type'], raw.body.charCodeAt(0)]).toEqual([
      200,
      'application/octet-stream',
      0xfeff,
    ]);
    const lines = toLines(raw.body);
    expect(lines.map((line) => line['User Principal Name'])).toEqual(licensed.map(({ upn }) => upn));
    expect(new Set(lines.map((line) => line['Report Refresh Date']))).toEqual(new Set([refreshDate]));
    expect(Object.keys(lines[0] ?? {})).toEqual([
      'Report Refresh Date',
      'User Principal Name',
      'Display Name',
      'Last Activity Date',
      'Copilot Chat Last Activity Date',
      'Microsoft Teams Copilot Last Activity Date',
      'Word Copilot Last Activity Date',
      'Excel Copilot Last Activity Date',
      'PowerPoint Copilot Last Activity Date',
      'Outlook Copilot Last Activity Date',
      'OneNote Copilot Last Activity Date',
      'Loop Copilot Last Activity Date',
      'Report Period',
    ]);
  });

  it('tells the last day on which the feed has events of a user, and nothing of one who never comes', async () => {
    const { sim, token } = await start();
    const lines = toLines((await get(sim, token, path('UsageUserDetail'))).raw.body);
    const byName = new Map(lines.map((line) => [line['User Principal Name'], line['Last Activity Date']]));
    const usageOf = usage(tenant.seed, tenant.users);
    for (const user of licensed) {
      const ago = Array.from({ length: 30 }, (_, days) => days).find(
        (days) => usageOf(user, refreshDay - days).apps.size > 0,
      );
      const date = ago === undefined ? '' : new Date((refreshDay - ago) * dayMs).toISOString().slice(0, 10);
      expect([user.upn, byName.get(user.upn)]).toEqual([user.upn, date]);
    }
    expect(dormant.map(({ upn }) => byName.get(upn))).toEqual(dormant.map(() => ''));
  });

  it('has in version 2 more columns, and the prompts only where the tenant has them', async () => {
    const { sim, token } = await start();
    const [line] = toLines((await get(sim, token, path('UsageUserDetail', "period='D28',version='v2'"))).raw.body);
    expect(line).toMatchObject({
      'Active Usage Days for all apps': expect.stringMatching(/^\d+$/),
      'Report Period': '28',
    });
    expect(Object.keys(line ?? {})).toEqual(
      expect.arrayContaining([
        'Prompts submitted for all apps',
        'Copilot Agent Last Activity Date',
        'Edge Last Activity Date',
      ]),
    );
    const other = await start({ promptColumns: 'absent' });
    const bare = await get(other.sim, other.token, path('UsageUserDetail', "period='D28',version='v2'"));
    expect(bare.raw.body.split('\r\n')[0]).not.toMatch(/prompts/i);
  });

  it('is the same as JSON in beta, page by page', async () => {
    const { sim, token } = await start({ reportRowsPerPage: 7 });
    const lines = toLines((await get(sim, token, path('UsageUserDetail'))).raw.body);
    const items = await all(sim, token, path('UsageUserDetail', "period='D7'", 'beta'));
    expect(
      items.map((item) => [item['userPrincipalName'], item['lastActivityDate'], item['wordCopilotLastActivityDate']]),
    ).toEqual(
      lines.map((line) => [
        line['User Principal Name'],
        line['Last Activity Date'],
        line['Word Copilot Last Activity Date'],
      ]),
    );
    expect(items[0]?.['copilotActivityUserDetailsByPeriod']).toEqual([{ reportPeriod: 7 }]);
  });

  it('conceals names where the tenant does, the same for the same person', async () => {
    const { sim, token } = await start({ concealedNames: true });
    const read = async (): Promise<readonly Line[]> =>
      toLines((await get(sim, token, path('UsageUserDetail'))).raw.body);
    const lines = await read();
    for (const line of lines) {
      expect(line['User Principal Name']).toMatch(/^[0-9A-F]{32}$/);
      expect(line['Display Name']).toMatch(/^[0-9A-F]{32}$/);
    }
    expect(new Set(lines.map((line) => line['User Principal Name'])).size).toBe(licensed.length);
    expect(await read()).toEqual(lines);
  });
});

describe('the days of usage', () => {
  it('are those on which the feed has Copilot events of the user', () => {
    const lastDay = refreshDay + 1;
    const span = { fromMs: (lastDay - 3) * dayMs, toMs: (lastDay + 2) * dayMs };
    const rates = { copilotPerUserDay: 14, noisePerUserDay: 0, faults: new Set<never>() };
    const events = schedule({ tenant, seed: tenant.seed, ...span, ...rates });
    const byName = new Map(tenant.users.map((user) => [user.upn, user]));
    const active = new Set<string>();
    for (let index = 0; index < events.length(); index += 1) {
      const record = json<{ UserId?: string; CreationTime: string }>(events.text(index));
      const user = byName.get(record.UserId ?? '');
      const localMs = Date.parse(`${record.CreationTime}Z`) + (user?.utcOffsetMinutes ?? 0) * 60_000;
      if (user) active.add(`${user.index} ${Math.floor(localMs / dayMs)}`);
    }
    const usageOf = usage(tenant.seed, tenant.users);
    let [same, idle] = [0, 0];
    for (const user of tenant.users) {
      for (let day = lastDay - 2; day <= lastDay; day += 1) {
        const [inFeed, inReport] = [active.has(`${user.index} ${day}`), usageOf(user, day).apps.size > 0];
        // What happens to anybody, whoever he is, is in the feed alone.
        if (inReport) expect([user.index, day, inFeed]).toEqual([user.index, day, true]);
        if (inReport === inFeed) same += 1;
        if (!inReport) idle += 1;
      }
    }
    expect([idle > 0, active.size > 50, same / (3 * tenant.users.length) > 0.95]).toEqual([true, true, true]);
  });
});

describe('the three reports', () => {
  const columns: readonly (readonly [string, string])[] = [
    ['Any App', 'Last Activity Date'],
    ['Word', 'Word Copilot Last Activity Date'],
    ['Copilot Chat', 'Copilot Chat Last Activity Date'],
  ];
  it.for(columns)('agree about %s', async ([app, column]) => {
    const { sim, token } = await start();
    const read = async (name: string): Promise<readonly Line[]> =>
      toLines((await get(sim, token, path(name))).raw.body);
    const [detail, [summary], trend] = [
      await read('UsageUserDetail'),
      await read('UserCountSummary'),
      await read('UserCountTrend'),
    ];
    const week = new Set(trend.map((line) => line['Report Date']));
    expect([week.size, trend.length, trend[0]?.['Report Date']]).toEqual([7, 7, refreshDate]);
    const active = detail.filter((line) => week.has(line[column])).length;
    expect(Number(summary?.[`${app} Active Users`])).toBe(active);
    expect(Number(summary?.[`${app} Enabled Users`])).toBe(licensed.length);
    const newest = detail.filter((line) => line[column] === refreshDate).length;
    expect(Number(trend[0]?.[`${app} Active Users`])).toBe(newest);
    expect(active).toBeGreaterThan(0);
  });

  it('count the same prompts, of the period and not of what was before', async () => {
    const { sim, token } = await start();
    const read = async (name: string): Promise<readonly Line[]> =>
      toLines((await get(sim, token, path(name, "period='D7',version='v2'"))).raw.body);
    const sum = (lines: readonly Line[], column: string): number =>
      lines.reduce((total, line) => total + Number(line[column]), 0);
    const total = sum(await read('UserCountSummary'), 'Total prompts submitted');
    expect(total).toBeGreaterThan(100);
    expect(sum(await read('UsageUserDetail'), 'Prompts submitted for all apps')).toBe(total);
    expect(sum(await read('UserCountTrend'), 'Prompts submitted')).toBe(total);
  });

  it('have in JSON the shapes that beta documents', async () => {
    const { sim, token } = await start();
    const value = async (name: string, args: string): Promise<Body | undefined> =>
      (await all(sim, token, path(name, args, 'beta')))[0];
    expect(await value('UserCountSummary', "period='ALL'")).toMatchObject({
      reportRefreshDate: refreshDate,
      adoptionByProduct: [7, 30, 90, 180].map((reportPeriod) => ({
        reportPeriod,
        anyAppEnabledUsers: licensed.length,
      })),
    });
    expect(await value('UserCountTrend', "period='D7',version='v2'")).toMatchObject({
      reportPeriod: 7,
      adoptionByDate: expect.arrayContaining([
        expect.objectContaining({ reportDate: refreshDate, promptsSubmitted: expect.any(Number) }),
      ]),
    });
  });

  it.for([
    ["period='D28'", 400],
    ["period='D30',version='v2'", 400],
    ["period='D8'", 400],
    ["period='D7',version='v3'", 400],
    ["period='D7',period='D7'", 400],
    ['period=D7', 400],
    ['', 400],
    ["period='D30'", 200],
    ["version='v2',period='D28'", 200],
    ['period=%27D7%27', 200],
  ] as const)('with (%s) get %i', async ([args, status]) => {
    const { sim, token } = await start();
    expect((await get(sim, token, path('UserCountSummary', args))).status).toBe(status);
  });

  it('are in beta under the older path, too, as JSON or CSV, and not in v1.0', async () => {
    const { sim, token } = await start();
    const old = (version: string): string => `/${version}/reports/getMicrosoft365CopilotUserCountSummary(period='D7')`;
    expect((await get(sim, token, old('beta'))).body).toHaveProperty('value');
    expect((await get(sim, token, `${old('beta')}?$format=text/csv`)).raw.headers['content-type']).toBe(
      'application/octet-stream',
    );
    expect((await get(sim, token, old('v1.0'))).status).toBe(404);
    expect((await get(sim, token, path('NoSuchReport'))).status).toBe(404);
  });

  it('are limited each on its own, CSV and JSON apart', async () => {
    const { sim, token } = await start({ reportsPer10Minutes: 2 });
    const statuses: number[] = [];
    for (let nth = 0; nth < 3; nth += 1) statuses.push((await get(sim, token, path('UserCountTrend'))).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect((await get(sim, token, path('UserCountSummary'))).status).toBe(200);
    expect((await get(sim, token, path('UserCountTrend', "period='D7'", 'beta'))).status).toBe(200);
  });
});

describe('a report behind a redirect', () => {
  it('is there once for whoever follows without a token', async () => {
    const { sim, token } = await start({ reportRedirect: 'always' });
    const { status, raw } = await get(sim, token, path('UsageUserDetail'));
    const location = String(raw.headers['location']);
    expect([status, raw.body, location.startsWith(`${sim.foreignUrl}/`)]).toEqual([302, '', true]);
    const file = await ask(sim, location);
    expect([file.status, toLines(file.body).length]).toEqual([200, licensed.length]);
    expect((await ask(sim, location)).status).toBe(404);
    expect(sim.report()).toMatchObject({
      tokensAtForeignHosts: 0,
      foreignHost: { requests: 0 },
      graph: { reportDownloads: 2, tokensAtReportHost: 0, violations: [] },
    });
  });

  it('is refused to whoever brings the token, which is a violation', async () => {
    const { sim, token } = await start({ reportRedirect: 'always' });
    const { raw } = await get(sim, token, path('UsageUserDetail'));
    const file = await ask(sim, String(raw.headers['location']), { token });
    expect(file.status).toBe(403);
    expect(sim.report()).toMatchObject({
      tokensAtForeignHosts: 1,
      graph: { tokensAtReportHost: 1, violations: [expect.stringContaining('redirect')] },
    });
  });
});
