import { describe, expect, it } from 'vitest';
import { type Batch, SourceError } from '../../../collector/contracts.ts';
import type { DirectAnswer } from '../../../collector/graph/direct.ts';
import { auditQueryApi } from '../../../collector/sources/audit-query/api.ts';
import { auditQuery } from '../../../collector/sources/audit-query/audit-query.ts';
import type { AuditQueryOptions, Note } from '../../../collector/sources/audit-query/options.ts';
import { toPlace } from '../../../collector/sources/audit-query/place.ts';
import { DAY, HOUR, logged, queryService, recordId, refused, type ServiceOptions } from './audit-query-service.ts';
import { type Memory, nothing, type PassTrace, readPass } from './source-contract.ts';

const startMs = Date.parse('2026-11-19T06:00:00Z');
const fromMs = Date.parse('2026-10-01T00:00:00Z');
const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

/** A service, and passes of a job over it. */
function job(change: Partial<ServiceOptions> = {}, more: Partial<AuditQueryOptions> = {}, days = 1) {
  const toMs = fromMs + days * DAY;
  const service = queryService({ startMs, log: logged(40, fromMs, toMs), ...change });
  const notes: Note[] = [];
  const task = { kind: 'span', span: { fromMs, toMs }, isComplete: () => false } as const;
  const source = () =>
    auditQuery({
      api: auditQueryApi(service.graph, { recordLimit: change.limit ?? 1_000_000 }),
      task,
      patienceMs: Infinity,
      now: service.now,
      sleep: service.sleep,
      onNote: (note) => notes.push(note),
      ...more,
    });
  const pass = (from: Memory = nothing): Promise<PassTrace> => readPass(source(), from);
  return { ...service, notes, source, pass, toMs };
}

const idsOf = ({ last }: PassTrace): readonly string[] => [...last.ids].toSorted();
const all = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => recordId(n));
const of = <K extends Batch['kind']>({ batches }: PassTrace, kind: K): readonly Extract<Batch, { kind: K }>[] =>
  batches.filter((batch): batch is Extract<Batch, { kind: K }> => batch.kind === kind);
const outcomes = (trace: PassTrace): readonly string[] => of(trace, 'ended').map(({ outcome }) => outcome.kind);
const isPoll = (method: string, to: string): boolean => method === 'GET' && /queries\/[^/]+$/.test(to);
const isPage = (to: string): boolean => to.includes('/records');

describe('a job of audit queries', () => {
  it('asks for each UTC day, reads it twice, and deletes the query', async () => {
    const { pass, seen, queries, asked } = job({}, {}, 3);
    const trace = await pass();
    expect(trace.error).toBe(undefined);
    expect(seen.spans).toEqual([0, 1, 2].map((n) => `${iso(fromMs + n * DAY)}/${iso(fromMs + (n + 1) * DAY)}`));
    expect(idsOf(trace)).toEqual(all(40));
    expect(asked.filter((one) => one.includes('/records?$top')).length).toBe(6);
    expect(queries.size).toBe(0);
    expect(of(trace, 'records').every(({ contentCreated }) => contentCreated === null)).toBe(true);
  });

  it('asks for Copilot operations by name, both namings, and sends no filter that pages disagree on', async () => {
    const { pass, seen } = job();
    await pass();
    const [body = {}] = seen.bodies;
    const operations = body['operationFilters'] as readonly string[];
    expect(operations).toEqual(
      expect.arrayContaining(['copilotinteraction', 'createplugin', 'createcopilotplugin', 'updatetenantsettings']),
    );
    expect(Object.keys(body)).not.toContain('serviceFilter');
  });

  it('counts records in the hour of their event, whatever the window', async () => {
    const trace = await job().pass();
    const records = of(trace, 'records');
    expect(new Set(records.map(({ hour }) => hour)).size).toBe(24);
    expect(Math.min(...records.map(({ hour }) => hour))).toBe(fromMs / HOUR);
    expect(records.reduce((sum, { seen }) => sum + seen, 0)).toBe(40);
  });

  it('leaves out hours that are complete', async () => {
    const span = { fromMs, toMs: fromMs + DAY };
    const isComplete = (hour: number): boolean => hour >= fromMs / HOUR + 5 && hour < fromMs / HOUR + 20;
    const { pass, seen } = job({}, { task: { kind: 'span', span, isComplete } });
    await pass();
    expect(seen.spans).toEqual([
      `${iso(fromMs)}/${iso(fromMs + 5 * HOUR)}`,
      `${iso(fromMs + 20 * HOUR)}/${iso(fromMs + DAY)}`,
    ]);
  });

  it('lets ten queries run at once, never more', async () => {
    const { pass, seen } = job({}, {}, 25);
    const trace = await pass();
    expect(seen.most).toBe(10);
    expect(outcomes(trace)).toEqual(Array.from({ length: 25 }, () => 'fetched'));
  });

  it('submits no more in 24 hours than it may, over restarts, too', async () => {
    const { seen, pass } = job({}, { submissionsPerDay: 4, patienceMs: HOUR }, 6);
    const first = await pass();
    expect(seen.made).toBe(4);
    const second = await pass(first.last);
    expect(seen.made).toBe(4);
    expect(toPlace(second.last.cursor).submittedMs.length).toBe(4);
  });
  it('waits for the next day when it may, and then submits the rest', async () => {
    const { pass, seen, now } = job({}, { submissionsPerDay: 4 }, 6);
    const trace = await pass();
    expect(idsOf(trace)).toEqual(all(40));
    expect(seen.made).toBe(6);
    expect(now() - startMs).toBeGreaterThanOrEqual(DAY);
  });

  it('remembers settled spans that it has read, and begins anew when it is asked again', async () => {
    const { pass, seen } = job({}, {}, 2);
    const first = await pass();
    expect(toPlace(first.last.cursor)).toMatchObject({
      span: null,
      open: [],
      done: [{ fromMs, toMs: fromMs + 2 * DAY }],
    });
    await pass(first.last);
    expect(seen.made).toBe(4);
  });
});

