/** Days of a simulated clock in seconds: faults that change, restarts every hour, deaths, outages; nothing lost. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { toConfig } from '../../collector/config.ts';
import { blobPlace } from '../../collector/state/blob-place.ts';
import { diskPlace } from '../../collector/state/disk-place.ts';
import type { CollectorState } from '../../collector/state/held-state.ts';
import type { Place } from '../../collector/state/place.ts';
import { contentFaults } from '../../simulator/content-faults.ts';
import { chance } from '../../simulator/server/chance.ts';
import { faultMenu } from '../../simulator/server/faults.ts';
import type { FeedMoment, IngestionMoment } from '../../simulator/server/moments.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { simulator } from '../../simulator/simulator.ts';
import { azurite } from '../azurite.ts';
import { breakLease } from './azure-scene.ts';
import { cursorOf, newestLedger } from './harness.ts';
import { life, type Life, type PlaceMoment } from './soak-collector.ts';

const isLong = process.env['TEST_LENGTH'] === 'long';
const ownSeed = 9;
const seed = Number(process.env['SOAK_SEED'] ?? ownSeed);
const days = isLong ? 30 : 3;
const hourMs = 3_600_000;
// What is kept of blobs and ids: a day more than a blob can be listed.
const keptHours = 8 * 24;

/** A number in [0, 1) that the seed decides. */
const draw = (...parts: readonly (string | number)[]): number => chance(seed, ...parts.map(String));
const pick = <T>(from: readonly T[], ...parts: readonly (string | number)[]): T =>
  from[Math.floor(draw(...parts) * from.length)] as T;

// gzip-bomb takes seconds of work, and faults.test.ts has it. Spoilt blobs and content are there from the start. Nobody
// makes audit queries here.
const passing = Object.entries(faultMenu)
  .filter(([name, fault]) => fault.passing !== undefined && fault.side !== 'audit-query' && name !== 'gzip-bomb')
  .map(([name]) => name)
  .concat('gzip', 'clock-skew', 'ingestion-403-at-first');
const fromTheStart = [
  ...Object.keys(contentFaults).filter((name) => name !== 'giant'),
  'expired',
  'missing',
  'broken-forever',
  'ingestion-400-row',
];

/** Four faults, others every six hours. */
const faultsOf = (hour: number): readonly string[] => {
  const stretch = Math.floor(hour / 6);
  return [1, 2, 3, 4].map((nth) => pick(passing, 'fault', stretch, nth));
};

type Moment = PlaceMoment | FeedMoment | IngestionMoment;
const moments: readonly Moment[] = [
  'listing',
  'blob-half',
  'blob-sent',
  'received',
  'stored',
  'answered',
  'append asked',
  'append done',
  'checkpoint asked',
  'checkpoint done',
];

type Event =
  | { readonly kind: 'quiet' | 'storage fails' | 'endpoint is silent' }
  | { readonly kind: 'death' | 'stop' | 'sudden stop'; readonly moment: Moment; readonly nth: number }
  | { readonly kind: 'off'; readonly hours: number };

function eventOf(hour: number): Event {
  const kind = draw('event', hour);
  const at = { moment: pick(moments, 'moment', hour), nth: 1 + Math.floor(3 * draw('n', hour)) };
  if (kind < 0.13) return { kind: 'death', ...at };
  // In the middle of the first upload, which is never answered.
  if (kind < 0.2) return { kind: 'sudden stop', moment: 'received', nth: 1 };
  if (kind < 0.25) return { kind: 'storage fails' };
  if (kind < 0.3) return { kind: 'endpoint is silent' };
  if (kind < 0.32) return { kind: 'off', hours: 5 + Math.floor(26 * draw('off', hour)) };
  if (kind < 0.37) return { kind: 'stop', ...at };
  return { kind: 'quiet' };
}

