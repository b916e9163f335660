import { afterEach, describe, expect, it } from 'vitest';
import { auditQueryFaults } from '../../../simulator/server/graph/audit-query-faults.ts';
import { faultMenu } from '../../../simulator/server/faults.ts';
import type { Switches } from '../../../simulator/server/switches.ts';
import {
  ask,
  blobOf,
  create,
  idOf,
  made,
  path,
  place,
  read,
  recordId,
  remove,
  someRecords,
  spanOf,
  statusOf,
  type Place,
} from './audit-query-harness.ts';
import { hourMs, now } from './server-harness.ts';

const running: Place[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map(({ sim }) => sim.close()));
});
async function start(faults: readonly string[], switches: Partial<Switches> = {}, records = 30): Promise<Place> {
  const one = await place({ faults, switches, blobs: [blobOf(someRecords(records))] });
  running.push(one);
  return one;
}
const ids = (count: number): readonly string[] => Array.from({ length: count }, (_, nth) => recordId(nth + 1));
const sorted = (some: Iterable<string>): readonly string[] => [...new Set(some)].sort();
const other = (nth: number): ReturnType<typeof spanOf> => spanOf(100 + nth);

describe('audit-query-transient', () => {
  it('answers 400, 403 and 500 to reads, and the next try is good', async () => {
    const one = await start(['audit-query-transient']);
    const seen = new Set<number>();
    for (let nth = 0; nth < 20; nth += 1) {
      const at = `${path}/${await made(one, other(nth))}`;
      const { status } = await ask(one, at);
      seen.add(status);
      if (status !== 200) expect((await ask(one, at)).status).toBe(200);
    }
    expect(sorted([...seen].map(String))).toEqual(['200', '400', '403', '500']);
    expect(one.report().submissions).toBe(20);
    expect(one.sim.report().faults['audit-query-transient']).toBeLessThanOrEqual(10);
  });

  it('strikes records, too', async () => {
    const one = await start(['audit-query-transient']);
    const id = await made(one);
    expect((await read(one, id)).last.status).toBe(400);
    expect((await read(one, id)).ids).toHaveLength(30);
  });
});

it('audit-query-throttled says when to come back, makes no query, and lets the next one through', async () => {
  const one = await start(['audit-query-throttled']);
  const { status, raw } = await create(one, spanOf(100));
  expect([status, raw.headers['retry-after']]).toEqual([429, '1']);
  expect(one.report()).toMatchObject({ submissions: 0, left: 0 });
  expect((await create(one, spanOf(100))).status).toBe(201);
});

it('audit-query-lost-answer makes a query that only the list shows', async () => {
  const one = await start(['audit-query-lost-answer']);
  expect((await create(one, spanOf(100))).status).toBe(504);
  expect(one.report()).toMatchObject({ submissions: 1, left: 1 });
  const { body } = await ask(one, path);
  expect(body['value']).toEqual([expect.objectContaining({ displayName: 'a test', status: 'succeeded' })]);
});

it.for([
  ['audit-query-failed', 'failed', 3],
  ['audit-query-cancelled', 'cancelled', 2],
  ['audit-query-never-finishes', 'running', 2],
  ['audit-query-gone', undefined, 2],
] as const)('%s ends a few queries so, and the same span is good when asked again', async ([fault, word, limit]) => {
  const one = await start([fault]);
  const ends: unknown[] = [];
  for (let nth = 0; nth < 30; nth += 1) {
    const id = await made(one, other(nth));
    const status = await statusOf(one, id);
    ends.push(status);
    if (status === 'succeeded') continue;
    one.clock.ms += 100 * hourMs;
    expect(await statusOf(one, id)).toBe(word);
    expect((await read(one, id)).last.status).toBe(word === undefined ? 404 : 400);
    expect((await read(one, await made(one, other(nth)))).ids).toHaveLength(30);
    if (word !== undefined) expect((await remove(one, id)).status).toBe(204);
  }
  expect(ends[0]).toBe(word);
  expect(ends.filter((end) => end !== 'succeeded')).toHaveLength(limit);
  expect(one.sim.report().faults).toEqual({ [fault]: limit });
});

it('audit-query-gone happens when the query would be done, not before', async () => {
  const one = await start(['audit-query-gone'], { auditQueryLatencyMs: 600_000 });
  const id = await made(one);
  one.clock.ms = now + 599_000;
  expect(await statusOf(one, id)).toBe('running');
  one.clock.ms = now + 600_000;
  expect((await ask(one, `${path}/${id}`)).status).toBe(404);
});

