/** The collector that stays: probes, metrics, an orderly end; and the one that is killed at any instant. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort, scene, summaryOf, until, type Scene } from './harness.ts';
import { leaks, ledgerSummary, outcomeOf } from './outcome.ts';

const now = Date.parse('2026-11-18T15:00:00Z');

const answers = async (url: string): Promise<number> =>
  fetch(url).then(
    ({ status }) => status,
    () => 0,
  );

/** Ids of the rows, sorted, each once: what a query sees after it has removed what a crash repeated. */
async function distinctIds(place: Scene): Promise<readonly string[]> {
  const rows = await place.rows('CopilotAudit_CL');
  return [...new Set(rows.map((row) => String(row['RecordId'])))].toSorted();
}

describe('run', () => {
  it('answers probes and scrapes, passes again, and ends in order on SIGTERM', async () => {
    await using place = await scene({ users: 6, days: 2, clock: () => now });
    const port = await freePort();
    const env = { ...place.tenant.env, HEALTH_PORT: String(port), POLL_SECONDS: '1' };
    const running = place.start(['run'], env);
    const at = `http://127.0.0.1:${port}`;
    await until('readyz', async () => (await answers(`${at}/readyz`)) === 200);
    expect(await answers(`${at}/healthz`)).toBe(200);
    await running.said('"msg":"pass ended"');
    await until('a second pass', () => place.tenant.report().listings.count > 42);

    const scrape = await (await fetch(`${at}/metrics`)).text();
    for (const name of [
      'copilot_records_total{source="activity-feed",outcome="accepted"}',
      'copilot_records_total{source="activity-feed",outcome="foreign"}',
      'copilot_blobs_total{source="activity-feed",outcome="fetched"}',
      'copilot_lag_seconds{source="activity-feed"}',
      'copilot_oldest_unfetched_expiry_seconds{source="activity-feed"}',
      'copilot_leader 1',
    ])
      expect(scrape).toContain(name);
    expect(scrape).not.toMatch(/canary|contoso|@/);
    expect(scrape).not.toContain(place.tenant.tenantId);
    expect(await answers(`${at}/`)).toBe(404);
    expect((await fetch(`${at}/healthz`, { method: 'POST' })).status).toBe(405);

    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(await answers(`${at}/healthz`)).toBe(0);
    expect(await leaks(place, [ended.stdout, ended.stderr, scrape])).toEqual([]);
    expect((await place.rows('CopilotAudit_CL')).map((row) => String(row['RecordId'])).toSorted()).toEqual(
      place.tenant.report().ids.expected,
    );
  });

  it('ends with 0 within 25 seconds of a SIGTERM in the middle of a pass, and the rest comes with the next', async () => {
    // The first blob, and some after it, take two seconds.
    await using place = await scene({ users: 12, days: 3, clock: () => now, faults: ['slow'] });
    const running = place.start(['run'], { ...place.tenant.env, FETCH_CONCURRENCY: '2' });
    await until('blobs to be read', () => (place.tenant.report().requests.byKind['blob'] ?? 0) > 5);
    const stoppedAt = performance.now();
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    expect(ended.code, ended.stderr).toBe(0);
    expect(performance.now() - stoppedAt).toBeLessThan(25_000);
    const before = place.tenant.report();
    expect(before.ids.missing.length).toBeGreaterThan(0);
    expect((await place.rows('CopilotAudit_CL')).length).toBeGreaterThan(0);

    const later = await place.collect(['once']);
    expect(later.code, later.stderr).toBe(0);
    const outcome = await outcomeOf(place, later);
    expect(outcome.ids).toEqual(outcome.report.ids.expected);
    expect(ledgerSummary(outcome).accepted).toBe(outcome.ids.length);
    expect(outcome.ledger['Pending']).toBe(0);
  }, 120_000);

  it('refuses a second process on the same state, by name and with a remedy', async () => {
    await using place = await scene({ users: 6, days: 2, clock: () => now });
    const running = place.start(['run']);
    await running.said('"msg":"pass ended"');
    const second = await place.collect(['once']);
    expect(second.code).not.toBe(0);
    expect(second.stderr).toContain(`in use by process ${running.child.pid}`);
    expect(second.stderr).toContain('STATE_URL');
    running.child.kill('SIGTERM');
    expect((await running.ended).code).toBe(0);
    expect((await place.collect(['once'])).code).toBe(0);
    expect((await place.rows('CopilotAudit_CL')).map((row) => String(row['RecordId'])).toSorted()).toEqual(
      place.tenant.report().ids.expected,
    );
  });
});

describe('a collector that is killed', () => {
  // Enough for several writes and several saves in one pass.
  const crowd = { users: 40, days: 7, clock: () => now };

  it('loses nothing and can always be started again, whenever the kill comes', async () => {
    await using whole = await scene(crowd);
    const startedAt = performance.now();
    expect((await whole.collect(['once'])).code).toBe(0);
    const durationMs = performance.now() - startedAt;

    await using place = await scene(crowd);
    // Early enough that a machine which is busy by turns does not end a pass before its instant.
    let kills = 0;
    for (const share of [0.15, 0.2, 0.3, 0.4, 0.6, 0.8]) {
      const running = place.start(['once']);
      const timer = setTimeout(() => running.child.kill('SIGKILL'), share * durationMs);
      const { code } = await running.ended;
      clearTimeout(timer);
      if (code === null) kills++;
    }
    expect(kills).toBeGreaterThanOrEqual(2);
    await assertWhole(place);
  }, 120_000);

  it('repeats rows under the same RecordId when it dies as the first of them appear', async () => {
    await using place = await scene(crowd);
    const rows = join(place.directory, 'rows', 'CopilotAudit_CL');
    const running = place.start(['once']);
    await until('the first rows', () => existsSync(rows));
    running.child.kill('SIGKILL');
    expect((await running.ended).code).toBe(null);
    await assertWhole(place);
  }, 60_000);

  /** One more pass makes it complete, and the books of it add up. */
  async function assertWhole(place: Scene): Promise<void> {
    const ended = await place.collect(['once']);
    expect(ended.code, ended.stderr).toBe(0);
    expect(await distinctIds(place)).toEqual(place.tenant.report().ids.expected);
    const outcome = await outcomeOf(place, ended);
    expect(outcome.rowProblems).toEqual([]);
    expect(outcome.ledger['Pending']).toBe(0);
    expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
    const again = await place.collect(['once']);
    expect(summaryOf(again)).toMatchObject({ seen: 0, accepted: 0, gaps: 0 });
  }
});
