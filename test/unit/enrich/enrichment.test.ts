import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { enricherNames, noFacts } from '../../../collector/enrich/facts.ts';
import { failed, fakeGraph, forbidden, found, list, missing } from './fake-graph.ts';
import { anna, annaId, enrichmentOf, file, oneDriveFile, recordOf, thread } from './records.ts';

const label = 'aaaaaaaa-0000-4000-8000-000000000001';
const full = (day = 20) =>
  recordOf(
    { CreationTime: `2026-11-${day}T10:00:00`, UserId: anna, UserType: 0, AgentId: annaId },
    {
      Contexts: [{ Id: file }, { Id: thread }],
      AccessedResources: [{ SiteUrl: oneDriveFile, SensitivityLabelId: label }],
    },
  );
const user = { id: annaId, userPrincipalName: anna, displayName: 'Anna Berg' };
const item = { id: '1', name: 'Plan.docx', size: 7 };
const answers = {
  'v1.0 /users/': found(user),
  'v1.0 /shares/': found(item),
  'v1.0 /chats/': found({ id: thread, topic: 'Weekly' }),
  'v1.0 /security/': list({ id: label, name: 'Secret' }),
  'v1.0 /copilot/': list({ id: annaId, displayName: 'Planner' }),
};
const dayMs = (day: number) => Date.UTC(2026, 10, day, 10);
const never = () => Promise.withResolvers<never>().promise;
const keysOf = (seen: readonly { readonly entity: { readonly kind: string } }[]) =>
  seen.map(({ entity }) => entity.kind).toSorted();

it.for([
  ['without Graph', undefined, enricherNames],
  ['with every enricher off', fakeGraph(answers), []],
] as const)('tells %s what the records tell, and reports nothing missing', async ([, graph, names]) => {
  const one = enrichmentOf(graph, names);
  const { facts, seen } = await one.enrich([full(), recordOf()]);
  expect(facts[0]).toMatchObject({ user: null, agent: null, meeting: null, file: { name: 'Plan.docx' }, errors: [] });
  expect(facts[1]).toEqual(noFacts);
  expect(keysOf(seen)).toEqual(['agent', 'file', 'file', 'label', 'meeting', 'site', 'site', 'user']);
  expect(seen.every(({ isOwed }) => !isOwed)).toBe(true);
  one.refresh([{ kind: 'user', key: anna }]);
  await one.settled();
  expect([one.takeLate(), one.takeTroubles(), graph?.calls ?? []]).toEqual([[], [], []]);
});

it('asks once for everything that many records name, and nothing when it is known', async () => {
  const graph = fakeGraph(answers);
  const one = enrichmentOf(graph, enricherNames);
  const first = await one.enrich([full(20), full(18), full(19)]);
  expect(first.facts[2]).toMatchObject({
    user: { displayName: 'Anna Berg' },
    agent: { name: 'Planner' },
    file: { sizeBytes: 7 },
    siteOwner: null,
    meeting: { name: 'Weekly' },
    errors: ['files: not-found'],
  });
  expect(first.facts[2]?.labels.get(label)?.name).toBe('Secret');
  expect(first.seen).toHaveLength(8);
  expect(new Set(first.seen.map(({ firstEventMs }) => firstEventMs))).toEqual(new Set([dayMs(18)]));
  const { length } = graph.calls;
  expect(new Set(graph.calls).size).toBe(length);
  expect((await one.enrich([full(21)])).facts[0]).toEqual(first.facts[2]);
  expect(graph.calls).toHaveLength(length);
});

it('needs no timer and no turn of the event loop when everything is known', async () => {
  const one = enrichmentOf(fakeGraph(answers), enricherNames);
  await one.enrich([full()]);
  let isTurned = false;
  setImmediate(() => (isTurned = true));
  await one.enrich([full()]);
  expect(isTurned).toBe(false);
});

it('shares a look-up between calls that run at the same time', async () => {
  const graph = fakeGraph(answers);
  const one = enrichmentOf(graph, ['users']);
  const both = await Promise.all([one.enrich([full()]), one.enrich([full()])]);
  expect(both.map(({ facts }) => facts[0]?.user?.displayName)).toEqual(['Anna Berg', 'Anna Berg']);
  expect(graph.calls).toHaveLength(1);
});

it('gives rows up to its bound, then calls the answer late, and gives it once, with the earliest event', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const one = enrichmentOf(fakeGraph({ 'v1.0 /users/': promise }), ['users']);
  const { facts, seen } = await one.enrich([full(20)]);
  expect(facts).toMatchObject([{ user: null, userObservedMs: null, errors: ['users: late'] }]);
  expect(seen.find(({ entity }) => entity.kind === 'user')).toMatchObject({ isOwed: true, firstEventMs: dayMs(20) });
  await one.enrich([full(17)]);
  expect(one.takeLate()).toEqual([]);
  resolve(found(user));
  await one.settled();
  expect(one.takeLate()).toMatchObject([
    {
      entity: { kind: 'user', key: anna, facts: { displayName: 'Anna Berg' } },
      firstEventMs: dayMs(17),
      isOwed: false,
    },
  ]);
  expect(one.takeLate()).toEqual([]);
  expect(one.takeTroubles()).toMatchObject([{ enricher: 'users', reason: 'late', count: 2 }]);
});

it('does not give late what it has returned in the meantime', async () => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const one = enrichmentOf(fakeGraph({ 'v1.0 /users/': promise }), ['users']);
  await one.enrich([full(17)]);
  resolve(found(user));
  await one.settled();
  const { seen } = await one.enrich([full(20)]);
  expect(seen.find(({ entity }) => entity.kind === 'user')).toMatchObject({ isOwed: false, firstEventMs: dayMs(17) });
  expect(one.takeLate()).toEqual([]);
});

