/** SIGKILL at named points and at any instant, over and over on the same state: nothing lost, nothing counted twice. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { FeedMoment, IngestionMoment } from '../../simulator/server/moments.ts';
import { chance } from '../../simulator/server/chance.ts';
import { azureScene, type AzureScene } from './azure-scene.ts';
import { cursorOf, newestLedger, summaryOf, until } from './harness.ts';
import { ofTheRecord } from './outcome.ts';
import type { StorageAction, StorageMoment } from '../storage-proxy.ts';

// From Tuesday to Thursday, an hour for each kill: enough new content for every point.
const startMs = Date.parse('2026-11-17T03:00:00Z');
const spanMs = 60 * 3_600_000;
const seed = 7;
const instants = process.env['TEST_LENGTH'] === 'long' ? 200 : 20;

/** Where to kill: at the n-th time that this happens in a run of the process. */
type Point =
  | { readonly side: 'feed'; readonly moment: FeedMoment; readonly nth: number }
  | { readonly side: 'rows'; readonly moment: IngestionMoment; readonly nth: number }
  | { readonly side: 'state'; readonly moment: StorageMoment; readonly action: StorageAction; readonly nth: number };

const feed = (moment: FeedMoment, ...nth: number[]): Point[] => nth.map((n) => ({ side: 'feed', moment, nth: n }));
const rows = (moment: IngestionMoment, ...nth: number[]): Point[] => nth.map((n) => ({ side: 'rows', moment, nth: n }));
const state = (action: StorageAction, moment: StorageMoment, ...nth: number[]): Point[] =>
  nth.map((n) => ({ side: 'state', action, moment, nth: n }));

const points: readonly Point[] = [
  ...feed('listing', 1),
  ...feed('blob-half', 1, 2, 4),
  ...feed('blob-sent', 1, 3),
  // In the middle of an upload, whose rest never arrives; after it was stored; after the 204 but before the save.
  ...rows('received', 1, 1, 2, 2),
  ...rows('stored', 1, 1, 2, 2),
  ...rows('answered', 1, 1, 2, 2),
  ...state('lease-acquire', 'done', 1),
  ...state('append', 'asked', 1, 2),
  ...state('append', 'done', 1, 2),
  // The commit itself: before, done but not told, told.
  ...state('checkpoint', 'asked', 1),
  ...state('checkpoint', 'done', 1, 1),
  ...state('checkpoint', 'told', 1, 1),
  ...state('lease-renew', 'asked', 1),
  ...state('lease-renew', 'done', 1),
];

const nameOf = (point: Point): string =>
  `${point.side} ${'action' in point ? `${point.action} ` : ''}${point.moment} #${point.nth}`;