describe('audit-query-drift', () => {
  it('lets the first two readings lack records, each others, and the third and fourth have all', async () => {
    const one = await start(['audit-query-drift'], {}, 200);
    const id = await made(one);
    const readings: (readonly string[])[] = [];
    for (let nth = 0; nth < 4; nth += 1) readings.push((await read(one, id, '?$top=50')).ids);
    const lacks = readings.map((some) => ids(200).filter((all) => !some.includes(all)));
    expect(lacks[0]?.length).toBeGreaterThan(0);
    expect(lacks[1]?.length).toBeGreaterThan(0);
    expect(lacks[0]?.filter((lost) => lacks[1]?.includes(lost))).toEqual([]);
    expect(lacks.slice(2)).toEqual([[], []]);
    expect(one.report().readings.map(({ reading, ids: read }) => [reading, read.length])).toEqual(
      readings.map((some, nth) => [nth + 1, some.length]),
    );
  });

  it('never lets the first two readings agree on too little, however small the result', async () => {
    const one = await start(['audit-query-drift'], {}, 120);
    for (let from = 0; from < 120; from += 6) {
      const id = await made(one, spanOf(48 + (from + 6) / 60, 48 + from / 60));
      const [first, second] = [(await read(one, id)).ids, (await read(one, id)).ids];
      expect(sorted(first)).not.toEqual(sorted(second));
      if (one.sim.report().faults['audit-query-drift'] === 20) break;
      const all = (await read(one, id)).ids;
      expect(sorted([...first, ...second])).toEqual(sorted(all));
    }
  });

  it('shows in a small result, too', async () => {
    const one = await start(['audit-query-drift'], {}, 2);
    const id = await made(one);
    expect((await read(one, id)).ids).toHaveLength(1);
    expect(sorted([...(await read(one, id)).ids, ...(await read(one, id)).ids])).toEqual(ids(2));
  });
});

it('audit-query-poison-page breaks the page of one record for good, and spans without it are whole', async () => {
  const one = await start(['audit-query-poison-page']);
  const id = await made(one);
  const first = await read(one, id, '?$top=5');
  expect(first.last).toMatchObject({ status: 500, code: 'UnknownError' });
  expect((await read(one, id, '?$top=5')).ids).toEqual(first.ids);
  const [poison = ''] = one.report().poisonIds;
  expect(first.ids).not.toContain(poison);
  const got: string[] = [];
  let broken = 0;
  for (let minutes = 0; minutes < 32; minutes += 1) {
    const { ids: some, last } = await read(one, await made(one, spanOf(48 + (minutes + 1) / 60, 48 + minutes / 60)));
    got.push(...some);
    if (last.status === 500) broken += 1;
  }
  expect(broken).toBe(1);
  expect(sorted([...got, poison])).toEqual(ids(30));
  expect(got).not.toContain(poison);
});

it('audit-query-duplicates begins pages with the last record of the page before, and loses nothing', async () => {
  const one = await start(['audit-query-duplicates']);
  const { pages, ids: all } = await read(one, await made(one), '?$top=10');
  expect(pages.map(({ length }) => length)).toEqual([10, 11, 11]);
  expect(pages[1]?.[0]?.['id']).toBe(pages[0]?.[9]?.['id']);
  expect(sorted(all)).toEqual(ids(30));
});

it('faults of Graph strike audit queries as they strike everything: each new query by its own', async () => {
  const one = await start(['graph-throttled']);
  const statuses: number[] = [];
  for (let nth = 0; nth < 30; nth += 1) statuses.push((await create(one, other(nth))).status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(1);
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThan(15);
});

it('setFaults begins and ends them', async () => {
  const one = await start([]);
  expect((await read(one, await made(one))).ids).toHaveLength(30);
  one.sim.setFaults(['audit-query-failed']);
  expect(await statusOf(one, await made(one, other(1)))).toBe('failed');
  one.sim.setFaults([]);
  expect(await statusOf(one, await made(one, other(2)))).toBe('succeeded');
});

it('the menu has them on a side of their own, and a patient client gets all records through all at once', async () => {
  const names = Object.keys(auditQueryFaults);
  expect(Object.keys(faultMenu).filter((name) => faultMenu[name]?.side === 'audit-query')).toEqual(names);
  const one = await start(names.filter((name) => name !== 'audit-query-poison-page'));
  const got = new Set<string>();
  for (let tries = 0; tries < 12 && got.size < 30; tries += 1) {
    const answer = await create(one, spanOf(100));
    if (answer.status !== 201) continue;
    for (let reading = 0; reading < 4; reading += 1)
      for (const id of (await read(one, idOf(answer), '?$top=10')).ids) got.add(id);
  }
  expect(sorted(got)).toEqual(ids(30));
  expect(Object.keys(one.sim.report().faults).length).toBeGreaterThan(3);
});

it('the same seed strikes the same queries, and gives them the same ids', async () => {
  const ends = async (): Promise<readonly unknown[]> => {
    const one = await start(['audit-query-failed', 'audit-query-gone']);
    const seen: unknown[] = [];
    for (let nth = 0; nth < 15; nth += 1) {
      const id = await made(one, other(nth));
      seen.push([id, await statusOf(one, id)]);
    }
    return seen;
  };
  expect(await ends()).toEqual(await ends());
});
