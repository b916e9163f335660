/** `collect backfill` as the real process: the plan, the run, and what the feed has brought before. */
import { describe, expect, it } from 'vitest';
import { scene, summaryOf } from './harness.ts';

const timeout = 60_000;
const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
const DAY = 86_400_000;

describe('collect backfill', () => {
  it('tells its plan, then brings what the feed did not, each record once', { timeout }, async () => {
    const switches = { auditQueryLatencyMs: 0, withheld: { share: 0.2 } } as const;
    await using place = await scene({ users: 12, days: 4, switches });
    const env = { ...place.tenant.env, ENRICH: 'none' };
    const feed = await place.collect(['once'], env);
    expect(feed.code, feed.stderr).toBe(0);
    const idsOf = async (): Promise<readonly unknown[]> =>
      (await place.rows('CopilotAudit_CL')).map((row) => row['RecordId']);
    const before = new Set(await idsOf());
    const { withheldIds } = place.tenant.report().auditQueries;
    expect(withheldIds.length).toBeGreaterThan(5);

    const now = Date.now();
    const span = ['--from', day(now - 5 * DAY), '--to', day(now)];
    const plan = await place.collect(['backfill', ...span], env);
    expect(plan.code, plan.stderr).toBe(0);
    expect(plan.stdout).toMatch(/windows: \d[^]*rows: [^]*--yes runs it/);
    expect(summaryOf(plan)).toMatchObject({ seen: 0 });
    expect(place.tenant.report().auditQueries.submissions).toBe(0);

    const ended = await place.collect(['backfill', ...span, '--yes'], env);
    expect(ended.code, ended.stderr).toBe(0);
    const ids = await idsOf();
    expect(new Set(ids).size).toBe(ids.length);
    const summary = summaryOf(ended);
    expect(summary.accepted).toBe(ids.length - before.size);
    expect(summary.duplicate).toBeGreaterThan(20);
    const found = withheldIds.filter((id) => ids.includes(id));
    expect(found.length).toBeGreaterThan(0);
    expect(place.tenant.report().auditQueries.left).toBe(0);
  });

  it('does not start without a span that makes sense', { timeout }, async () => {
    await using place = await scene({ users: 5, days: 1 });
    const ended = await place.collect(['backfill', '--from', '2026-05-02', '--to', '2026-05-01']);
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('--to 2026-05-01 is not after --from');
  });

  it('names the permission that is missing', { timeout }, async () => {
    await using place = await scene({ users: 5, days: 1, switches: { graphRoles: [] } });
    const now = Date.now();
    const span = ['--from', day(now - 2 * DAY), '--to', day(now - DAY), '--yes'];
    const ended = await place.collect(['backfill', ...span], { ...place.tenant.env, ENRICH: 'none' });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('AuditLogsQuery.Read.All');
  });
});

/** By UTC day of the event: what the newest comparison of each hour says. */
async function compared(place: Awaited<ReturnType<typeof scene>>) {
  const days = new Map<string, { hours: number; repaired: number; feedOnly: number }>();
  for (const row of await place.rows('CopilotHealth_CL')) {
    if (row['HealthKind'] !== 'reconciliation') continue;
    const { isComparable, repaired, feedOnly } = row['Detail'] as Record<string, number | boolean>;
    if (isComparable !== true) continue;
    const of = String(row['Hour']).slice(0, 10);
    const sum = days.get(of) ?? { hours: 0, repaired: 0, feedOnly: 0 };
    days.set(of, {
      hours: sum.hours + 1,
      repaired: sum.repaired + Number(repaired),
      feedOnly: sum.feedOnly + Number(feedOnly),
    });
  }
  return days;
}

describe('reconciliation', () => {
  const env = { ENRICH: 'none', SOURCES: 'activity-feed,audit-query' };

  it(
    'finds and repairs every record that the feed withholds, and counts what only the feed has',
    { timeout },
    async () => {
      const switches = { auditQueryLatencyMs: 0, withheld: { share: 0.2 }, feedOnly: { share: 0.1 } } as const;
      await using place = await scene({ users: 12, days: 8, switches });
      const ended = await place.collect(['once'], { ...place.tenant.env, ...env });
      expect(ended.code, ended.stderr).toBe(0);
      const rows = await place.rows('CopilotAudit_CL');
      expect(new Set(rows.map((row) => row['RecordId'])).size).toBe(rows.length);
      const repaired = new Set(rows.filter((row) => row['Source'] === 'audit-query').map((row) => row['RecordId']));
      const { withheldByDay, feedOnlyByDay, left } = place.tenant.report().auditQueries;
      expect(left).toBe(0);
      const days = await compared(place);
      expect(days.size).toBeGreaterThanOrEqual(3);
      expect([...days.values()].reduce((sum, one) => sum + one.repaired, 0)).toBeGreaterThan(5);
      expect([...days.values()].reduce((sum, one) => sum + one.feedOnly, 0)).toBeGreaterThan(3);
      for (const [of, { hours, ...counts }] of days) {
        const withheld = withheldByDay[of] ?? [];
        expect({ of, hours, missing: withheld.filter((id) => !repaired.has(id)) }).toEqual({
          of,
          hours: 24,
          missing: [],
        });
        expect({ of, ...counts }).toEqual({
          of,
          repaired: withheld.length,
          feedOnly: (feedOnlyByDay[of] ?? []).length,
        });
      }
    },
  );

  it('reports none when none is missing', { timeout }, async () => {
    await using place = await scene({ users: 12, days: 8, switches: { auditQueryLatencyMs: 0 } });
    const ended = await place.collect(['once'], { ...place.tenant.env, ...env });
    expect(ended.code, ended.stderr).toBe(0);
    const days = await compared(place);
    expect(days.size).toBeGreaterThanOrEqual(3);
    expect([...days.values()]).toEqual([...days.values()].map(() => ({ hours: 24, repaired: 0, feedOnly: 0 })));
  });
});
