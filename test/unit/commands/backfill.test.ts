import { describe, expect, it } from 'vitest';
import { backfill, BACKFILL, type BackfillOptions } from '../../../collector/commands/backfill.ts';
import { toSpan } from '../../../collector/commands/backfill-span.ts';
import type { Collector } from '../../../collector/commands/collector.ts';
import type { DirectAnswer } from '../../../collector/graph/direct.ts';
import type { Sink } from '../../../collector/contracts.ts';
import { silentLog } from '../../../collector/log.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { auditQueryApi } from '../../../collector/sources/audit-query/api.ts';
import { state } from '../../../collector/state/state.ts';
import {
  DAY,
  HOUR,
  logged,
  queryService,
  recordId,
  refused,
  type ServiceOptions,
} from '../sources/audit-query-service.ts';
import { memoryPlace } from '../state/memory-place.ts';
import { offlinePipeline } from '../offline-pipeline.ts';

const startMs = Date.parse('2026-11-19T06:00:00Z');
const fromMs = Date.parse('2026-11-10T00:00:00Z');
const span = { fromMs, toMs: fromMs + 3 * DAY };

/** A collector over memory, and backfills of it. */
function ground(change: Partial<ServiceOptions> = {}) {
  const service = queryService({ startMs, log: logged(60, span.fromMs, span.toMs), ...change });
  const { now, sleep } = service;
  const place = memoryPlace();
  const rows: Row[] = [];
  const sink: Sink = {
    async write(table, more) {
      if (table.name === 'CopilotAudit_CL') rows.push(...more);
      return [];
    },
    close: async () => undefined,
  };
  const lines: string[] = [];
  const collectorOf = (): Collector => {
    const store = state(place, { now });
    return {
      sources: [],
      state: store,
      sink,
      log: silentLog(),
      heartbeat: { last: 0 },
      clockSkewMs: () => 0,
      pipeline: { ...offlinePipeline(now), sink, state: store },
    };
  };
  const backfilled = (options: Partial<BackfillOptions> = {}, reading = new AbortController().signal) => {
    lines.length = 0;
    return backfill(
      collectorOf(),
      {
        span,
        mode: 'missing',
        purpose: 'run',
        api: auditQueryApi(service.graph),
        print: (line) => lines.push(line),
        sleep,
        ...options,
      },
      { reading, writing: new AbortController().signal },
      { show: () => undefined, end: () => undefined },
    );
  };
  /** Lets the feed's ledger hold `perHour` rows in each hour of a span. */
  async function feed(
    fromHour: number,
    toHour: number,
    perHour: number,
    { lost = [], silent = [], unread = [] }: Partial<Record<'lost' | 'silent' | 'unread', readonly number[]>> = {},
  ): Promise<void> {
    const store = state(place, { now });
    const held = await store.load();
    const { ledger } = held.source('activity-feed');
    for (let hour = fromHour; hour < toHour; hour++) {
      if (silent.includes(hour)) continue;
      if (unread.includes(hour)) for (const field of ['seen', 'unparsable'] as const) ledger.count(hour, field);
      ledger.count(hour, 'listed');
      ledger.count(hour, lost.includes(hour) ? 'expired' : 'fetched');
      for (const field of ['seen', 'selected', 'accepted'] as const) ledger.count(hour, field, perHour);
    }
    await store.save(held);
    await store.close();
  }
  async function held<T>(look: (of: Awaited<ReturnType<ReturnType<typeof state>['load']>>) => T): Promise<T> {
    const store = state(place, { now });
    try {
      return look(await store.load());
    } finally {
      await store.close();
    }
  }
  const other = () => state(place, { now });
  return { ...service, other, backfilled, feed, held, rows, lines };
}

const hour = (ms: number): number => ms / HOUR;

