/** The real collector over https against every fault of the menu: nothing lost, nothing twice, and the books say so. */
import PQueue from 'p-queue';
import { describe, expect, it } from 'vitest';
import { NOISE_CANARIES, PROMPT_CANARIES, UNKNOWN_FIELD_CANARIES } from '../../simulator/canaries.ts';
import { faultMenu } from '../../simulator/server/faults.ts';
import { scene, type Scene } from './harness.ts';
import { itemsOf, leaks, ledgerSummary, outcomeOf, plus, type Outcome } from './outcome.ts';

/** How a fault differs from "it passes, the pass is complete and the simulator counted it". */
interface Expectation {
  readonly days?: number;
  /** Blobs that no client can read end as gaps, or stay parked and are tried again by the next pass. */
  readonly leaves?: 'gap' | 'parked';
  /** Evidence that the fault really happened, where the simulator does not count it. */
  readonly happened?: (outcome: Outcome, tenant: Scene['tenant']) => void;
}

// A Wednesday: on a working day there is enough to spoil. The simulated clock stands still, so that what is to be
// stored does not change while the collector runs.
const now = Date.parse('2026-11-18T15:00:00Z');
const hourMs = 3_600_000;

const expectations: Readonly<Record<string, Expectation>> = {
  expired: { leaves: 'gap' },
  missing: { leaves: 'gap' },
  'broken-forever': { leaves: 'parked' },
  'foreign-url': { leaves: 'parked' },
  // The entries `null` and `{}` name no blob: they wait as parked ones until they are gaps.
  'bad-times': { leaves: 'parked' },
  'subscription-absent': {
    happened: ({ report }) => expect(report.starts).toMatchObject([{ contentType: 'Audit.General', status: 200 }]),
  },
  'subscription-disabled-once': {
    happened: ({ report }) => {
      expect(report.faults['subscription-disabled-once']).toBe(1);
      expect(report.starts).toMatchObject([{ contentType: 'Audit.General', status: 200 }]);
    },
  },
  'clock-skew': {
    happened: ({ report }) => {
      const ends = report.listings.ranges.map(({ end }) => Date.parse(end));
      expect(Math.max(...ends)).toBeGreaterThan(now + 9 * 60_000);
    },
  },
  duplicates: { happened: ({ summary }) => expect(summary.duplicate).toBeGreaterThan(10) },
  late: {
    happened: (_outcome, { blobs }) =>
      expect(blobs.filter((blob) => blob.visibleMs - blob.createdMs > 2 * hourMs && blob.visibleMs <= now)).not.toEqual(
        [],
      ),
  },
  // The copies come five days later.
  're-announced': {
    days: 7,
    happened: ({ summary }, { blobs }) => {
      const bodies = blobs.filter(({ createdMs }) => createdMs < now).map((blob) => blob.body());
      expect(new Set(bodies).size).toBeLessThan(bodies.length);
      expect(summary.duplicate).toBeGreaterThan(0);
    },
  },
  'out-of-order': {
    happened: (_outcome, { blobs }) =>
      expect(blobs.filter((blob) => blob.visibleMs > blob.createdMs && blob.visibleMs <= now)).not.toEqual([]),
  },
  giant: {
    happened: (_outcome, { blobs }) =>
      expect(Math.max(...blobs.map((blob) => blob.body().length))).toBeGreaterThan(8 * 1024 * 1024),
  },
  nulls: {
    happened: ({ summary, report }) => {
      expect(report.elementsServed.unstorable).toBeGreaterThan(0);
      expect(summary.deadLettered).toBeGreaterThan(0);
    },
  },
  'malformed-record': {
    happened: ({ summary, report }) => {
      expect(report.elementsServed.malformed).toBeGreaterThan(0);
      expect(summary.unparsable).toBe(report.elementsServed.malformed);
    },
  },
  hostile: {
    happened: ({ summary, report }) => {
      expect(summary.deadLettered).toBeGreaterThan(0);
      expect(summary.deadLettered).toBe(report.elementsServed.unstorable);
    },
  },
};

// Rows go to files here: what can go wrong on their way to Azure is in ingestion-faults.test.ts. What each fault of Graph
// does to facts is in enrichment-faults.test.ts.
const graphFaultNames = Object.keys(faultMenu).filter((name) => faultMenu[name]?.side === 'graph');
const feedFaults = Object.entries(faultMenu).filter(([, { side }]) => side === 'feed');
const feedFaultNames = feedFaults.map(([name]) => name);

const faultyScene = (faults: readonly string[], days = 2): Promise<Scene> =>
  scene({ faults, users: 6, days, pageSize: 5, clock: () => now });

