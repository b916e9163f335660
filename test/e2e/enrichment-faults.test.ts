/** The real collector against a Microsoft Graph in which everything goes wrong: rows ship, facts come later. */
import PQueue from 'p-queue';
import { describe, expect, it } from 'vitest';
import { faultMenu } from '../../simulator/server/faults.ts';
import { graphProxy } from './graph-proxy.ts';
import { scene, type Ended, type Scene } from './harness.ts';
import {
  answersOf,
  differences,
  leaks,
  ledgerSummary,
  outcomeOf,
  owedBy,
  type Answers,
  type Outcome,
  type StoredRow,
} from './outcome.ts';

// A Wednesday, standing still: what is to be stored does not change while a collector runs.
const now = Date.parse('2026-11-18T15:00:00Z');
const hourMs = 3_600_000;
const everything = { ENRICH: 'users,labels,agents,files,meetings' };

const graphFaultNames = Object.keys(faultMenu).filter((name) => faultMenu[name]?.side === 'graph');
// Who and what is gone is gone for good: with it there is less to know.
const isLasting = (name: string): boolean => name === 'graph-not-found';
// What is forbidden while others are found is not owed: the next event that names it asks again.
const isForbidding = (name: string): boolean => name === 'graph-forbidden';

const turns = new PQueue({ concurrency: 3 });
const timeout = 240_000;

const errorsOf = (rows: readonly StoredRow[]): readonly string[] =>
  [...new Set(rows.flatMap((row) => (row['EnrichmentErrors'] ?? []) as readonly string[]))].toSorted();

/** What holds after every pass, whatever went wrong. */
async function sound(place: Scene, ended: Ended): Promise<Outcome> {
  expect(ended.code, ended.stderr).toBe(0);
  const outcome = await outcomeOf(place, ended);
  expect(outcome.ids).toEqual(outcome.report.ids.expected);
  expect(outcome.ids.length).toBeGreaterThan(100);
  expect(outcome.rowProblems).toEqual([]);
  expect(ledgerSummary(outcome)).toMatchObject({ accepted: outcome.ids.length, deadLettered: 0, gaps: 0 });
  expect(outcome.ledger['Pending']).toBe(0);
  expect(outcome.report).toMatchObject({
    tokensAtForeignHosts: 0,
    foreignHost: { requests: 0 },
    graph: { violations: [], tokensAtReportHost: 0 },
  });
  expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
  return outcome;
}

const pass = async (place: Scene, env: Readonly<Record<string, string>>): Promise<Outcome> =>
  sound(place, await place.collect(['once'], { ...place.tenant.env, ...env }));

/** Passes until nothing is owed: each is a process of its own, which remembers no failure. */
async function untilNothingIsOwed(place: Scene, env: Readonly<Record<string, string>>): Promise<void> {
  for (let passes = 0; passes < 6; passes++) {
    await pass(place, env);
    if ((await owedBy(place)) === 0) return;
  }
  throw new Error(`${await owedBy(place)} look-ups are still owed after 6 passes`);
}

/** Everything in one go; or users, labels and agents over two days, so that everybody is named again. */
type Story = 'one go' | 'two days';

interface Told {
  readonly answers: Answers;
  readonly first: Outcome;
  readonly faults: Readonly<Record<string, number>>;
}

async function told(story: Story, faults: readonly string[]): Promise<Told> {
  let clock = story === 'one go' ? now : now - 24 * hourMs;
  await using place = await scene({ users: 8, days: 2, aheadHours: 24, clock: () => clock, faults });
  const env = story === 'one go' ? everything : {};
  const first = await pass(place, env);
  clock = now;
  if (story === 'two days' || (await owedBy(place)) > 0) await untilNothingIsOwed(place, env);
  return { answers: answersOf(place), first, faults: place.tenant.report().faults };
}

const good = new Map<string, Promise<Told>>();

/** The same story without the faults that pass; told once. */
function toldWell(story: Story, faults: readonly string[]): Promise<Told> {
  const lasting = faults.filter(isLasting);
  const key = `${story} ${lasting.join()}`;
  const known = good.get(key) ?? told(story, lasting);
  good.set(key, known);
  return known;
}

describe.concurrent('the collector against each fault of Graph', () => {
  for (const name of graphFaultNames) {
    it(`${name}: ${faultMenu[name]?.description}`, { timeout }, () =>
      turns.add(async () => {
        const story = isForbidding(name) ? 'two days' : 'one go';
        const { answers, first, faults } = await told(story, [name]);
        if (isLasting(name))
          expect(errorsOf(first.rows)).toEqual(expect.arrayContaining(['files: not-found', 'users: not-found']));
        else expect(faults[name]).toBeGreaterThan(0);
        if (isForbidding(name)) expect(errorsOf(first.rows).filter((one) => one.endsWith('forbidden'))).not.toEqual([]);
        expect(differences(answers, (await toldWell(story, [name])).answers)).toEqual([]);
      }),
    );
  }

  it('all at once: the functions answer as without them', { timeout }, () =>
    turns.add(async () => {
      const { answers, first, faults } = await told('two days', graphFaultNames);
      for (const name of graphFaultNames.filter((one) => !isLasting(one)))
        expect(faults[name], name).toBeGreaterThan(0);
      expect(first.health.filter((row) => row['HealthKind'] === 'enrichment').length).toBeGreaterThan(0);
      expect(differences(answers, (await toldWell('two days', graphFaultNames)).answers)).toEqual([]);
    }),
  );
});