describe('the plan of a backfill', () => {
  it('asks for nothing and says what would happen', async () => {
    const { backfilled, lines, asked, rows } = ground();
    const { summary, isComplete } = await backfilled({ purpose: 'plan' });
    expect([asked, rows, isComplete, summary.seen]).toEqual([[], [], true, 0]);
    const text = lines.join('\n');
    expect(text).toContain('windows: 3 queries');
    expect(text).toContain('time: at least 11 minutes');
    expect(text).toMatch(/rows: not known/);
    expect(text).toContain('IsBackfill');
    expect(text).toContain('retention begins at ingestion');
    expect(text).toContain('AuditLogsQuery.Read.All');
    expect(lines.at(-1)).toContain('--yes');
  });
  it('explains the time of half a year, and of a year, by the limits', async () => {
    const { backfilled, lines } = ground();
    await backfilled({ purpose: 'plan', span: { fromMs: startMs - 180 * DAY, toMs: startMs - DAY } });
    expect(lines.join('\n')).toMatch(/windows: 180 queries[^]*time: at least 3.3 hours[^]*no wait/);
    await backfilled({ purpose: 'plan', span: { fromMs: startMs - 365 * DAY, toMs: startMs - DAY } });
    expect(lines.join('\n')).toMatch(/windows: 365 queries[^]*time: at least 27.1 hours[^]*24 hours of waiting/);
  });
  it('reckons with reading, during which the next queries run', async () => {
    const { backfilled, feed, lines } = ground();
    await feed(hour(span.toMs), hour(span.toMs + 2 * DAY), 4500);
    await backfilled({ purpose: 'plan', span: { fromMs: fromMs - 180 * DAY, toMs: fromMs } });
    // 19,440,000 rows, 500 a second, twice: longer than the 3.3 hours of 18 rounds of queries.
    expect(lines.join('\n')).toMatch(/time: about 21.9 hours[^]*: 3.3 hours;[^]*readings[^]*: 21.7 hours\n/);
  });
  it('counts the queries of days that are cut', async () => {
    const { backfilled, feed, lines } = ground();
    await feed(hour(span.toMs), hour(span.toMs + 2 * DAY), 90_000);
    await backfilled({ purpose: 'plan' });
    // 2,160,000 a day: four quarters, and before them the day and its halves.
    expect(lines.join('\n')).toMatch(/windows: 3 queries[^]*about 21 queries in all/);
  });
  it('estimates rows by what the ledger of the feed observed', async () => {
    const { backfilled, feed, lines } = ground();
    await feed(hour(span.toMs), hour(span.toMs + 2 * DAY), 10);
    await backfilled({ purpose: 'plan' });
    expect(lines.join('\n')).toContain('rows: about 720, by 240 a day');
  });
  it('can be had while a collector has the state, and says how to run it', async () => {
    const { backfilled, other, lines } = ground();
    const collector = other();
    await collector.load();
    expect(await backfilled({ purpose: 'plan' })).toMatchObject({ isComplete: true });
    expect(lines.join('\n')).toMatch(/in use by another process[^]*stop that collector[^]*windows: 3 queries/);
    await expect(backfilled()).rejects.toThrow('in use by another process');
    await collector.close();
  });
  it('says that the last day is still filling', async () => {
    const { backfilled, lines } = ground();
    await backfilled({ purpose: 'plan', span: { fromMs, toMs: startMs } });
    expect(lines.join('\n')).toContain('the last 24 hours');
  });
});