/** What holds after every pass, whatever went wrong. */
async function assertSound(outcome: Outcome, place: Scene, said: readonly string[]): Promise<void> {
  const { report } = outcome;
  const stored = new Set(outcome.ids);
  expect(
    report.ids.expected.filter((id) => !stored.has(id)),
    'lost',
  ).toEqual([]);
  expect(stored.size, 'each once').toBe(outcome.ids.length);
  // Of a blob that can never be read to its end, what stands before the break may be there.
  const isLost = new Set(report.blobs.unavailable);
  const broken = place.tenant.blobs.filter(({ contentId }) => isLost.has(contentId));
  const known = new Set([...report.ids.expected, ...broken.flatMap(({ copilotIds }) => copilotIds)]);
  expect(outcome.ids.filter((id) => !known.has(id))).toEqual([]);
  expect(outcome.ids.length).toBeGreaterThan(100);
  expect(outcome.rowProblems).toEqual([]);
  expect(await leaks(place, said)).toEqual([]);
  expect(report).toMatchObject({
    withoutPublisherIdentifier: 0,
    publisherIdentifiers: [place.tenant.tenantId],
    tokensAtForeignHosts: 0,
    foreignHost: { requests: 0 },
    listings: { invalidRanges: 0 },
    blobs: { never: [], repeatedly: 0 },
    graph: { violations: [] },
  });
  expect(report.listings.widestHours).toBeLessThanOrEqual(24);
  expect(outcome.ledger['Pending']).toBe(0);
  expect(outcome.ledger['Fetched']).toBe(report.blobs.once);
}

// Most of a run is waiting, as the faults ask; more than this at once would only be slower on two cores.
const turns = new PQueue({ concurrency: 3 });
const timeout = 240_000;

describe.concurrent('the collector against a tenant in which everything goes wrong at once', () => {
  it('loses nothing, stores nothing twice, and keeps its books', { timeout }, () =>
    turns.add(async () => {
      await using place = await faultyScene([...feedFaultNames, ...graphFaultNames], 3);
      const bodies = place.tenant.blobs.map((blob) => blob.body()).join('\n');
      for (const kind of [PROMPT_CANARIES, UNKNOWN_FIELD_CANARIES, NOISE_CANARIES])
        expect(kind.some((canary) => bodies.includes(canary))).toBe(true);

      const first = await place.collect(['once']);
      expect(first.code, first.stderr).toBe(2);
      const outcome = await outcomeOf(place, first);
      await assertSound(outcome, place, [first.stdout, first.stderr]);
      expect(ledgerSummary(outcome)).toEqual(outcome.summary);
      const served = feedFaultNames.filter((name) => faultMenu[name]?.passing ?? faultMenu[name]?.fates);
      for (const name of [...served.filter((one) => one !== 'foreign-url'), 'graph-throttled', 'graph-errors'])
        expect(outcome.report.faults[name], name).toBeGreaterThan(0);
      expect(outcome.entities.length).toBeGreaterThan(20);

      const second = await place.collect(['once']);
      expect(second.code, second.stderr).toBe(2);
      const after = await outcomeOf(place, second);
      await assertSound(after, place, [second.stdout, second.stderr]);
      expect(ledgerSummary(after)).toEqual(plus(outcome.summary, after.summary));
      expect(after.summary.accepted).toBe(0);
    }),
  );
});

describe.concurrent('the collector against each fault of the menu', () => {
  for (const [name, { description, inContent }] of feedFaults) {
    it(`${name}: ${description}`, { timeout }, () =>
      turns.add(async () => {
        const { days, leaves, happened } = expectations[name] ?? {};
        await using place = await faultyScene([name], days);
        const first = await place.collect(['once']);
        expect(first.code, first.stderr).toBe(leaves === undefined ? 0 : 2);

        const outcome = await outcomeOf(place, first);
        const { report, health, summary } = outcome;
        if (happened !== undefined) happened(outcome, place.tenant);
        else if (inContent === true) throw new Error(`${name}: say in this test how to see that it happened`);
        else expect(report.faults[name]).toBeGreaterThan(0);
        await assertSound(outcome, place, [first.stdout, first.stderr]);
        expect(ledgerSummary(outcome)).toEqual(summary);
        if (leaves === 'parked') expect(summary.seen).toBeGreaterThanOrEqual(report.elementsServed.records);
        else expect(summary.seen).toBe(report.elementsServed.records);
        if (leaves === 'gap') expect(itemsOf(health, 'gap')).toEqual(report.blobs.unavailable);
        else expect(itemsOf(health, 'gap')).toEqual([]);
        if (leaves === 'parked') {
          expect(itemsOf(health, 'parked')).toEqual(expect.arrayContaining([...report.blobs.unavailable]));
          expect(outcome.ledger['Parked']).toBe(itemsOf(health, 'parked').length);
        } else expect(itemsOf(health, 'parked')).toEqual([]);
        if (leaves === undefined) return;

        const second = await place.collect(['once']);
        expect(second.code, second.stderr).toBe(leaves === 'parked' ? 2 : 0);
        const after = await outcomeOf(place, second);
        await assertSound(after, place, [second.stdout, second.stderr]);
        expect(ledgerSummary(after)).toEqual(plus(summary, after.summary));
        expect(after.summary).toMatchObject({ seen: 0, accepted: 0, gaps: 0 });
        // A blob that is still parked is no news.
        expect(itemsOf(after.health, 'parked')).toEqual(itemsOf(health, 'parked'));
      }),
    );
  }
});