describe('a restart', () => {
  it('goes on with the queries that are under way', async () => {
    const { source, seen, pass } = job({ latencyMs: 2 * HOUR }, {}, 3);
    const stop = new AbortController();
    const first = await readPass(source(), nothing, stop.signal, () => {
      if (seen.made === 3) stop.abort();
    });
    const memory = first.memories.findLast(({ cursor }) => cursor?.includes('query-3')) ?? first.last;
    const second = await pass(memory);
    expect(second.error).toBe(undefined);
    expect(seen.made).toBe(3);
    expect(idsOf(second)).toEqual(all(40));
  });

  it('makes a query again that is no longer known', async () => {
    const { pass, seen, queries } = job({}, { patienceMs: 1000 });
    const first = await pass();
    expect(toPlace(first.last.cursor).open[0]?.query?.id).toBe('query-1');
    queries.clear();
    const second = await readPass(job().source(), first.last);
    expect(second.error).toBe(undefined);
    expect(seen.made).toBe(1);
    expect(idsOf(second)).toEqual(all(40));
  });

  it('gives up the queries of a job that another one replaces, and deletes them', async () => {
    const { pass, queries, graph, now, sleep } = job({ latencyMs: 2 * HOUR }, { patienceMs: 1000 }, 3);
    const first = await pass();
    expect(queries.size).toBe(3);
    const span = { fromMs: fromMs + DAY, toMs: fromMs + 2 * DAY };
    const task = { kind: 'span', span, isComplete: () => false } as const;
    const other = auditQuery({ api: auditQueryApi(graph), task, patienceMs: Infinity, now, sleep });
    const second = await readPass(other, { ...first.last, ids: new Set() });
    expect(second.error).toBe(undefined);
    expect(queries.size).toBe(0);
  });

  it('does not forget queries of a job that it cannot replace yet', async () => {
    let isDown = false;
    const instead = (): DirectAnswer | undefined => (isDown ? refused(503) : undefined);
    const service = job({ latencyMs: 2 * HOUR, instead }, { patienceMs: 1000 }, 3);
    const first = await service.pass();
    const task = { kind: 'span', span: { fromMs, toMs: fromMs + DAY }, isComplete: () => false } as const;
    const { graph, now, sleep } = service;
    const other = auditQuery({ api: auditQueryApi(graph), task, patienceMs: Infinity, now, sleep });
    isDown = true;
    const second = await readPass(other, { ...first.last, ids: new Set() });
    expect(second.error).toBeInstanceOf(SourceError);
    isDown = false;
    expect((await readPass(other, second.last)).error).toBe(undefined);
    expect(service.queries.size).toBe(0);
  });
});