describe('hours that the ledger holds complete', () => {
  const first = hour(fromMs);
  const notWhole = { lost: [first + 90] };

  it('are left out, but not while late records may come, nor where something was lost', async () => {
    const { backfilled, feed, lines, seen } = ground();
    // Five days of the feed, and the hours at both ends, which may be parts.
    await feed(first - 1, first + 121, 10, notWhole);
    await backfilled();
    // Complete: hours that are followed by three days, and whose three days hold no loss.
    expect(seen.spans[0]).toBe('2026-11-10T18:00:00Z/2026-11-11T00:00:00Z');
    expect(lines.join('\n')).toContain('complete hours: 18 are left out');
  });
  it('end where three days have not yet followed', async () => {
    const { backfilled, feed, seen } = ground();
    await feed(first - 1, first + 97, 10);
    await backfilled();
    expect(seen.spans[0]).toBe('2026-11-11T00:00:00Z/2026-11-12T00:00:00Z');
  });
  it('are not the first and the last one, of which the feed may have given a part', async () => {
    const { backfilled, feed, lines } = ground();
    // 75 hours: of the second all that may come late has come.
    await feed(first, first + 75, 10);
    await backfilled({ purpose: 'plan' });
    expect(lines.join('\n')).toContain('complete hours: 1 are left out');
    const shorter = ground();
    await shorter.feed(first, first + 74, 10);
    await shorter.backfilled({ purpose: 'plan' });
    expect(shorter.lines.join('\n')).toContain('complete hours: none');
  });
  it.for([
    ['nothing was listed, as without a subscription', { silent: [first + 40] }],
    ['an element could not be read', { unread: [first + 40] }],
  ] as const)('are none before an hour in which %s', async ([, what]) => {
    const { backfilled, feed, lines } = ground();
    await feed(first - 1, first + 97, 10, what);
    await backfilled({ purpose: 'plan' });
    expect(lines.join('\n')).toContain('complete hours: none');
  });
  it('are asked for with --force, and the duplicates are told', async () => {
    const { backfilled, feed, lines, seen } = ground();
    await feed(first - 1, first + 121, 10, notWhole);
    await backfilled({ mode: 'all' });
    expect(seen.spans[0]).toBe('2026-11-10T00:00:00Z/2026-11-11T00:00:00Z');
    expect(lines.join('\n')).toContain('duplicates to expect: 180 rows');
  });
});

