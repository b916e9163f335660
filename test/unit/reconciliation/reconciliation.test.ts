import { describe, expect, it } from 'vitest';
import type { Batch } from '../../../collector/contracts.ts';
import { against } from '../../../collector/reconciliation/compare.ts';
import { limitViews } from '../../../collector/reconciliation/observer.ts';
import { emptyViews } from '../../../collector/reconciliation/views.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { recordId } from '../sources/audit-query-service.ts';
import { DAY, dayMs, everything, ground, HOUR, inDay, startMs } from './ground.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const without = (...ids: readonly string[]) => everything.filter(({ id }) => !ids.includes(id));
const ids = inDay(dayMs).map(({ id }) => id);
const [first = '', second = '', third = ''] = [ids[3], ids[4], ids[40]];
const hourOf = (id: string): number => Math.floor((everything.find((one) => one.id === id)?.ms ?? 0) / HOUR);

describe('the views of a day', () => {
  it('are the same: every hour says so, with what both have', async () => {
    const { round, day, told } = ground();
    await round();
    expect(day(dayMs)).toEqual({ hours: 24, comparable: 24, queried: 48, given: 48, repaired: 0, feedOnly: 0 });
    // The feed reaches a week back: of the first day of the week it gives the rest only.
    expect(day(dayMs - 2 * DAY).comparable).toBe(24);
    expect(day(dayMs - 3 * DAY).comparable).toBe(0);
    expect(told().size).toBe(4 * 24);
  });

  it('differ: what the feed lacks is stored and counted as repaired, in the hour of its event', async () => {
    const { round, day, told, stored } = ground({ feed: () => without(first, second, third) });
    await round();
    expect(day(dayMs)).toMatchObject({ comparable: 24, queried: 48, given: 45, repaired: 3, feedOnly: 0 });
    expect(told().get(hourOf(first))?.repaired).toBe(hourOf(first) === hourOf(second) ? 2 : 1);
    expect(told().get(hourOf(third))).toMatchObject({ repaired: 1, queried: 2, given: 1 });
    const brought = stored('audit-query');
    expect([first, second, third].filter((id) => !brought.includes(id))).toEqual([]);
    const all = stored();
    expect(new Set(all).size).toBe(all.length);
  });

  it('differ: what the query lacks is counted as given by the feed only', async () => {
    const { round, day, told } = ground({ query: without(first, third) });
    await round();
    expect(day(dayMs)).toMatchObject({ comparable: 24, queried: 46, given: 48, repaired: 0, feedOnly: 2 });
    expect(told().get(hourOf(third))).toMatchObject({ feedOnly: 1 });
  });

  it('are compared in both directions at once', async () => {
    const { round, day } = ground({ feed: () => without(first), query: without(third) });
    await round();
    expect(day(dayMs)).toMatchObject({ queried: 47, given: 47, repaired: 1, feedOnly: 1 });
  });

  it('are compared once: later passes tell nothing of the day again', async () => {
    const { round, tellings } = ground({ feed: () => without(first) });
    await round();
    const before = tellings().length;
    await round();
    await round();
    expect(tellings().length).toBe(before);
  });

  it('are compared day by day, none left out after a time away', async () => {
    const { round, told, day, wait } = ground();
    await round();
    wait(3 * DAY);
    await round();
    expect(told().size).toBe(7 * 24);
    expect([1, 2, 3].map((n) => day(dayMs + n * DAY).comparable)).toEqual([24, 24, 24]);
    expect(day(dayMs + 3 * DAY)).toMatchObject({ queried: 48, given: 48, repaired: 0, feedOnly: 0 });
  });

  it('hold what the feed gives later as repaired: it is a duplicate then, and nothing is kept of it', async () => {
    const late = everything.filter(({ id }) => id === first).map((one) => ({ ...one, createdMs: startMs + HOUR }));
    const { round, day, stored, held, wait } = ground({ feed: () => [...without(first), ...late] });
    await round();
    wait(DAY / 2);
    await round();
    expect(day(dayMs)).toMatchObject({ repaired: 1, feedOnly: 0 });
    expect(stored().filter((id) => id === first).length).toBe(1);
    expect(await held(({ views }) => views.feed.hours().every(({ hour }) => hour >= (dayMs + DAY) / HOUR))).toBe(true);
    expect(await held((of) => of.source('activity-feed').ledger.totals().duplicate)).toBe(1);
  });
});

