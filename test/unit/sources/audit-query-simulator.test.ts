/** The source over real HTTP against the simulated tenant, whose clock passes while the source waits. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { Batch } from '../../../collector/contracts.ts';
import { graphClient } from '../../../collector/graph/graph-client.ts';
import { auditQueryApi } from '../../../collector/sources/audit-query/api.ts';
import { auditQuery } from '../../../collector/sources/audit-query/audit-query.ts';
import type { Switches } from '../../../simulator/server/switches.ts';
import { place, recordId, someRecords, blobOf, type Place } from '../simulator/audit-query-harness.ts';
import { hourMs, now } from '../simulator/server-harness.ts';
import { type PassTrace, readPass } from './source-contract.ts';

const ours = getCACertificates('default');
afterAll(() => setDefaultCACertificates(ours));
const running: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one[Symbol.asyncDispose]();
});

const COUNT = 400;
const expected = Array.from({ length: COUNT }, (_, n) => recordId(n + 1)).toSorted();
const dayMs = 24 * hourMs;
// 400 records, one a minute, of which the newest is two days old.
const span = { fromMs: now - 3 * dayMs, toMs: now - 2 * dayMs };

async function job(switches: Partial<Switches> = {}, faults: readonly string[] = []) {
  const tenant: Place = await place({ blobs: [blobOf(someRecords(COUNT))], switches, faults });
  setDefaultCACertificates([...ours, tenant.sim.ca]);
  const client = graphClient({
    origin: tenant.sim.graphUrl,
    token: async () => tenant.token,
    backoffMs: 5,
    maxBackoffMs: 20,
    // Pauses are waited out by the source, on the tenant's clock.
    maxPauseMs: 1,
    now: () => tenant.clock.ms,
  });
  running.push(client, { [Symbol.asyncDispose]: () => tenant.sim.close() });
  const source = auditQuery({
    api: auditQueryApi(client),
    task: { kind: 'span', span, isComplete: () => false },
    patienceMs: Infinity,
    now: () => tenant.clock.ms,
    sleep: async (ms, signal) => {
      signal.throwIfAborted();
      tenant.clock.ms += ms;
    },
  });
  return { tenant, trace: await readPass(source) };
}

const lost = ({ batches }: PassTrace): readonly Batch[] =>
  batches.filter((batch) => batch.kind === 'gap' || (batch.kind === 'ended' && batch.outcome.kind === 'expired'));

describe('audit queries of the simulated tenant', () => {
  it('give every record, in two readings, and are deleted', async () => {
    const { tenant, trace } = await job({ auditQueryLatencyMs: 600_000 });
    expect(trace.error).toBe(undefined);
    expect([...trace.last.ids].toSorted()).toEqual(expected);
    const report = tenant.report();
    expect(report).toMatchObject({ submissions: 2, deleted: 2, left: 0, throttled: 0 });
    expect(report.readings.map(({ reading }) => reading).toSorted((a, b) => a - b)).toEqual([1, 1, 2, 2]);
    expect(tenant.sim.report().graph.violations).toEqual([]);
  });

  it.for<Partial<Switches>>([
    { auditQueryVersions: 'beta', auditQueryUnserved: 'empty-404' },
    { auditQueryVersions: 'beta', auditQueryUnserved: 'segment-404' },
    { auditQueryVersions: 'beta', auditQueryUnserved: 'segment-400' },
    { auditQueryStatuses: 'queued', auditQueryLatencyMs: 60_000 },
    { auditQueryStatuses: 'unknown', auditQueryLatencyMs: 60_000 },
    { auditQueryCounts: 'absent' },
    { auditQueryRecordLimit: 50 },
    { auditQueriesRunning: 1, auditQueryLatencyMs: 60_000 },
  ])('lose nothing with %j', async (switches) => {
    const { tenant, trace } = await job(switches);
    expect(trace.error).toBe(undefined);
    expect([...trace.last.ids].toSorted()).toEqual(expected);
    expect(lost(trace)).toEqual([]);
    expect(tenant.report().left).toBe(0);
  });

  it.for([
    'audit-query-transient',
    'audit-query-throttled',
    'audit-query-lost-answer',
    'audit-query-failed',
    'audit-query-cancelled',
    'audit-query-never-finishes',
    'audit-query-gone',
    'audit-query-drift',
    'audit-query-duplicates',
  ])('lose nothing to the fault %s', async (fault) => {
    const { trace } = await job({ auditQueryLatencyMs: 60_000 }, [fault]);
    expect(trace.error).toBe(undefined);
    expect([...trace.last.ids].toSorted()).toEqual(expected);
    expect(lost(trace)).toEqual([]);
  });

  it('leave no query behind whose answer was lost', async () => {
    const { tenant } = await job({ auditQueryLatencyMs: 60_000 }, ['audit-query-lost-answer']);
    expect(tenant.report()).toMatchObject({ submissions: 2, deleted: 2, left: 0 });
  });

  it('lose one minute to a record that spoils its page, and say which', async () => {
    const { tenant, trace } = await job({}, ['audit-query-poison-page']);
    expect(trace.error).toBe(undefined);
    const { poisonIds } = tenant.report();
    expect(poisonIds.length).toBeGreaterThan(0);
    expect([...trace.last.ids].toSorted()).toEqual(expected.filter((id) => !poisonIds.includes(id)));
    expect(lost(trace).length).toBe(poisonIds.length);
  });

  it('that are nowhere are named', async () => {
    const { trace } = await job({ auditQueryVersions: 'none' });
    expect(String(trace.error)).toContain('neither in v1.0 nor in beta');
  });
});
