/** The real collector into a simulated Azure in which sending goes wrong: nothing lost, and the books say so. */
import PQueue from 'p-queue';
import { describe, expect, it } from 'vitest';
import { faultMenu } from '../../simulator/server/faults.ts';
import type { Switches } from '../../simulator/server/switches.ts';
import type { SimulatorOptions } from '../../simulator/simulator.ts';
import { azureScene, type AzureScene } from './azure-scene.ts';
import { afterWork, newestLedger, summaryOf, type Ended, type Scene, type Summary } from './harness.ts';
import { itemsOf, leaks, plus } from './outcome.ts';

const hourMs = 3_600_000;

// Standing still, so that what is to be stored does not change; near the real time, by which the collector stamps rows.
const now = afterWork(Date.now());
const timeout = 300_000;

// Most of a run is work for two cores. Where it is waiting, others need not wait for it.
const turns = new PQueue({ concurrency: 2 });
const waits = new PQueue({ concurrency: 4 });

/** How a fault differs from "it happened, and every row is stored once". */
interface Expectation {
  /** It may store rows whose sender does not learn of it: they come again, under the same RecordId. */
  readonly copies?: 'some';
  readonly refuses?: 'some';
  readonly switches?: Partial<Switches>;
  /** Mostly waiting: for a Retry-After that is cut to 120 s, for a timeout of 30 s, for the role. */
  readonly waits?: 'long';
}

const expectations: Readonly<Record<string, Expectation>> = {
  'ingestion-429-huge': { waits: 'long' },
  'ingestion-hang': { waits: 'long' },
  'ingestion-403-at-first': { waits: 'long', switches: { roleAfterRequests: 1 } },
  'ingestion-reset-after': { copies: 'some' },
  'ingestion-400-row': { refuses: 'some' },
};

const ingestionFaults = Object.entries(faultMenu).filter(([, { side }]) => side === 'ingestion');

/** A scene that keeps what the collector sends to its state. */
interface Watched extends AzureScene {
  readonly sentToState: () => string;
}

async function watched(options: SimulatorOptions): Promise<Watched> {
  const scene = await azureScene({ users: 6, days: 3, clock: () => now, ...options });
  const sent: string[] = [];
  scene.storage.watch((moment, { body }) => void (moment === 'asked' && sent.push(body.toString('latin1'))));
  return { ...scene, sentToState: () => sent.join('\n') };
}

/** Runs once and checks what holds whatever went wrong. */
async function collected(scene: Watched, isLast?: 'last'): Promise<Ended> {
  const ended = await scene.collect(['once']);
  const { tenant } = scene;
  const { ids, ingestion } = tenant.report();
  const rows = ['CopilotAudit_CL', 'CopilotEntities_CL', 'CopilotHealth_CL'].flatMap((table) => tenant.stored(table));
  // What is still parked may come with the next run, which a run that is complete does not need.
  if (ended.code === 0 || isLast === 'last')
    expect(ids.notStored, `lost: ${ended.stderr}`).toEqual(ingestion.rowsRefused);
  expect(ids.expected.length).toBeGreaterThan(80);
  expect(ingestion).toMatchObject({
    rowsDropped: 0,
    columnsDropped: {},
    valuesNulled: 0,
    valuesCut: 0,
    olderThan48hAtReceipt: 0,
    timeGeneratedReplaced: 0,
  });
  const place = {
    tenant,
    leftOnDisk: async () => `${JSON.stringify(rows)}\n${scene.sentToState()}`,
  } as Partial<Scene> as Scene;
  expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
  return ended;
}

/** The ledger's sums under the names of the summary; throws when one of an hour does not hold. */
function ledgerOf({ tenant }: AzureScene): Summary {
  const health = tenant.stored('CopilotHealth_CL');
  const ledger = [...newestLedger(health).values()];
  const sum = (column: string): number => ledger.reduce((total, row) => total + (row[column] ?? 0), 0);
  expect(sum('Pending')).toBe(0);
  return {
    seen: sum('Seen'),
    foreign: sum('Foreign'),
    selected: sum('Selected'),
    unparsable: sum('Unparsable'),
    duplicate: sum('Duplicate'),
    deadLettered: sum('DeadLettered'),
    accepted: sum('Accepted'),
    // A health row that is told twice, because its answer was lost, is one gap.
    gaps: new Set(itemsOf(health, 'gap')).size,
  };
}

/** A run that ends well: every readable record is a row or a dead letter, each once unless `copies` says otherwise. */
async function expectComplete(options: SimulatorOptions, { copies, refuses }: Expectation = {}): Promise<Watched> {
  const scene = await watched(options);
  try {
    const ended = await collected(scene);
    expect(ended.code, ended.stderr).toBe(0);
    const { ids, ingestion } = scene.tenant.report();
    const summary = summaryOf(ended);
    const refused = new Set(ingestion.rowsRefused);
    expect(ids.stored).toEqual(ids.expected.filter((id) => !refused.has(id)));
    if (refuses === undefined) expect([...refused]).toEqual([]);
    else expect(refused.size).toBeGreaterThan(0);
    if (copies === undefined) expect(ids.storedTwice).toBe(0);
    else expect(ids.storedTwice).toBeGreaterThan(0);
    const health = scene.tenant.stored('CopilotHealth_CL');
    expect([...new Set(itemsOf(health, 'dead-letter'))]).toEqual(ingestion.rowsRefused);
    expect(ledgerOf(scene)).toEqual(summary);
    expect(summary).toMatchObject({ accepted: ids.stored.length, deadLettered: refused.size, gaps: 0 });
    return scene;
  } catch (error) {
    await scene[Symbol.asyncDispose]();
    throw error;
  }
}