it.for([
  [missing, 'not-found', 1],
  [forbidden, 'forbidden', 1],
  [failed('unavailable'), 'unavailable', 0],
] as const)('takes a late %o for an end when asking again is of no use', async ([answer, , given]) => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const one = enrichmentOf(fakeGraph({ 'v1.0 /users/': promise }), ['users']);
  await one.enrich([full()]);
  resolve(answer);
  await one.settled();
  const late = one.takeLate();
  expect(late).toHaveLength(given);
  expect(late.every(({ entity, isOwed }) => entity.facts === null && !isOwed)).toBe(true);
});

it('waits once for a Graph that is dead, and for nothing else while it is', async () => {
  const clock = { ms: 0 };
  const one = enrichmentOf(fakeGraph(never), enricherNames, { waitMs: 100, now: () => clock.ms });
  const timed = async (id: string): Promise<number> => {
    const start = performance.now();
    const { facts } = await one.enrich([recordOf({ UserId: id, UserType: 0 })]);
    expect(facts[0]?.errors).toEqual(['users: late']);
    return performance.now() - start;
  };
  expect(await timed('a@contoso.example')).toBeGreaterThan(90);
  clock.ms = 100;
  expect(await timed('b@contoso.example')).toBeLessThan(60);
});

it('looks up what is owed, gives it late, and asks nothing twice', async () => {
  const graph = fakeGraph(answers);
  const one = enrichmentOf(graph, enricherNames);
  const owed = [
    { kind: 'user', key: anna },
    { kind: 'file', key: file.toLowerCase() },
    { kind: 'meeting', key: thread },
    { kind: 'site', key: 'https://contoso-my.sharepoint.com/personal/ben_holm_contoso_example' },
    { kind: 'label', key: label },
    { kind: 'agent', key: annaId },
    { kind: 'file', key: 'no address' },
  ] as const;
  one.refresh(owed);
  expect(one.takeLate()).toEqual([]);
  await one.settled();
  const late = one.takeLate();
  expect(keysOf(late)).toEqual(['agent', 'file', 'label', 'meeting', 'site', 'user']);
  expect(late.every(({ firstEventMs, isOwed }) => firstEventMs === null && !isOwed)).toBe(true);
  const { length } = graph.calls;
  one.refresh(owed);
  await one.settled();
  // Given again, because somebody still holds it for owed.
  expect(keysOf(one.takeLate())).toEqual(['agent', 'file', 'label', 'meeting', 'site', 'user']);
  expect(graph.calls).toHaveLength(length);
});

it('looks up at most 1,000 owed things a pass, a few at a time', async () => {
  let open = 0;
  let most = 0;
  const graph = fakeGraph(async () => {
    most = Math.max(most, ++open);
    await new Promise((resolve) => setImmediate(resolve));
    open--;
    return found({ id: 'x' });
  });
  const one = enrichmentOf(graph, ['users'], { waitMs: 5_000 });
  const owed = Array.from({ length: 1_500 }, (_, i) => ({ kind: 'user', key: `user${i}@contoso.example` }) as const);
  one.refresh(owed);
  await one.settled();
  expect(graph.calls).toHaveLength(1_000);
  expect(most).toBe(20);
});

it('keeps owed what failed a moment ago, without asking again', async () => {
  const graph = fakeGraph({ 'v1.0 /users/': failed('unavailable') });
  const one = enrichmentOf(graph, ['users']);
  await one.enrich([full()]);
  one.refresh([{ kind: 'user', key: anna }]);
  await one.settled();
  expect(one.takeLate()).toEqual([]);
  expect(graph.calls).toHaveLength(1);
});

it('settles within its bound when Graph is dead', async () => {
  const one = enrichmentOf(fakeGraph(never), enricherNames);
  one.refresh([{ kind: 'user', key: anna }]);
  await expect(one.settled()).resolves.toBeUndefined();
});

const body = fc.oneof(
  fc.jsonValue(),
  fc.record({
    id: fc.jsonValue(),
    userPrincipalName: fc.jsonValue(),
    assignedPlans: fc.jsonValue(),
    topic: fc.jsonValue(),
  }),
  fc.record(
    {
      id: fc.oneof(fc.constant(label), fc.string({ unit: 'binary' })),
      manager: fc.jsonValue(),
      fields: fc.jsonValue(),
      webUrl: fc.oneof(fc.webUrl(), fc.string(), fc.constant(file)),
      onlineMeetingInfo: fc.record({ organizer: fc.jsonValue(), joinWebUrl: fc.jsonValue() }),
      owner: fc.jsonValue(),
      sublabels: fc.array(fc.jsonValue()),
      lastModifiedDateTime: fc.oneof(fc.string(), fc.constant('2026-99-99T00:00:00Z')),
    },
    { requiredKeys: [] },
  ),
);

it('takes any JSON as an answer: no rejection, and every record has its facts', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(body, { minLength: 1, maxLength: 4 }), async (bodies) => {
      let next = 0;
      const graph = fakeGraph((call) => {
        const isList = /sensitivityLabels|packages|subscribedSkus/.test(call);
        return isList ? list(...bodies) : found(bodies[next++ % bodies.length]);
      });
      const licensePlans = { ids: [], names: ['*'] };
      const one = enrichmentOf(graph, enricherNames, { licensePlans, waitMs: 1_000 });
      const { facts, seen } = await one.enrich([full(), full(19)]);
      expect(facts).toHaveLength(2);
      expect(facts[0]?.errors.filter((error) => error.endsWith('late'))).toEqual([]);
      expect(seen.length).toBeGreaterThanOrEqual(7);
      expect(JSON.stringify(seen).isWellFormed()).toBe(true);
      one.takeLate();
    }),
    { numRuns: 300 },
  );
});