describe('an operation that no list knows', () => {
  const odd = (n: number, ms: number) => ({ id: recordId(9000 + n), ms, operation: 'AssistantTurn' });
  const all = [...everything, odd(1, dayMs + HOUR), odd(2, dayMs + 5 * HOUR)];

  it('is learned from the feed, so that the query finds what was withheld of it', async () => {
    const { round, day, stored, seen } = ground({ feed: () => all.slice(0, -1), query: all });
    await round();
    expect(day(dayMs)).toMatchObject({ queried: 50, given: 49, repaired: 1, feedOnly: 0 });
    expect(stored('audit-query')).toContain(recordId(9002));
    expect(seen.bodies.at(-1)?.['operationFilters']).toContain('assistantturn');
  });

  it('is not found when no record ever named it: the claim does not cover it', async () => {
    const { round, day, stored } = ground({ query: all });
    await round();
    expect(day(dayMs)).toMatchObject({ queried: 48, repaired: 0, feedOnly: 0 });
    expect(stored()).not.toContain(recordId(9002));
  });

  it('does not count as given by the feed only once there are too many names to ask for', async () => {
    const many = Array.from({ length: 110 }, (_, n) => ({
      id: recordId(9100 + n),
      ms: dayMs + n * 60_000,
      operation: `Made up ${n}`,
    }));
    const both = [...everything, ...many];
    const { round, day, held } = ground({ feed: () => both, query: both });
    await round();
    expect(await held(({ views }) => views.operations.size)).toBe(100);
    expect(day(dayMs)).toMatchObject({ queried: 148, given: 148, repaired: 0, feedOnly: 0 });
  });
});

describe('views that cannot be compared claim nothing', () => {
  it('while the feed is not read', async () => {
    const { pass, day, reasons } = ground();
    await pass('query');
    expect(day(dayMs)).toMatchObject({ hours: 24, comparable: 0, queried: 48, repaired: 0, feedOnly: 0 });
    expect([...reasons(dayMs)]).toEqual([expect.stringContaining('put activity-feed into SOURCES')]);
  });

  it('where the feed was read before anybody followed it', async () => {
    const one = ground({ feed: () => without(first) });
    await one.pass('feed', { reconciled: undefined });
    await one.round();
    expect(one.day(dayMs)).toMatchObject({ comparable: 0 });
    expect([...one.reasons(dayMs)]).toEqual([expect.stringContaining(`known from ${iso(startMs)} on only`)]);
  });

  it('where the feed was not followed for a while', async () => {
    const one = ground();
    await one.pass('feed');
    await one.pass('feed', { reconciled: undefined });
    expect(await one.held(({ views }) => [views.sinceMs, views.feed.size])).toEqual([null, 0]);
    await one.round();
    expect(one.day(dayMs).comparable).toBe(0);
  });

  it('where the feed has a gap', async () => {
    const gap: Batch = { kind: 'gap', from: iso(dayMs), to: iso(dayMs + HOUR), reason: 'not listed' };
    const { round, reasons, day } = ground({ extra: () => [gap] });
    await round();
    expect([...reasons(dayMs)]).toEqual([expect.stringContaining(`known from ${iso(dayMs + HOUR)} on only`)]);
    expect(day(dayMs + DAY).hours).toBe(0);
  });

  it('where a blob of the feed is parked or lost', async () => {
    const hour = dayMs / HOUR + 30;
    const extra = (): readonly Batch[] => [
      { kind: 'listed', hour, count: 1, earliestExpiry: iso(startMs + DAY) },
      { kind: 'ended', id: 'lost', hour, outcome: { kind: 'expired', reason: 'gone' } },
    ];
    const { round, reasons } = ground({ extra });
    await round();
    expect([...reasons(dayMs)]).toEqual([expect.stringContaining('1 blobs of the feed')]);
  });

  it('while a subscription is only being started', async () => {
    const { round, reasons } = ground({ extra: () => [{ kind: 'position', cursor: String(startMs), readUpTo: null }] });
    await round();
    expect([...reasons(dayMs)]).toEqual([expect.stringContaining(`known from ${iso(startMs)} on only`)]);
  });

  it('while the feed is behind', async () => {
    const one = ground();
    await one.pass('feed');
    one.wait(DAY);
    await one.pass('query');
    expect(one.day(dayMs).comparable).toBe(24);
    // It has a day to catch up.
    expect(one.day(dayMs + DAY).hours).toBe(0);
    one.wait(DAY);
    await one.pass('query');
    expect([...one.reasons(dayMs + DAY)]).toEqual([expect.stringContaining(`read up to ${iso(startMs)} only`)]);
  });

  it('and wait a day for what may pass, over restarts: then they are compared', async () => {
    const hour = dayMs / HOUR + 60;
    let isBroken = true;
    const waits: Batch = { kind: 'listed', hour, count: 1, earliestExpiry: iso(startMs + DAY) };
    const extra = (): readonly Batch[] => (isBroken ? [waits] : []);
    const { round, day, wait } = ground({ feed: () => without(first), extra });
    await round();
    expect([day(dayMs - DAY).comparable, day(dayMs).hours]).toEqual([0, 0]);
    isBroken = false;
    wait(HOUR);
    await round();
    expect(day(dayMs)).toMatchObject({ comparable: 24, queried: 48, given: 47, repaired: 1, feedOnly: 0 });
  });

  it('where seen ids had to leave memory', async () => {
    const { round, day, reasons } = ground({ feed: () => without(first), options: { seenIdsMax: 100 } });
    await round();
    expect(day(dayMs)).toMatchObject({ comparable: 0, repaired: 0 });
    expect([...reasons(dayMs)]).toEqual([expect.stringContaining('on only')]);
  });

  it('where the query found more than memory may hold', () => {
    const views = emptyViews();
    Object.assign(views, { sinceMs: dayMs - DAY, feedReadToMs: startMs, comparedToMs: dayMs });
    const ledgers = { feedLedger: [], queryLedger: [] };
    inDay(dayMs).forEach(({ id, ms }) => views.query.add(id, Math.floor(ms / HOUR)));
    limitViews(views, 48);
    expect([views.query.size, against(dayMs, { views, ...ledgers })]).toEqual([48, null]);
    for (const max of [40, 30, 0]) limitViews(views, max);
    expect(views.query.size).toBe(0);
    expect(views.blind).toMatchObject([{ fromMs: dayMs, toMs: dayMs + DAY }]);
    expect(against(dayMs, { views, ...ledgers })?.reason).toContain('SEEN_IDS_MAX');
    expect(against(dayMs + DAY, { views: { ...views, feedReadToMs: startMs + DAY }, ...ledgers })).toBe(null);
  });

  it('where the query could not be read whole', async () => {
    const lost = ground({ service: { endsAs: () => 'failed' } });
    await lost.round();
    expect([...lost.reasons(dayMs)]).toEqual([expect.stringContaining('could not be read whole')]);
    const torn = ground({ service: { omits: (_made, reading) => [ids[reading] ?? ''] } });
    await torn.round();
    expect([...torn.reasons(dayMs)]).toEqual([expect.stringContaining('gave different records')]);
  });
});