describe.concurrent('the collector against each fault of ingestion', () => {
  for (const [name, { description }] of ingestionFaults) {
    const expectation = expectations[name] ?? {};
    it(`${name}: ${description}`, { timeout }, () =>
      (expectation.waits === undefined ? turns : waits).add(async () => {
        const { switches = {} } = expectation;
        await using scene = await expectComplete({ faults: [name], switches }, expectation);
        expect(scene.tenant.report().faults[name]).toBeGreaterThan(0);
      }),
    );
  }
});

describe.concurrent('the collector against feed, ingestion and Graph with every fault at once', () => {
  it('loses nothing, and what is stored twice has the same RecordId', { timeout }, () =>
    waits.add(async () => {
      // What is waited for longest has cases of its own, here and in faults.test.ts.
      const slowest = ['ingestion-429-huge', 'ingestion-hang', 'throttle-403', 'throttle-429'];
      const names = Object.keys(faultMenu).filter((name) => !slowest.includes(name));
      const switches = { roleAfterRequests: 1 };
      await using scene = await watched({ faults: names, switches, days: 1 });
      const first = await collected(scene);
      // Blobs that nobody can read are gaps, and some stay parked.
      expect(first.code, first.stderr).toBe(2);
      const { faults, ids, ingestion } = scene.tenant.report();
      const summary = summaryOf(first);
      for (const [name] of ingestionFaults.filter(([one]) => names.includes(one)))
        expect(faults[name], name).toBeGreaterThan(0);
      expect(ledgerOf(scene)).toEqual(summary);
      expect(summary.accepted).toBe(ids.stored.length);
      expect(summary.deadLettered).toBeGreaterThanOrEqual(ingestion.rowsRefused.length);
      const deadLetters = itemsOf(scene.tenant.stored('CopilotHealth_CL'), 'dead-letter');
      expect(deadLetters).toEqual(expect.arrayContaining([...ingestion.rowsRefused]));

      const second = await collected(scene, 'last');
      expect(second.code, second.stderr).toBe(2);
      const both = plus(summary, summaryOf(second));
      expect(ledgerOf(scene)).toEqual(both);
      expect(scene.tenant.report().blobs.never).toEqual([]);
      expect(both.accepted).toBe(scene.tenant.report().ids.stored.length);
    }),
  );
});

/** What is not known of the service, the position that is not the simulator's own; that one every other case has. */
const unverified: Readonly<Record<string, Partial<Switches>>> = {
  'a call of at most 1,000,000 bytes': { callBytes: 1_000_000 },
  'a call of at most 1,048,576 bytes': { callBytes: 1_048_576 },
  'rows dropped for a value, a time or a column that it does not like': {
    typeMismatch: 'row-dropped',
    oldTime: 'row-dropped',
    undeclared: 'overflow',
  },
};

describe.concurrent('the collector against both forms of what is not known', () => {
  for (const [name, switches] of Object.entries(unverified)) {
    it(`loses nothing with ${name}`, { timeout }, () =>
      turns.add(async () => {
        // Enough rows for calls that are full.
        await using scene = await expectComplete({ switches, users: 30, days: 3 });
        const { largestBodyBytes, requests } = scene.tenant.report().ingestion;
        expect(largestBodyBytes).toBeGreaterThan(500_000);
        expect(Object.keys(requests)).toEqual(['204']);
      }),
    );
  }
});

describe.concurrent('a record that is longer than a field may be', () => {
  it('arrives cut by us, says so, and is kept whole', { timeout }, () =>
    turns.add(async () => {
      const createdMs = now - 2 * hourMs;
      const record = (nth: number, resources: number): object => ({
        Id: `5f0c7f2e-0000-4000-8000-${String(nth).padStart(12, '0')}`,
        CreationTime: new Date(createdMs - hourMs).toISOString().slice(0, 19),
        Operation: 'CopilotInteraction',
        RecordType: 261,
        Workload: 'Copilot',
        UserId: 'ada@contoso.example',
        UserType: 0,
        CopilotEventData: {
          AppHost: 'Word',
          ThreadId: '19:thread@thread.v2',
          AccessedResources: Array.from({ length: resources }, (_, n) => ({
            Name: `Résumé ${n}.docx`,
            SiteUrl: `https://contoso.example/sites/${n}/Shared%20Documents/${n}.docx`,
          })),
        },
      });
      const records = Array.from({ length: 150 }, (_, nth) => record(nth, nth === 70 ? 3000 : 1));
      const blob = {
        contentId: '20261118000000000000001$20261118000000000000002$audit_general$Audit_General$emea0016',
        createdMs,
        expiresMs: createdMs + 20 * 24 * hourMs,
        visibleMs: createdMs,
        recordCount: records.length,
        copilotIds: records.map((_, nth) => `5f0c7f2e-0000-4000-8000-${String(nth).padStart(12, '0')}`),
        body: () => JSON.stringify(records),
      };
      const long = blob.copilotIds[70];
      await using scene = await expectComplete({ blobs: [blob] });
      const { tenant } = scene;
      const cut = tenant.stored('CopilotAudit_CL').filter((row) => row['TruncatedColumns'] !== undefined);
      expect(cut.map((row) => row['RecordId'])).toEqual([long]);
      expect(cut[0]?.['TruncatedColumns']).toContain('LLMEventData');
      expect(itemsOf(tenant.stored('CopilotHealth_CL'), 'oversize')).toEqual([long]);
      expect(tenant.report().ingestion.valuesCut).toBe(0);

      // The letter holds what was cut off.
      const letter = scene
        .sentToState()
        .split('\n')
        .find((line) => line.includes('"kind":"oversize"'));
      expect(letter).toContain(long);
      expect(letter).toContain('/sites/2999/');
      expect(JSON.stringify(cut)).not.toContain('/sites/2999/');
    }),
  );
});