describe('a version of Graph', () => {
  it.for([refused(404), refused(400, "Resource not found for the segment 'auditLog'.")])(
    'that does not serve the tenant gives way to beta: $status',
    async (missing) => {
      const { source, asked } = job({ versions: ['beta'], missing });
      const one = source();
      const trace = await readPass(one);
      expect(trace.error).toBe(undefined);
      expect(idsOf(trace)).toEqual(all(40));
      await readPass(one, trace.last);
      expect(asked.filter((line) => line.startsWith('GET') && line.endsWith('queries'))).toEqual([
        'GET /v1.0/security/auditLog/queries',
        'GET /beta/security/auditLog/queries',
      ]);
    },
  );
  it('is named when there is none, with what else can be done', async () => {
    const { error } = await job({ versions: [] }).pass();
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toMatch(/neither in v1\.0 nor in beta.*national clouds.*Purview/);
  });
  it('that refuses names the permission', async () => {
    const { error } = await job({ instead: () => refused(403) }).pass();
    expect(error).toBeInstanceOf(SourceError);
    expect(String(error)).toContain('grant AuditLogsQuery.Read.All');
  });
});

describe('a result that was cut', () => {
  it.for(['flag', 'nothing'] as const)('is asked for in halves when the service tells it by %s', async (tells) => {
    // Without the flag only the number of rows tells: exactly the limit.
    const { pass, seen, notes } = job({ limit: 15, tells });
    const trace = await pass();
    expect(trace.error).toBe(undefined);
    expect(idsOf(trace)).toEqual(all(40));
    expect(seen.spans.slice(0, 3)).toEqual([
      `${iso(fromMs)}/${iso(fromMs + DAY)}`,
      `${iso(fromMs)}/${iso(fromMs + DAY / 2)}`,
      `${iso(fromMs + DAY / 2)}/${iso(fromMs + DAY)}`,
    ]);
    expect(seen.made).toBe(7);
    expect(notes.length).toBe(3);
    expect(new Set(outcomes(trace))).toEqual(new Set(['fetched']));
    expect(toPlace(trace.last.cursor).done).toEqual([{ fromMs, toMs: fromMs + DAY }]);
  });

  it('in a minute is a gap that names its span, and keeps what was read', async () => {
    const log = logged(40, fromMs, fromMs + 30_000);
    const { pass, notes } = job({ limit: 15, log });
    const trace = await pass();
    expect(trace.error).toBe(undefined);
    expect(of(trace, 'ended').filter(({ outcome }) => outcome.kind === 'expired')).toMatchObject([
      { id: expect.stringContaining(`${iso(fromMs)}/`), outcome: { reason: expect.stringContaining('in a minute') } },
    ]);
    expect(trace.last.ids.size).toBe(15);
    expect(notes.length).toBeGreaterThan(5);
    expect(toPlace(trace.last.cursor).done.some((one) => one.fromMs === fromMs)).toBe(false);
  });
});

describe('pages of one query that differ', () => {
  it('are read again until two readings agree, and every record of any of them is kept', async () => {
    const omits = (_made: number, reading: number): readonly string[] =>
      reading === 1 ? [recordId(3), recordId(30)] : reading === 2 ? [recordId(7)] : [];
    const { pass, notes } = job({ omits, pageSize: 9 });
    const trace = await pass();
    expect(idsOf(trace)).toEqual(all(40));
    expect(of(trace, 'records').reduce((sum, { seen }) => sum + seen, 0)).toBe(40);
    expect(notes).toMatchObject([{ reason: expect.stringContaining('4 readings') }]);
    expect(of(trace, 'gap')).toEqual([]);
  });

  it('and never agree are told as a gap of that span, which is not remembered as read', async () => {
    const omits = (_made: number, reading: number): readonly string[] => [recordId(reading)];
    const { pass } = job({ omits });
    const trace = await pass();
    expect(idsOf(trace)).toEqual(all(40));
    expect(of(trace, 'gap')).toMatchObject([{ from: iso(fromMs), to: iso(fromMs + DAY) }]);
    expect(toPlace(trace.last.cursor).done).toEqual([]);
  });

  it('hold each record once, however often they have it', async () => {
    const log = logged(40, fromMs, fromMs + DAY);
    const trace = await job({ log: [...log, ...log.slice(0, 10)], pageSize: 7 }).pass();
    expect(of(trace, 'records').reduce((sum, { seen }) => sum + seen, 0)).toBe(40);
  });
});

