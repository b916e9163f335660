import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Setting, settings } from '../../../collector/settings.ts';
import { defaultVolume } from '../../../infra/plan/volume.ts';
import { catchUp } from '../../bench/scale/catch-up.ts';
import { limits, metAt } from '../../bench/scale/limits.ts';
import { measuredDays } from '../../bench/scale/measured.ts';
import { afterOutage, defaults, RAISED_REQUESTS_PER_MINUTE, sizeOf, windowsPerDay } from '../../bench/scale/model.ts';
import { withTables } from '../../bench/scale/page.ts';
import { metLimits, shown, USERS } from '../../bench/scale/tables.ts';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const WEEK = 7 * 1440;

describe('catching up', () => {
  const feed = { blobsPerDay: 1440, peakFactor: 1, readPerMinute: 10, outageMinutes: WEEK };

  it('takes the backlog over what reading is faster than the feed', () => {
    // 10,080 blobs wait, 10 are read in a minute and 1 arrives.
    expect(catchUp(feed)).toMatchObject({ minutes: WEEK / 9, lost: 0, usualWaitMinutes: 0 });
  });

  it('never ends where the feed is as fast as reading, and what is not read in seven days is lost', () => {
    expect(catchUp({ ...feed, readPerMinute: 1 }).minutes).toBe(Infinity);
    const slow = catchUp({ ...feed, readPerMinute: 0.5 });
    expect(slow.minutes).toBe(Infinity);
    expect(slow.lost).toBeGreaterThan(1000);
  });

  it('makes blobs of the busiest hours wait when only they are too many, and loses none', () => {
    const busy = catchUp({ ...feed, peakFactor: 2, readPerMinute: 1.5, outageMinutes: 1440 });
    expect(busy.usualWaitMinutes).toBeGreaterThan(30);
    expect(busy.lost).toBe(0);
    expect(busy.minutes).toBeLessThan(Infinity);
  });
});

describe('the model', () => {
  it('takes the defaults of the collector', () => {
    const all: readonly Setting[] = settings;
    const of = (name: string): number => Number(all.find((one) => one.name === name)?.default);
    expect([of('REQUESTS_PER_MINUTE'), of('FETCH_CONCURRENCY'), of('SEEN_IDS_MAX')]).toEqual([
      defaults.requestsPerMinute,
      defaults.fetchConcurrency,
      defaults.seenIdsMax,
    ]);
    expect([of('ENRICH_CACHE_MAX'), of('ENTITIES_MAX'), of('GRAPH_REQUESTS_PER_MINUTE')]).toEqual([
      defaults.enrichCacheMax,
      defaults.entitiesMax,
      defaults.graphRequestsPerMinute,
    ]);
    expect(read('collector/config.ts')).toContain('SEEN_IDS_MAX: whole(10_000, 50_000_000)');
    expect(read('infra/collector-app.ts')).toContain("RESOURCES = { cpu: 0.25, memory: '0.5Gi' }");
  });

  it('has the costs of docs/cost.md where the container is the same', () => {
    // The first of its tables: a new workspace, public.
    const page = read('docs/cost.md').replaceAll(/[ ,]+/g, ' ');
    for (const users of [1_000, 10_000]) {
      const { monthlyUsd, gigabytesPerDay } = sizeOf(users);
      const shownUsers = users.toLocaleString('en-US').replace(',', ' ');
      const [, gigabytes, total] =
        new RegExp(String.raw`\| ${shownUsers} \| ([\d.]+) \| [\d.]+ \| [\d.]+ \| ([\d.]+) \|`).exec(page) ?? [];
      expect(gigabytes).toBe((gigabytesPerDay * 30.4375).toFixed(1));
      // Cents for what is not in the model.
      expect(Math.abs(monthlyUsd - Number(total))).toBeLessThan(0.1);
    }
  });

  it('has the blobs that were measured where a size was measured', () => {
    for (const day of measuredDays) {
      const { recordsPerDay, blobsPerDay } = sizeOf(day.users);
      expect(recordsPerDay / blobsPerDay).toBeCloseTo(day.records / day.blobs, 6);
    }
  });

  it('halves the windows of a day until none is too large in its busiest hours', () => {
    expect([999_999, 1_000_001, 2_000_000].map((rows) => windowsPerDay(rows, 1_000_000))).toEqual([1, 4, 8]);
  });

  it('grows with users in every limit, so that a limit that is met stays met', () => {
    const sizes = [...USERS, 3_000_000].map(sizeOf);
    for (const { name, load } of limits) {
      const loads = sizes.map(load);
      expect(loads, name).toEqual(loads.toSorted((a, b) => a - b));
    }
  });

  it('finds the users at which a limit is met', () => {
    const [limit] = limits;
    const met = limit && metAt(limit);
    expect(met).toBe(Number((defaults.seenIdsMax / 8 / defaultVolume.interactionsPerDay).toPrecision(2)));
    const known = metLimits().map(({ users }) => users ?? Infinity);
    expect(known).toEqual(known.toSorted((a, b) => a - b));
  });

  it('after seven days without a collector loses nothing at a million users, if the budget is raised as it says', () => {
    const size = sizeOf(1_000_000);
    expect(afterOutage(size, RAISED_REQUESTS_PER_MINUTE)).toMatchObject({ lost: 0 });
    const { lost } = afterOutage(size, defaults.requestsPerMinute);
    expect(((100 * lost) / (7 * size.blobsPerDay)).toFixed(1)).toBe('1.5');
  });
});

it('docs/scale.md holds what npm run bench -- --scale prints', () => {
  // The formatter pads tables.
  const bare = (text: string): string =>
    text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---').replaceAll(/\n+/g, '\n');
  const page = read('docs/scale.md');
  expect(bare(page), 'run npm run bench -- --scale --docs').toBe(bare(withTables(page)));
  // The comparison can fail.
  expect(bare(page.replace('20,000,000', '20,000,001'))).not.toBe(bare(withTables(page)));
});

it('docs/scale.md names the settings that the model asks for', () => {
  const page = read('docs/scale.md');
  const { seenIds, entities } = sizeOf(100_000);
  expect(page).toContain(`SEEN_IDS_MAX=${seenIds}`);
  expect(page).toContain(`ENTITIES_MAX=${entities}`);
  expect(page).toContain(`${defaultVolume.interactionsPerDay} Copilot records a user and day`);
  for (const users of USERS) expect(page).toContain(` ${shown(sizeOf(users).blobsPerDay)} `);
});
