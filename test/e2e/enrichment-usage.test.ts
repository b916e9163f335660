/** The source usage-report over the real process: three kinds of report, once a day, and what the tenant may refuse. */
import PQueue from 'p-queue';
import { describe, expect, it } from 'vitest';
import { liveSwitches, type Switches } from '../../simulator/server/switches.ts';
import { afterWork, scene, summaryOf, type Scene } from './harness.ts';
import { leaks, ledgerSummary, outcomeOf, type StoredRow } from './outcome.ts';

const reports = { SOURCES: 'usage-report', ENRICH: 'none', USAGE_PERIODS: 'D7' };
const turns = new PQueue({ concurrency: 2 });
const timeout = 60_000;
// Licensed people who use nothing are in the reports, too.
const now = afterWork(Date.now());
const small = { users: 12, days: 1, clock: () => now };

const place = (switches: Partial<Switches> = {}): Promise<Scene> => scene({ ...small, switches });
const kindsOf = (rows: readonly StoredRow[]): readonly unknown[] => [...new Set(rows.map((row) => row['ReportKind']))];
const ofKind = (rows: readonly StoredRow[], kind: string): readonly StoredRow[] =>
  rows.filter((row) => row['ReportKind'] === kind);

describe.concurrent('usage reports', () => {
  it('come as three kinds, and not again on the same day', { timeout }, () =>
    turns.add(async () => {
      await using tenant = await place();
      const env = { ...tenant.tenant.env, ...reports };
      const first = await tenant.collect(['once'], env);
      expect(first.code, first.stderr).toBe(0);
      const outcome = await outcomeOf(tenant, first);
      const rows = await tenant.rows('CopilotUsage_CL');
      expect(kindsOf(rows)).toEqual(['user', 'summary', 'trend']);
      expect(outcome.rowProblems).toEqual([]);
      expect(new Set(rows.map((row) => row['RecordId'])).size).toBe(rows.length);
      expect(outcome.summary).toMatchObject({ selected: rows.length, accepted: rows.length, gaps: 0 });
      expect(ledgerSummary(outcome)).toEqual(outcome.summary);
      // 7 days for each product that the summary has.
      expect(ofKind(rows, 'trend')).toHaveLength(7 * ofKind(rows, 'summary').length);
      for (const row of ofKind(rows, 'user')) expect(row).toMatchObject({ IsConcealed: false, ReportPeriod: 'D7' });
      expect(ofKind(rows, 'user').length).toBeGreaterThan(5);
      expect(await leaks(tenant, [first.stdout, first.stderr])).toEqual([]);

      const asked = outcome.report.graph.requests;
      const second = await tenant.collect(['once'], env);
      expect(second.code, second.stderr).toBe(0);
      expect(summaryOf(second)).toMatchObject({ seen: 0, accepted: 0 });
      expect(await tenant.rows('CopilotUsage_CL')).toHaveLength(rows.length);
      expect(tenant.tenant.report().graph.requests).toBe(asked);
    }),
  );

  it('go with the audit records in one process, each with books of its own', { timeout }, () =>
    turns.add(async () => {
      await using tenant = await place();
      const env = { ...tenant.tenant.env, ...reports, SOURCES: 'activity-feed,usage-report' };
      const ended = await tenant.collect(['once'], env);
      expect(ended.code, ended.stderr).toBe(0);
      const outcome = await outcomeOf(tenant, ended);
      const usage = await tenant.rows('CopilotUsage_CL');
      expect(outcome.summary.accepted).toBe(outcome.ids.length + usage.length);
      expect(outcome.ids.length).toBeGreaterThan(20);
      expect(usage.length).toBeGreaterThan(20);
      expect(ledgerSummary(outcome)).toEqual(outcome.summary);
    }),
  );

  it('with concealed names are flagged, health says so, and the setting stays as it is', { timeout }, () =>
    turns.add(async () => {
      await using tenant = await place({ concealedNames: true });
      const ended = await tenant.collect(['once'], { ...tenant.tenant.env, ...reports });
      expect(ended.code, ended.stderr).toBe(0);
      const users = ofKind(await tenant.rows('CopilotUsage_CL'), 'user');
      expect(users.length).toBeGreaterThan(5);
      for (const row of users) expect(row).toMatchObject({ IsConcealed: true });
      expect(JSON.stringify(users)).not.toContain('@');
      const health = await tenant.rows('CopilotHealth_CL');
      expect(health.filter((row) => row['HealthKind'] === 'concealed-names')).toMatchObject([
        { Source: 'usage-report', ItemCount: users.length, Reason: expect.stringContaining('admin centre') },
      ]);
      expect(tenant.tenant.report().graph).toMatchObject({ writes: 0, violations: [] });
    }),
  );

  it('are fetched from where a redirect leads, without the token', { timeout }, () =>
    turns.add(async () => {
      await using tenant = await place({ reportRedirect: 'always' });
      const ended = await tenant.collect(['once'], { ...tenant.tenant.env, ...reports });
      expect(ended.code, ended.stderr).toBe(0);
      expect(kindsOf(await tenant.rows('CopilotUsage_CL'))).toEqual(['user', 'summary', 'trend']);
      expect(tenant.tenant.report()).toMatchObject({
        tokensAtForeignHosts: 0,
        graph: { reportDownloads: 3, tokensAtReportHost: 0, violations: [] },
      });
      expect(await leaks(tenant, [ended.stdout, ended.stderr])).toEqual([]);
      // The address itself is the permission.
      expect(`${await tenant.leftOnDisk()}${ended.stderr}`).not.toContain('sig=');
    }),
  );

  it('without Reports.Read.All end the pass with 2 and name it; check fails, too', { timeout }, () =>
    turns.add(async () => {
      const graphRoles = liveSwitches.graphRoles.filter((role) => role !== 'Reports.Read.All');
      await using tenant = await place({ graphRoles });
      const env = { ...tenant.tenant.env, ...reports, SOURCES: 'activity-feed,usage-report' };
      const ended = await tenant.collect(['once'], env);
      expect(ended.code, ended.stderr).toBe(2);
      const outcome = await outcomeOf(tenant, ended);
      // The other source is none the worse for it.
      expect(outcome.ids).toEqual(outcome.report.ids.expected);
      expect(await tenant.rows('CopilotUsage_CL')).toEqual([]);
      const errors = outcome.health.filter((row) => row['HealthKind'] === 'source-error');
      expect(errors).toMatchObject([
        { Source: 'usage-report', Reason: expect.stringMatching(/403.*Reports\.Read\.All/) },
      ]);

      const checked = await tenant.collect(['check'], env);
      expect(checked.code).toBe(2);
      expect(checked.stdout).toMatch(/^FAIL {2}Graph usage-report: .*Reports\.Read\.All/m);
      const good = await tenant.collect(['check'], { ...env, SOURCES: 'activity-feed' });
      expect(good.code, good.stdout).toBe(0);
    }),
  );

  it('are refused where there are none: in gcc-high the collector does not start', { timeout }, () =>
    turns.add(async () => {
      await using tenant = await place();
      const ended = await tenant.collect(['once'], { ...tenant.tenant.env, ...reports, CLOUD: 'gcc-high' });
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain('usage reports exist in the global cloud only, not in gcc-high');
      expect(tenant.tenant.report().graph.requests).toBe(0);
    }),
  );
});