describe('a backfill', () => {
  it('stores every record once, as backfill, and keeps its books', async () => {
    const { backfilled, rows, held } = ground();
    const { summary, isComplete } = await backfilled();
    expect(isComplete).toBe(true);
    expect(summary).toMatchObject({ seen: 60, selected: 60, accepted: 60, duplicate: 0, gaps: 0 });
    expect(new Set(rows.map(({ RecordId }) => RecordId)).size).toBe(60);
    const old = rows.filter(({ RecordId }) => RecordId === recordId(0));
    expect(old).toMatchObject([{ IsBackfill: true, Source: BACKFILL, ContentCreated: null }]);
    expect(await held((of) => of.source(BACKFILL).ledger.problems())).toEqual([]);
  });
  it('leaves no hour behind that was told and is old', async () => {
    const { backfilled, held } = ground();
    await backfilled();
    const oldest = hour(startMs) - 8 * 24;
    const hours = await held((of) => of.source(BACKFILL).ledger.toJSON());
    expect(hours.filter((one) => one.hour < Math.floor(oldest))).toEqual([]);
  });
  it('drops what the feed has stored', async () => {
    const { backfilled, rows, held } = ground();
    await backfilled({ span: { fromMs, toMs: fromMs + DAY } });
    const before = rows.length;
    expect(before).toBe(20);
    const { summary } = await backfilled({ mode: 'all' });
    expect(summary).toMatchObject({ seen: 60, accepted: 40, duplicate: 20 });
    expect(await held((of) => of.records.size)).toBe(60);
  });
  it('asks for nothing twice that an earlier one has read', async () => {
    const { backfilled, seen } = ground();
    await backfilled();
    expect(seen.made).toBe(3);
    const { isComplete } = await backfilled();
    expect([seen.made, isComplete]).toEqual([3, true]);
  });
  it('that is stopped goes on with the same queries', async () => {
    const { backfilled, seen, lines, rows } = ground({ latencyMs: HOUR });
    const stop = new AbortController();
    const sleep = async (): Promise<void> => stop.abort();
    const first = await backfilled({ sleep }, stop.signal);
    expect([first.isComplete, seen.made, rows.length]).toEqual([false, 3, 0]);
    expect(lines.at(-1)).toContain('stopped before its end');
    const second = await backfilled();
    expect(lines.join('\n')).toContain('goes on there');
    expect(lines.join('\n')).toContain('windows: 3 queries');
    expect([second.isComplete, seen.made, rows.length]).toEqual([true, 3, 60]);
  });
  it('that goes on plans only what is left, with --force, too', async () => {
    const stop = new AbortController();
    let deleted = 0;
    const instead = (method: string): undefined => {
      if (method === 'DELETE' && ++deleted === 2) stop.abort();
    };
    const { backfilled, lines } = ground({ instead });
    const long = { fromMs: fromMs - 10 * DAY, toMs: fromMs + DAY };
    await backfilled({ span: long }, stop.signal);
    await backfilled({ span: long, purpose: 'plan', mode: 'all' });
    expect(lines.join('\n')).toMatch(/goes on there[^]*windows: 9 queries/);
  });
  /** A service that is away from its third page on. */
  const awayFor = (ms: number) => {
    let [pages, sinceMs] = [0, Infinity];
    const instead = (_method: string, to: string): DirectAnswer | undefined => {
      if (to.includes('/records') && ++pages === 3) sinceMs = place.now();
      const isAway = place.now() >= sinceMs && place.now() < sinceMs + ms;
      return isAway ? { kind: 'failed', detail: 'no answer' } : undefined;
    };
    const place = ground({ instead });
    return place;
  };
  it('outlasts an outage, once it has read something', async () => {
    const { backfilled, now, lines, rows } = awayFor(40 * 60_000);
    const { summary, isComplete } = await backfilled();
    expect(lines.join('\n')).toMatch(/no answer[^]*goes on in 5 minutes/);
    expect(now() - startMs).toBeGreaterThan(40 * 60_000);
    expect([isComplete, summary.accepted, new Set(rows.map((row) => row['RecordId'])).size]).toEqual([true, 60, 60]);
  });
  it('ends when an outage lasts for more than an hour', async () => {
    const { backfilled, now, lines } = awayFor(DAY);
    expect(await backfilled()).toMatchObject({ isComplete: false });
    expect(now() - startMs).toBeLessThan(3 * HOUR);
    expect(lines.at(-1)).toContain('ended early');
  });
  it('that ends early says why, because a log may not be seen beside the progress line', async () => {
    const { backfilled, lines } = ground({ instead: () => refused(403) });
    expect(await backfilled()).toMatchObject({ isComplete: false });
    expect(lines.at(-1)).toMatch(/^ended early: audit-query-backfill: [^]*AuditLogsQuery.Read.All[^]*goes on$/);
  });
  it('that lost a window is not complete', async () => {
    const { backfilled } = ground({ endsAs: (made) => (made % 3 === 1 ? 'failed' : 'succeeded') });
    const { summary, isComplete } = await backfilled({ span: { fromMs, toMs: fromMs + DAY } });
    expect([summary.gaps, isComplete]).toEqual([0, true]);
    const never = ground({ endsAs: () => 'failed' });
    const lost = await never.backfilled({ span: { fromMs, toMs: fromMs + DAY } });
    expect([lost.summary.gaps, lost.isComplete]).toEqual([1, false]);
    expect(never.lines.at(-1)).toContain('gaps: 1');
  });
});

describe('the span of a backfill', () => {
  it('is read from dates and times in UTC', () => {
    expect(toSpan({ from: '2026-11-10', to: '2026-11-11T06:00:00Z' }, startMs)).toEqual({
      fromMs,
      toMs: fromMs + 30 * HOUR,
    });
  });
  it.for([
    ['yesterday', '2026-11-11', '--from yesterday is no UTC time'],
    ['2026-11-10', '2026-13-01', '--to 2026-13-01 is no UTC time'],
    ['2026-11-10T00:00:00', '2026-11-11', 'is no UTC time'],
    ['2026-11-11', '2026-11-10', 'is not after --from'],
    ['2026-11-11', '2026-11-29', 'lies in the future'],
  ] as const)('from %s to %s is refused', ([from, to, why]) => {
    expect(() => toSpan({ from, to }, startMs)).toThrow(why);
  });
});
