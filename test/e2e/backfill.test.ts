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

describe('the source audit-query', () => {
  it('beside the feed brings what the feed did not, and nothing twice', { timeout }, async () => {
    const switches = { auditQueryLatencyMs: 0, withheld: { share: 0.2 } } as const;
    await using place = await scene({ users: 12, days: 5, switches });
    const env = { ...place.tenant.env, ENRICH: 'none', SOURCES: 'activity-feed,audit-query' };
    const ended = await place.collect(['once'], env);
    expect(ended.code, ended.stderr).toBe(0);
    const rows = await place.rows('CopilotAudit_CL');
    expect(new Set(rows.map((row) => row['RecordId'])).size).toBe(rows.length);
    const { withheldByDay, left } = place.tenant.report().auditQueries;
    // Beside what was withheld, the query has what the feed will give later.
    const repaired = new Set(rows.filter((row) => row['Source'] === 'audit-query').map((row) => row['RecordId']));
    const settled = Object.entries(withheldByDay).filter(([of]) => Date.parse(of) + 2 * DAY <= Date.now());
    const owed = settled.flatMap(([, ids]) => ids);
    expect(owed.length).toBeGreaterThan(0);
    // Some are of operations whose names nobody knows yet: a query by name cannot find them.
    expect(owed.filter((id) => repaired.has(id)).length).toBeGreaterThan(owed.length / 2);
    expect(left).toBe(0);
  });
});