describe('trouble with a query', () => {
  it.for([400, 403, 500])('that is over in a moment (%s) costs nothing', async (status) => {
    let times = 0;
    const instead = (method: string, to: string): DirectAnswer | undefined =>
      (isPoll(method, to) || isPage(to)) && times++ % 3 < 2 ? refused(status) : undefined;
    const trace = await job({ instead }).pass();
    expect(trace.error).toBe(undefined);
    expect(idsOf(trace)).toEqual(all(40));
  });

  it('that lasts ends the pass, and the next one goes on with the same query', async () => {
    let isDown = true;
    const { pass, seen } = job({ instead: (method, to) => (isDown && isPoll(method, to) ? refused(500) : undefined) });
    const first = await pass();
    expect(first.error).toBeInstanceOf(SourceError);
    expect(String(first.error)).toContain('500: trying later');
    isDown = false;
    const second = await pass(first.last);
    expect(idsOf(second)).toEqual(all(40));
    expect(seen.made).toBe(1);
  });

  it('that failed is made again three times, then it is a gap with its span', async () => {
    const { pass, seen } = job({ endsAs: () => 'failed' });
    const trace = await pass();
    expect(seen.made).toBe(4);
    expect(of(trace, 'ended')).toMatchObject([
      { id: `${iso(fromMs)}/${iso(fromMs + DAY)}`, outcome: { kind: 'expired' } },
    ]);
  });

  it('that failed once is no loss', async () => {
    const trace = await job({ endsAs: (made) => (made === 1 ? 'cancelled' : 'Succeeded') }).pass();
    expect(idsOf(trace)).toEqual(all(40));
    expect(outcomes(trace)).toEqual(['fetched']);
  });

  it('that never ends is made again after hours, whatever its status is called', async () => {
    const { pass, seen } = job({ endsAs: (made) => (made === 1 ? 'queued' : 'succeeded') });
    const trace = await pass();
    expect(idsOf(trace)).toEqual(all(40));
    expect(seen.made).toBe(2);
  });

  it('a page that never comes is isolated by halving, down to a minute', async () => {
    const poison = fromMs + 5 * HOUR;
    const service = job();
    const instead = (to: string): DirectAnswer | undefined => {
      const id = /queries\/([^/]+)\/records/.exec(to)?.[1] ?? '';
      const query = service.queries.get(id);
      return query !== undefined && query.fromMs <= poison && query.toMs > poison ? refused(500) : undefined;
    };
    const api = auditQueryApi({
      ask: async (method, to, signal, content) => instead(to) ?? service.graph.ask(method, to, signal, content),
    });
    const task = { kind: 'span', span: { fromMs, toMs: fromMs + DAY }, isComplete: () => false } as const;
    const { now, sleep } = service;
    const trace = await readPass(auditQuery({ api, task, patienceMs: Infinity, now, sleep }));
    expect(trace.error).toBe(undefined);
    const lost = of(trace, 'ended').filter(({ outcome }) => outcome.kind === 'expired');
    expect(lost.length).toBe(1);
    const [from = '', to = ''] = lost[0]?.id.split('/') ?? [];
    expect(Date.parse(to) - Date.parse(from)).toBeLessThanOrEqual(60_000);
    expect(Date.parse(from) <= poison && Date.parse(to) > poison).toBe(true);
    expect(trace.last.ids.size).toBeGreaterThanOrEqual(39);
  });

  it('pages that are forbidden are no loss but an error that names the permission: nothing is cut for them', async () => {
    let isForbidden = true;
    const { pass, seen } = job({ instead: (_method, to) => (isForbidden && isPage(to) ? refused(403) : undefined) });
    const first = await pass();
    expect(String(first.error)).toContain('grant AuditLogsQuery.Read.All');
    isForbidden = false;
    expect(idsOf(await pass(first.last))).toEqual(all(40));
    expect(seen.made).toBe(1);
  });

  it('waits as long as the service says before it submits again', async () => {
    let refusals = 0;
    const times: number[] = [];
    const throttled: DirectAnswer = { kind: 'throttled', waitMs: 150_000, detail: '429' };
    const service = job({
      instead: (method): DirectAnswer | undefined => {
        if (method !== 'POST') return undefined;
        times.push(service.now());
        return refusals++ === 0 ? throttled : undefined;
      },
    });
    const trace = await service.pass();
    expect(trace.error).toBe(undefined);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(150_000);
  });
});