describe('the account of a day', () => {
  // A query gives 30 of the 48 records of a day: each day is two windows, read one after the other.
  // In the last window of its day: its row is on its way when the day is read whole.
  const before = inDay(dayMs - DAY).at(-1)?.id ?? '';
  const views = { feed: () => without(before, first, second), query: without(third), service: { limit: 30 } };
  const expected = { hours: 24, comparable: 24, queried: 47, given: 46, repaired: 2, feedOnly: 1 };

  it('is right wherever the process was killed', { timeout: 60_000 }, async () => {
    const whole = ground(views);
    whole.place.failAt(-1, 'before', 'on');
    await whole.pass('feed');
    const begun = whole.place.changes;
    await whole.pass('query');
    const { changes } = whole.place;
    expect(whole.day(dayMs)).toEqual(expected);
    expect(whole.day(dayMs - DAY)).toMatchObject({ comparable: 24, queried: 48, given: 47, repaired: 1, feedOnly: 0 });
    expect(changes - begun).toBeGreaterThan(100);
    const faults = ['before', 'partial', 'after'] as const;
    const points = Array.from({ length: 12 }, (_, n) => Math.ceil(begun + ((changes - begun - 1) * n) / 11));
    for (const [nth, at] of [Math.ceil(begun / 3), begun - 1, ...points].entries()) {
      const fault = faults[nth % faults.length] ?? 'before';
      const one = ground(views);
      one.place.failAt(at, fault, 'off');
      await one.round().catch(() => undefined);
      one.place.restart();
      await one.round();
      expect({ at, fault, told: one.told() }).toEqual({ at, fault, told: whole.told() });
    }
  });

  it('is right when every step is that of another process', async () => {
    const one = ground({ ...views, patienceMs: 1000 });
    await one.pass('feed');
    for (let steps = 0; one.told().size < 4 * 24 && steps < 40; steps++) {
      await one.pass('query');
      one.wait(2 * 60_000);
    }
    expect(one.day(dayMs)).toEqual(expected);
    expect(one.tellings().length).toBe(4 * 24);
  });

  it('is told by the next process when this one could not, and only then', async () => {
    let isAway = true;
    const refuses = (rows: readonly Row[]): boolean =>
      isAway && rows.some(({ HealthKind: kind }) => kind === 'reconciliation');
    const one = ground({ ...views, refuses });
    await expect(one.round()).rejects.toThrow('the sink is away');
    expect(one.tellings()).toEqual([]);
    isAway = false;
    await one.round();
    expect(one.day(dayMs)).toEqual(expected);
    expect(one.tellings().length).toBe(4 * 24);
    expect(one.told().size).toBe(4 * 24);
  });
});
