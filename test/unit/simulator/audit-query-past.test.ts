/** Days before the feed's: made on demand for audit queries, exactly as the feed would have had them. */
import { expect, it } from 'vitest';
import { feed } from '../../../simulator/feed.ts';
import { idDigest } from '../../../simulator/id-digest.ts';
import { past, type PastDay } from '../../../simulator/past.ts';
import { textOf } from '../../../simulator/server/graph/audit-query-elements.ts';
import { pastLog } from '../../../simulator/server/graph/audit-query-past.ts';
import { tenant } from '../../../simulator/tenant/tenant.ts';
import { ask, made, path, place, read, spanOf, statusOf } from './audit-query-harness.ts';
import { now } from './server-harness.ts';

const dayMs = 86_400_000;
const people = tenant({ seed: 5, users: 10 });
const lastDay = Math.floor(now / dayMs);
const [fromMs, toMs] = [(lastDay - 6) * dayMs, lastDay * dayMs];
const days = [1, 2, 3, 4, 5, 6].map((ago) => lastDay - ago);
const idsOf = (day: PastDay): readonly string[] => {
  const ids: string[] = [];
  for (let at = 0; at < day.length; at += 1) if (day.isCopilot(at)) ids.push(day.id(at));
  return ids;
};

it('holds the Copilot records that the feed of the same days holds, and no other', () => {
  const made = past({ tenant: people, seed: 5, fromMs, toMs });
  const blobs = feed({ tenant: people, seed: 5, fromMs, toMs });
  const ofFeed = new Map<string, string>();
  for (const blob of blobs) {
    for (const record of JSON.parse(blob.body()) as { Id: string }[]) ofFeed.set(record.Id, JSON.stringify(record));
  }
  // Parts of an event before midnight may come after it: one day more.
  const ids = [...days, lastDay].flatMap((day) => idsOf(made(day)));
  expect(ids.toSorted()).toEqual([...new Set(blobs.flatMap(({ copilotIds }) => copilotIds))].toSorted());
  const [day = 0] = days;
  const first = made(day);
  for (let nth = 0; nth < first.length; nth += 1)
    expect(JSON.stringify(first.record(nth))).toBe(ofFeed.get(first.id(nth)));
});

it('gives each record to the day on which it happened, the same at every call', () => {
  const made = past({ tenant: people, seed: 5, fromMs, toMs });
  for (const day of days) {
    const records = made(day);
    for (let nth = 0; nth < records.length; nth += 1) {
      const time = Date.parse(textOf(records.record(nth)['CreationTime']).replace(/Z?$/, 'Z'));
      expect(Math.floor(time / dayMs)).toBe(day);
    }
    expect(idsOf(past({ tenant: people, seed: 5, fromMs: 0, toMs })(day))).toEqual(idsOf(records));
  }
});

it('has the second part of an event on the day after, when midnight is between them', () => {
  // With this seed one of 300 people asks an agent at 23:59:58, and the runtime's record comes four seconds later.
  const day = Date.parse('2026-04-03') / dayMs;
  const many = tenant({ seed: 5, users: 300 });
  const [fromMs, toMs] = [day * dayMs, (day + 1) * dayMs];
  const made = past({ tenant: many, seed: 5, fromMs, toMs });
  const next = made(day + 1);
  expect(Array.from({ length: next.length }, (_, nth) => next.record(nth)['CreationTime'])).toEqual([
    expect.stringMatching(/^2026-04-04T00:00:02/),
  ]);
  const both = [...idsOf(made(day)), ...idsOf(next)];
  const blobs = feed({ tenant: many, seed: 5, fromMs, toMs, noisePerUserDay: 0 });
  expect(both.toSorted()).toEqual([...new Set(blobs.flatMap(({ copilotIds }) => copilotIds))].toSorted());
});

it('keeps a few days only, and finds the same again when it has made others meanwhile', () => {
  let asked = 0;
  const own = past({ tenant: people, seed: 5, fromMs, toMs });
  const log = pastLog(
    (day) => {
      asked += 1;
      return own(day);
    },
    { visibleMinutes: 0 },
  );
  const find = (day: number) => log.find({ startMs: day * dayMs, endMs: (day + 1) * dayMs, isWanted: () => true }, now);
  const [first = 0, ...others] = days;
  const before = find(first);
  const texts = before.map((entry) => JSON.stringify(log.record(entry)));
  expect(asked).toBe(1);
  for (const day of others) find(day);
  expect(find(first)).toEqual(before);
  expect(before.map((entry) => JSON.stringify(log.record(entry)))).toEqual(texts);
  expect(asked).toBe(days.length + 1);
});

it('is found by queries together with the days of the feed, each record once', async () => {
  const one = await place({ users: 5, days: 2, pastDays: 4, switches: { keepReadings: 'counts' } });
  try {
    const id = await made(one, spanOf(6 * 24));
    expect(await statusOf(one, id)).toBe('succeeded');
    const { ids, pages } = await read(one, id, '?$top=50');
    expect(new Set(ids).size).toBe(ids.length);
    const ofFeed = new Set(one.sim.blobs.flatMap(({ copilotIds }) => copilotIds));
    const older = pages.flat().filter((item) => !ofFeed.has(String(item['id'])));
    expect(older.length).toBeGreaterThan(50);
    expect(ids.length).toBeGreaterThan(older.length);
    for (const item of older) expect(Date.parse(String(item['createdDateTime']))).toBeLessThan(now - 2 * dayMs + 5000);
    expect(one.report()).toMatchObject({
      recordsServed: ids.length,
      pages: pages.length,
      readings: [{ ids: [] }],
      operationsAsked: ['copilotinteraction'],
    });
    expect((await ask(one, `${path}/${id}`)).body['approximateReturnedRecordCount']).toBe(ids.length);
  } finally {
    await one.sim.close();
  }
});

it('can be compared by a digest of ids, in which order does not count and a lack or a copy does', () => {
  const ids = idsOf(past({ tenant: people, seed: 5, fromMs, toMs })(lastDay - 2));
  const digestOf = (some: readonly string[]): string => {
    const digest = idDigest();
    for (const id of some) digest.add(id);
    return digest.value();
  };
  const [first = ''] = ids;
  expect(digestOf(ids.toReversed())).toBe(digestOf(ids));
  expect(digestOf(ids)).toMatch(new RegExp(`^${ids.length} [0-9a-f]{32}$`));
  expect(digestOf(ids.slice(1))).not.toBe(digestOf(ids));
  expect(digestOf([first, first, ...ids.slice(2)])).not.toBe(digestOf(ids));
});