describe('the daily source', () => {
  const days = (startAt: number, change: Partial<AuditQueryOptions> = {}) => {
    const service = queryService({ startMs: startAt, log: [] });
    const { graph, now, sleep } = service;
    const source = auditQuery({
      api: auditQueryApi(graph),
      task: { kind: 'days' },
      patienceMs: DAY,
      now,
      sleep,
      ...change,
    });
    return { ...service, source };
  };
  it('asks for whole UTC days up to the fourth before today, a week back at first', async () => {
    const { source, seen } = days(startMs);
    const trace = await readPass(source);
    expect(seen.spans[0]).toBe('2026-11-12T00:00:00Z/2026-11-13T00:00:00Z');
    expect(seen.spans.at(-1)).toBe('2026-11-15T00:00:00Z/2026-11-16T00:00:00Z');
    expect(of(trace, 'position').at(-1)?.readUpTo).toBe('2026-11-16T00:00:00.000Z');
  });
  it('leaves out no day after a time away, and tells the days of which nothing is kept any more', async () => {
    const first = await readPass(days(startMs).source);
    const back = days(startMs + 30 * DAY);
    await readPass(back.source, first.last);
    expect(back.seen.spans.length).toBe(30);
    expect(back.seen.spans[0]).toBe('2026-11-16T00:00:00Z/2026-11-17T00:00:00Z');
    expect(back.seen.spans.at(-1)).toBe('2026-12-15T00:00:00Z/2026-12-16T00:00:00Z');
    const old = days(startMs + 200 * DAY);
    const trace = await readPass(old.source, first.last);
    expect(of(trace, 'gap')).toMatchObject([{ from: '2026-11-16T00:00:00Z', to: '2026-12-09T00:00:00Z' }]);
    expect(old.seen.spans[0]).toBe('2026-12-09T00:00:00Z/2026-12-10T00:00:00Z');
    expect(old.seen.spans.length).toBe(177);
  });
  it('asks nothing while no day has ended', async () => {
    const { source, asked } = days(startMs);
    const first = await readPass(source);
    asked.length = 0;
    expect((await readPass(source, first.last)).error).toBe(undefined);
    expect(asked).toEqual([]);
  });
  it('does not hold up others: it ends its pass while queries run, and reads them in a later one', async () => {
    const { source, seen, now, pass } = days(startMs, { patienceMs: 60_000 });
    const first = await readPass(source);
    expect(now() - startMs).toBeLessThanOrEqual(60_000);
    expect(outcomes(first)).toEqual([]);
    // They wait for months: a heartbeat that names a first expiry would be wrong.
    expect(of(first, 'listed').map(({ earliestExpiry }) => earliestExpiry)).toEqual([null, null, null, null]);
    pass(HOUR);
    const second = await readPass(source, first.last);
    expect(outcomes(second).length).toBe(4);
    expect(seen.made).toBe(4);
  });
  it('does not hold up others while it reads: after its time is over it begins no other query', async () => {
    const service = queryService({ startMs, log: logged(4 * 24, startMs - 7 * DAY, startMs) });
    const { seen, now, sleep, pass } = service;
    const graph: typeof service.graph = {
      async ask(method, to, signal, content) {
        if (isPage(to)) pass(5 * 60_000);
        return service.graph.ask(method, to, signal, content);
      },
    };
    const api = auditQueryApi(graph);
    const source = auditQuery({ api, task: { kind: 'days' }, patienceMs: 60_000, now, sleep });
    const first = await readPass(source);
    pass(HOUR);
    const second = await readPass(source, first.last);
    const third = await readPass(source, second.last);
    expect([first, second, third].map((trace) => outcomes(trace).length)).toEqual([0, 1, 1]);
    expect(seen.made).toBe(4);
  });
});
