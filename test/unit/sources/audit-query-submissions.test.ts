/** What is submitted: when, how often, by which names, and never twice because an answer was lost. */
import { describe, expect, it } from 'vitest';
import { auditQueryApi } from '../../../collector/sources/audit-query/api.ts';
import { auditQuery } from '../../../collector/sources/audit-query/audit-query.ts';
import { type AuditQueryOptions, queryNames } from '../../../collector/sources/audit-query/options.ts';
import { toCursor, toPlace } from '../../../collector/sources/audit-query/place.ts';
import { DAY, HOUR, logged, queryService, recordId, type ServiceOptions } from './audit-query-service.ts';
import { nothing, readPass } from './source-contract.ts';

const startMs = Date.parse('2026-11-19T06:00:00Z');
const fromMs = Date.parse('2026-10-01T00:00:00Z');

function job(change: Partial<ServiceOptions> = {}, more: Partial<AuditQueryOptions> = {}, days = 1) {
  const toMs = fromMs + days * DAY;
  const service = queryService({ startMs, log: logged(40, fromMs, toMs), ...change });
  const task = { kind: 'span', span: { fromMs, toMs }, isComplete: () => false } as const;
  const { now, sleep } = service;
  const options = { api: auditQueryApi(service.graph), task, patienceMs: Infinity, now, sleep, newTag: () => 'a1' };
  return { ...service, source: () => auditQuery({ ...options, ...more }) };
}

const all = Array.from({ length: 40 }, (_, n) => recordId(n));

describe('a query whose answer was lost', () => {
  it('is found by its name, and read instead of a second one', async () => {
    const { source, seen, queries } = job({ loses: () => true }, {}, 5);
    const trace = await readPass(source());
    expect(trace.error).toBe(undefined);
    expect([...trace.last.ids].toSorted()).toEqual(all);
    expect(seen.made).toBe(5);
    expect(queries.size).toBe(0);
    // It took a place in the budget.
    expect(toPlace(trace.last.cursor).submittedMs.length).toBe(5);
  });

  it('is found after a crash between the query and its id, too', async () => {
    const { source, seen } = job();
    const stop = new AbortController();
    const first = await readPass(source(), nothing, stop.signal, () => {
      if (seen.made === 1) stop.abort();
    });
    const before = first.memories.findLast(({ cursor }) => cursor !== undefined && !cursor.includes('query-1'));
    expect(toPlace(before?.cursor)).toMatchObject({ tag: 'a1', open: [{ query: null }] });
    const second = await readPass(source(), before);
    expect([...second.last.ids].toSorted()).toEqual(all);
    expect(seen.made).toBe(1);
  });

  it('is never taken for that of another collector, which asks for the same day', async () => {
    const { graph, now, sleep, source, queries, seen } = job({ loses: (made) => made === 2 });
    const task = { kind: 'span', span: { fromMs, toMs: fromMs + DAY }, isComplete: () => false } as const;
    const other = auditQuery({ api: auditQueryApi(graph), task, patienceMs: 1000, now, sleep, newTag: () => 'b2' });
    await readPass(other);
    const trace = await readPass(source());
    expect([...trace.last.ids].toSorted()).toEqual(all);
    expect(seen.made).toBe(2);
    expect([...queries.values()].map(({ name }) => name)).toEqual([
      'copilot-sentinel b2 2026-10-01T00:00:00Z/2026-10-02T00:00:00Z 1',
    ]);
  });

  it('costs no look at the list where every answer comes', async () => {
    const { source, asked } = job({}, {}, 3);
    await readPass(source());
    // The first one looks for the version.
    expect(asked.filter((line) => line.startsWith('GET') && line.endsWith('/queries')).length).toBe(1);
  });
});

describe('submissions', () => {
  it('ask for operations that only this tenant has named, beside those that are known', async () => {
    const log = [
      ...logged(2, fromMs, fromMs + DAY),
      { id: recordId(7), ms: fromMs + HOUR, operation: 'AssistantTurn' },
    ];
    const { source, seen } = job({ log });
    const without = await readPass(source());
    expect(without.last.ids.has(recordId(7))).toBe(false);
    const trace = await readPass(source(), { ...nothing, operations: ['assistantturn', 'copilotinteraction'] });
    expect(trace.last.ids.has(recordId(7))).toBe(true);
    const operations = seen.bodies.at(-1)?.['operationFilters'] as readonly string[];
    expect(operations.length).toBe(new Set(operations).size);
  });

  it('of backfill and of the daily source come from one budget', async () => {
    const spent = Array.from({ length: 3 }, (_, n) => startMs - (n + 1) * HOUR);
    const others = { [queryNames.backfill]: toCursor({ ...toPlace(undefined), submittedMs: spent }) };
    const { source, seen, now } = job({}, { submissionsPerDay: 4 }, 2);
    const trace = await readPass(source(), { ...nothing, others });
    expect(trace.error).toBe(undefined);
    expect(seen.made).toBe(2);
    // One was left; the next one may go when the oldest of the other source is a day old.
    expect(now()).toBeGreaterThanOrEqual(startMs - 3 * HOUR + DAY);
    expect(now()).toBeLessThan(startMs - 2 * HOUR + DAY);
  });

  it('are polled after 5 seconds, then half as often each time, at least every minute', async () => {
    const times: number[] = [];
    const service: ReturnType<typeof job> = job({
      latencyMs: HOUR / 3,
      instead: (method, to) => {
        if (method === 'GET' && /queries\/[^/]+$/.test(to)) times.push((service.now() - startMs) / 1000);
        return undefined;
      },
    });
    await readPass(service.source());
    expect(times.slice(0, 8)).toEqual([5, 15, 35, 75, 135, 195, 255, 315]);
  });

  it('go on between the readings of queries, so that the service works meanwhile', async () => {
    const { source, asked } = job({}, { maxRunning: 2 }, 4);
    await readPass(source());
    const at = (what: RegExp): number => asked.findIndex((line) => what.test(line));
    const made = asked.flatMap((line, n) => (line.startsWith('POST') ? [n] : []));
    expect(made.length).toBe(4);
    // The third is made when the first is read, and before the second is.
    expect(made[2]).toBeGreaterThan(at(/query-1\/records/));
    expect(made[2]).toBeLessThan(at(/query-2\/records/));
  });
});