it(
  '30 named points and many instants on one state: 0 lost, 0 left after de-duplication, no cursor goes back',
  { timeout: 1_800_000 },
  async () => {
    let clock = startMs;
    let onFeed: (moment: FeedMoment) => void | Promise<void> = () => undefined;
    let onIngestion: (moment: IngestionMoment) => 'cut' | undefined = () => undefined;
    await using scene = await azureScene({
      seed,
      aheadHours: spanMs / 3_600_000,
      clock: () => clock,
      onFeed: (moment) => onFeed(moment),
      onIngestion: (moment) => onIngestion(moment),
    });
    const cursors: (number | null)[] = [];
    let onState: (moment: StorageMoment, action: StorageAction) => void = () => undefined;
    scene.storage.watch((moment, { action, body }, status) => {
      if (moment === 'done' && action === 'checkpoint' && status === 201) cursors.push(cursorOf(body.toString()));
      onState(moment, action);
    });
    const killed: string[] = [];

    async function killAt(point: Point): Promise<void> {
      const running = scene.start(['once']);
      let seen = 0;
      let isReached = false;
      const reached = (): void => {
        if (++seen !== point.nth) return;
        isReached = true;
        running.child.kill('SIGKILL');
      };
      onFeed = (moment) => {
        if (point.side === 'feed' && point.moment === moment) reached();
        // A pass must still be under way when the lease is renewed, 20 s after it was taken.
        if (point.side === 'state' && point.action === 'lease-renew' && moment === 'blob-half') {
          return untilEnded(running.ended, 30_000);
        }
        return undefined;
      };
      onIngestion = (moment) => {
        if (point.side !== 'rows' || point.moment !== moment) return undefined;
        reached();
        return moment === 'received' && isReached ? 'cut' : undefined;
      };
      onState = (moment, action) => {
        if (point.side === 'state' && point.action === action && point.moment === moment) reached();
      };
      const ended = await running.ended;
      if (!isReached || ended.code !== null)
        throw new Error(`${nameOf(point)} was never reached, exit ${ended.code}: ${ended.stderr}`);
      killed.push(nameOf(point));
    }

    /** Kills at an instant between the first request to the feed and, by what a pass took before, its end. */
    async function killWithin(passMs: number, share: number): Promise<void> {
      const running = scene.start(['once']);
      const before = scene.tenant.report().requests.total;
      await Promise.race([
        running.ended,
        until('the first request', () => scene.tenant.report().requests.total > before),
      ]);
      await Promise.race([running.ended, sleep(passMs * share)]);
      running.child.kill('SIGKILL');
      const { code } = await running.ended;
      // One that was faster than usual is no kill.
      if (code === null) killed.push(`after ${Math.round(passMs * share)} ms`);
    }

    async function next(ms = 3_600_000): Promise<void> {
      [onFeed, onIngestion, onState] = [() => undefined, () => undefined, () => undefined];
      await scene.expireLease();
      clock += ms;
    }

    /** A pass that nobody disturbs. */
    async function complete(): Promise<void> {
      const ended = await scene.collect(['once']);
      expect(ended.code, ended.stderr).toBe(0);
      expect(summaryOf(ended).gaps).toBe(0);
    }

    for (const [at, point] of points.entries()) {
      // So that most points meet a state that is not empty.
      if (at % 5 === 4) {
        await complete();
        await next(2 * 3_600_000);
      }
      await killAt(point);
      await next();
    }
    const startedAt = performance.now();
    await complete();
    // From the start of a process to its first request it takes about a third.
    const passMs = (performance.now() - startedAt) * 0.6;
    for (let n = 0; killed.length < points.length + instants && n < 3 * instants; n++) {
      await next();
      await killWithin(passMs, chance(seed, 'instant', String(n)));
    }
    await next(0);
    expect(killed.length).toBe(30 + instants);

    await complete();
    expectSound(scene);
    expect(cursors.length).toBeGreaterThanOrEqual(points.length / 5);
    expect(cursors).toEqual(cursors.toSorted((a, b) => (a ?? 0) - (b ?? 0)));
    expect(cursors.at(-1)).toBeGreaterThan(cursors.find((cursor) => cursor !== null) ?? Infinity);
    expect(scene.tenant.report().ingestion.requests['reset']).toBe(4);
    const { ids, ingestion } = scene.tenant.report();
    console.log(
      `killed ${killed.length} times; ${ids.expected.length} ids served, ${ids.stored.length} stored, ` +
        `${ids.storedTwice} copies to be removed by RecordId; ${JSON.stringify(ingestion.requests)}`,
    );
  },
);

/** 0 lost, and what the functions leave after de-duplication is every id once. */
function expectSound(scene: AzureScene): void {
  const { ids, ingestion } = scene.tenant.report();
  expect(ids.notStored).toEqual([]);
  expect(ids.stored).toEqual(ids.expected);
  // Which copy a query keeps makes no difference: they are alike in all that the record says.
  const copies = Map.groupBy(scene.tenant.stored('CopilotAudit_CL'), ({ RecordId }) => RecordId);
  for (const [first, ...others] of copies.values()) {
    for (const other of others) expect(ofTheRecord(other)).toEqual(ofTheRecord(first ?? {}));
  }
  expect(ingestion.rowsRefused).toEqual([]);
  expect(ingestion.olderThan48hAtReceipt).toBe(0);
  const ledger = [...newestLedger(scene.tenant.stored('CopilotHealth_CL')).values()];
  expect(ledger.reduce((sum, row) => sum + (row['Accepted'] ?? 0), 0)).toBe(ids.expected.length);
}

async function untilEnded(ended: Promise<unknown>, atMostMs: number): Promise<void> {
  const timer = new AbortController();
  await Promise.race([ended, sleep(atMostMs, undefined, { signal: timer.signal })]);
  timer.abort();
}