/** Where state is, and how the next process gets hold of it when the last one has died. */
interface Store {
  readonly place: () => Place;
  readonly free: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** In Azurite; a restart reads every segment of it, one after the other, so that only days can be had in a minute. */
async function blobStore(): Promise<Store & { readonly ca: string }> {
  const store = await azurite();
  const containerUrl = `${await store.container('collector')}/state`;
  const { credential, ca } = store;
  return {
    ca,
    place: () => blobPlace({ containerUrl, credential, retryDelayMs: 1 }),
    free: () => breakLease(`${containerUrl}/checkpoint.json`, ca),
    close: () => store.close(),
  };
}

async function diskStore(): Promise<Store & { readonly ca: string }> {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-soak-'));
  return {
    ca: '',
    place: () => diskPlace(directory),
    // The process that holds it is ours, and lives.
    free: () => rm(join(directory, 'lock'), { force: true }),
    close: () => rm(directory, { recursive: true, force: true }),
  };
}

const readUpToOf = (cursor: string | null | undefined): number =>
  cursor == null ? 0 : (z.object({ readUpToMs: z.number().nullable() }).parse(JSON.parse(cursor)).readUpToMs ?? 0);

/** What a life held when it had loaded: no more than eight days of it. */
function expectBounded(held: CollectorState, nowMs: number): number {
  const { blobs, cursor } = held.source('activity-feed');
  const hours = [...held.records.hours(), ...blobs.hours()].map(({ hour }) => hour);
  const oldest = Math.floor(Math.min(readUpToOf(cursor), nowMs) / hourMs) - keptHours;
  if (hours.length > 0) expect(Math.min(...hours)).toBeGreaterThanOrEqual(oldest);
  return held.records.size + blobs.size;
}

it(
  `${days} simulated days with a restart every hour: 0 lost, every id stored, and the books balance`,
  { timeout: isLong ? 1_200_000 : 240_000 },
  async () => {
    const startMs = Date.parse('2026-11-16T06:00:00Z');
    let setAt = performance.now();
    let setTo = startMs;
    // It goes on within a pass, because waits are measured by it.
    const now = (): number => Math.trunc(setTo + performance.now() - setAt);
    const moveTo = (ms: number): void => {
      setTo = Math.max(ms, now());
      setAt = performance.now();
    };

    let current: Life | undefined;
    let isSilent = false;
    let end: { readonly kind: 'death' | 'stop' | 'sudden stop'; readonly moment: Moment; left: number } | undefined;
    const reached = (moment: Moment): void => {
      if (end?.moment !== moment || --end.left > 0) return;
      if (end.kind === 'death') current?.kill();
      else current?.stop(end.kind === 'stop' ? 'may end' : 'ends at once');
      if (end.kind === 'sudden stop') isSilent = true;
      end = undefined;
    };
    const tenant: Simulator = await simulator({
      seed,
      users: 5,
      days: 1,
      aheadHours: days * 24,
      clock: now,
      ingestionClock: now,
      pageSize: 4,
      faults: fromTheStart,
      switches: { slowMs: 50, roleAfterRequests: 3, quotaPerMinute: 1_000_000 },
      onFeed: reached,
      onIngestion: (moment) => {
        reached(moment);
        return isSilent ? new Promise<void>(() => undefined) : undefined;
      },
    });
    const store = await (isLong ? diskStore() : blobStore());
    tls.setDefaultCACertificates([...tls.getCACertificates('default'), tenant.ca, store.ca].filter((ca) => ca !== ''));
    const config = toConfig(
      { ...tenant.env, ...tenant.ingestionEnv, STATE_URL: '/unused', REQUESTS_PER_MINUTE: '100000' },
      new Set(['tenant', 'rows']),
    );
    const happened = {
      restarts: 0,
      deaths: 0,
      stops: 0,
      storageFailed: 0,
      endpointSilent: 0,
      off: 0,
      endedEarly: 0,
      failed: 0,
    };
    const cursors: number[] = [];
    const sizes: number[] = [];
    let isStorageBroken = false;

    async function live(): Promise<'complete' | 'early' | 'failed' | 'killed' | 'stopped'> {
      const own = life(config, store.place(), now, (moment, text) => {
        if (isStorageBroken && (moment !== 'other' || own.held === undefined)) throw new Error('the storage fails');
        if (moment === 'checkpoint done') {
          cursors.push(cursorOf(text) ?? 0);
        }
        if (moment !== 'other') reached(moment);
      });
      current = own;
      happened.restarts++;
      try {
        const { error } = await own.pass();
        if (!own.isStopped) return error === undefined ? 'complete' : 'early';
      } catch (error) {
        if (!own.isStopped && !isStorageBroken && !isSilent) failures.push(`${(error as Error).stack}`);
        if (!own.isStopped) return 'failed';
      } finally {
        if (own.held !== undefined) sizes.push(expectBounded(own.held, now()));
        await own.end();
        if (own.isKilled) await store.free();
      }
      return own.isKilled ? 'killed' : 'stopped';
    }
    const failures: string[] = [];

    try {
      for (let hour = 0; hour < days * 24; hour++) {
        if (hour % 6 === 0) tenant.setFaults(faultsOf(hour));
        const event = eventOf(hour);
        if (event.kind === 'off') {
          happened.off++;
          hour += event.hours;
        }
        // Often on the hour: windows of whole hours then meet their ends.
        moveTo(startMs + (hour + Math.max(0, draw('minute', hour) - 0.6)) * hourMs);
        isStorageBroken = event.kind === 'storage fails';
        isSilent = event.kind === 'endpoint is silent';
        end = 'moment' in event ? { ...event, left: event.nth } : undefined;
        if (isStorageBroken) happened.storageFailed++;
        if (isSilent) happened.endpointSilent++;
        const outcome = await live();
        if (outcome === 'killed') happened.deaths++;
        if (outcome === 'stopped') happened.stops++;
        if (outcome === 'early') happened.endedEarly++;
        if (outcome === 'failed') happened.failed++;
      }

      [isStorageBroken, isSilent, end] = [false, false, undefined];
      tenant.setFaults([]);
      // A day later everything that can be listed is listed once more.
      moveTo(now() + 25 * hourMs);
      const endMs = now() - 5000;
      const last = await live();
      expect(failures).toEqual([]);
      expect(last).toBe('complete');
      expectSound(tenant, endMs);
      expect(cursors).toEqual(cursors.toSorted((a, b) => a - b));
      expect(cursors.length).toBeGreaterThan(days * 5);
      if (isLong) {
        const [early = 0, late = 0] = [sizes.slice(0, 400), sizes.slice(-100)].map((part) => Math.max(...part));
        expect(late).toBeLessThan(1.5 * early);
      }
      const { ids, faults } = tenant.report(endMs);
      const struck = Object.values(faults).reduce((sum, n) => sum + n, 0);
      console.log(
        `seed ${seed}, ${days} days: ${JSON.stringify(happened)}; ${struck} faults of ${Object.keys(faults).length} kinds; ` +
          `${ids.expected.length} ids, ${ids.storedTwice} copies to be removed by RecordId; ` +
          `at most ${Math.max(...sizes)} ids and blobs in memory`,
      );
      // Another seed may leave something out of three days.
      if (seed === ownSeed)
        for (const [what, times] of Object.entries(happened)) expect(times, what).toBeGreaterThan(0);
    } finally {
      await tenant.close();
      await store.close();
    }
  },
);

/** 0 lost, and every record has its place in the books. */
function expectSound(tenant: Simulator, asOfMs: number): void {
  const { ids, ingestion, listings, blobs, tokensAtForeignHosts } = tenant.report(asOfMs);
  expect(ids.expected.length).toBeGreaterThan(100 * days);
  expect(ids.notStored).toEqual(ingestion.rowsRefused);
  const known = new Set(tenant.blobs.flatMap(({ copilotIds }) => copilotIds));
  expect(ids.stored.filter((id) => !known.has(id))).toEqual([]);
  expect(ingestion).toMatchObject({
    rowsDropped: 0,
    columnsDropped: {},
    valuesNulled: 0,
    valuesCut: 0,
    olderThan48hAtReceipt: 0,
    timeGeneratedReplaced: 0,
  });
  expect(listings.invalidRanges).toBe(0);
  expect(listings.widestHours).toBeLessThanOrEqual(24);
  expect(tokensAtForeignHosts).toBe(0);
  expect(blobs.never).toEqual([]);
  const ledger = [...newestLedger(tenant.stored('CopilotHealth_CL')).values()];
  const sum = (column: string): number => ledger.reduce((total, row) => total + (row[column] ?? 0), 0);
  expect(sum('Pending')).toBe(0);
  expect(sum('Accepted')).toBe(ids.stored.length);
  expect(sum('Fetched')).toBe(blobs.once + blobs.repeatedly);
}