/** The longest time in milliseconds in which no row arrived, between the first and the last. */
function longestGapMs(rows: readonly StoredRow[]): number {
  const times = rows.map((row) => Date.parse(String(row['_TimeReceived']))).toSorted((one, other) => one - other);
  return Math.max(...times.slice(1).map((time, n) => time - (times[n] ?? time)));
}

describe('a Graph that never answers', () => {
  it('delays a pass of many batches once, and what is owed is looked up later', { timeout }, async () => {
    // Some ten batches, four at a time: if each waited, there would be gaps of the bound between them.
    const crowd = { users: 60, days: 7, clock: () => now };
    const waitMs = 3000;
    // Teams answers 30 requests a second: without meetings the good pass owes nothing.
    const busy = { ENRICH: 'users,labels,agents,files', ENRICH_WAIT_MS: String(waitMs) };
    await using well = await scene(crowd);
    const before = performance.now();
    await pass(well, busy);
    const usualMs = performance.now() - before;
    expect(await owedBy(well)).toBe(0);

    await using place = await scene(crowd);
    await using graph = await graphProxy(place.tenant);
    graph.meddle('hang');
    const env = { ...busy, GRAPH_URL: graph.url };
    const startedAt = performance.now();
    const { rows, health } = await pass(place, env);
    const tookMs = performance.now() - startedAt;
    expect(rows.length).toBeGreaterThan(4000);
    expect(longestGapMs(rows)).toBeLessThan(waitMs * 0.75);
    // Once for the first rows, once at the end for what may still come; a busy machine is no failure.
    expect(tookMs - usualMs).toBeLessThan(2 * waitMs + 5000);
    expect(errorsOf(rows)).toEqual(['agents: late', 'files: late', 'labels: late', 'users: late']);
    expect(health.filter((row) => row['HealthKind'] === 'enrichment')).toHaveLength(4);
    expect(graph.requests()).toBeLessThan(20);

    expect(await owedBy(place)).toBeGreaterThan(100);
    graph.meddle(undefined);
    await untilNothingIsOwed(place, env);
    expect(differences(answersOf(place), answersOf(well))).toEqual([]);
  });
});

describe('a collector that is killed after its rows and before their entities', () => {
  it('writes them with the next pass, does what it owed, and keeps first-seen times', { timeout }, async () => {
    let clock = now - 24 * hourMs;
    let onStored: () => void = () => undefined;
    await using place = await scene({
      users: 8,
      days: 1,
      aheadHours: 24,
      clock: () => clock,
      onIngestion: (moment) => (moment === 'stored' ? onStored() : undefined),
    });
    const { tenant } = place;
    await using graph = await graphProxy(tenant);
    const env = { ...tenant.env, ...tenant.ingestionEnv, ...everything, GRAPH_URL: graph.url, ENRICH_WAIT_MS: '500' };
    const entities = (): readonly StoredRow[] => tenant.stored('CopilotEntities_CL');
    const audits = (): readonly StoredRow[] => tenant.stored('CopilotAudit_CL');

    // A day without Graph: users and agents are owed.
    graph.meddle('hang');
    const first = await place.collect(['once'], env);
    expect(first.code, first.stderr).toBe(0);
    expect(await owedBy(place)).toBeGreaterThan(10);
    expect(entities().filter(({ Kind }) => Kind === 'user')).toEqual([]);
    const firstDay = audits().length;

    graph.meddle(undefined);
    clock = now;
    const atKill = { rows: 0, entities: entities().length };
    const running = place.start(['once'], env);
    onStored = () => {
      if (audits().length === firstDay || atKill.rows > 0) return;
      atKill.rows = audits().length;
      running.child.kill('SIGKILL');
    };
    expect((await running.ended).code).toBe(null);
    expect(entities()).toHaveLength(atKill.entities);
    onStored = () => undefined;

    const last = await place.collect(['once'], env);
    expect(last.code, last.stderr).toBe(0);
    expect(tenant.report().ids.notStored).toEqual([]);
    expect(await owedBy(place)).toBe(0);
    const users = entities().filter(({ Kind }) => Kind === 'user');
    expect(users.length).toBeGreaterThan(5);
    for (const user of users) {
      const names = new Set([user['Key'], ...(user['Aliases'] as readonly string[])]);
      const times = audits()
        .filter((row) => names.has(String(row['ActorName']).toLowerCase()))
        .map((row) => Date.parse(String(row['EventTime'])));
      expect(Date.parse(String(user['FirstSeenTime'])), String(user['Key'])).toBe(Math.min(...times));
      expect(user['Facts']).not.toBe(null);
    }
    // Most acted on the first day already.
    const seenBefore = users.filter((user) => Date.parse(String(user['FirstSeenTime'])) < now - 24 * hourMs);
    expect(seenBefore.length).toBeGreaterThan(4);
    expect(new Set(users.map(({ Key }) => Key)).size).toBe(users.length);
  });
});
