import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OwedLookUp } from '../../../collector/enrich/contract.ts';
import { enricherNames, noFacts } from '../../../collector/enrich/facts.ts';
import { entityTable } from '../../../collector/state/entity-table.ts';
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
  expect(seen.every(({ owedAs, lookUp }) => owedAs === null && lookUp !== 'pending')).toBe(true);
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
  expect(seen.find(({ entity }) => entity.kind === 'user')).toMatchObject({
    lookUp: 'pending',
    owedAs: '',
    firstEventMs: dayMs(20),
  });
  await one.enrich([full(17)]);
  expect(one.takeLate()).toEqual([]);
  resolve(found(user));
  await one.settled();
  expect(one.takeLate()).toMatchObject([
    {
      entity: { kind: 'user', key: anna, facts: { displayName: 'Anna Berg' } },
      firstEventMs: dayMs(17),
      lookUp: 'complete',
      owedAs: null,
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
  expect(seen.find(({ entity }) => entity.kind === 'user')).toMatchObject({
    lookUp: 'complete',
    firstEventMs: dayMs(17),
  });
  expect(one.takeLate()).toEqual([]);
});

it.for([
  [missing, 'not-found', [null]],
  [forbidden, 'forbidden', ['']],
  [failed('unavailable'), 'unavailable', []],
] as const)('gives a late %o when nothing better is to be expected soon', async ([answer, , given]) => {
  const { promise, resolve } = Promise.withResolvers<unknown>();
  const one = enrichmentOf(fakeGraph({ 'v1.0 /users/': promise }), ['users']);
  await one.enrich([full()]);
  resolve(answer);
  await one.settled();
  const late = one.takeLate();
  expect(late.map(({ owedAs }) => owedAs)).toEqual(given);
  expect(late.every(({ entity, lookUp }) => entity.facts === null && lookUp === 'partial')).toBe(true);
});

/** Milliseconds that rows of this user wait, and what they lack. */
async function timed(one: ReturnType<typeof enrichmentOf>, id: string): Promise<readonly [number, readonly string[]]> {
  const start = performance.now();
  const { facts } = await one.enrich([recordOf({ UserId: `${id}@contoso.example`, UserType: 0 })]);
  return [performance.now() - start, facts[0]?.errors ?? []];
}

it('waits once for a Graph that is dead, and for nothing else while it is', async () => {
  const clock = { ms: 0 };
  const one = enrichmentOf(fakeGraph(never), enricherNames, { waitMs: 100, now: () => clock.ms });
  const [firstMs, firstErrors] = await timed(one, 'a');
  expect([firstMs > 90, firstErrors]).toEqual([true, ['users: late']]);
  clock.ms = 100;
  const [nextMs, nextErrors] = await timed(one, 'b');
  expect([nextMs < 60, nextErrors]).toEqual([true, ['users: late']]);
});

it('waits for users while one of them is slow by itself, and for that one once', async () => {
  const clock = { ms: 0 };
  const graph = fakeGraph(async (call) => {
    if (call.includes('/slow@')) return never();
    await new Promise((resolve) => setTimeout(resolve, 5));
    return found({ id: 'x', userPrincipalName: /users\/([^?]+)/.exec(call)?.[1] });
  });
  const one = enrichmentOf(graph, ['users'], { waitMs: 100, now: () => clock.ms });
  const both = ['slow', 'a'].map((name) => recordOf({ UserId: `${name}@contoso.example`, UserType: 0 }));
  expect((await one.enrich(both)).facts.map(({ errors }) => errors)).toEqual([['users: late'], []]);
  clock.ms = 60_000;
  expect((await timed(one, 'b'))[1]).toEqual([]);
  const [againMs, errors] = await timed(one, 'slow');
  expect([againMs < 60, errors]).toEqual([true, ['users: late']]);
});

it('waits for users while the labels do not come', async () => {
  const clock = { ms: 0 };
  const graph = fakeGraph((call) => (call.includes('abels') ? never() : found(user)));
  const one = enrichmentOf(graph, ['users', 'labels'], { now: () => clock.ms });
  one.refresh([]);
  clock.ms = 60_000;
  const { facts } = await one.enrich([full()]);
  expect(facts[0]).toMatchObject({ user: { displayName: 'Anna Berg' }, errors: ['labels: late'] });
});

it('looks up what is owed, gives it late, and asks nothing twice', async () => {
  const graph = fakeGraph(answers);
  const one = enrichmentOf(graph, enricherNames);
  const owed = [
    { kind: 'user', key: anna, owedAs: '' },
    { kind: 'file', key: file.toLowerCase(), owedAs: '' },
    { kind: 'meeting', key: thread, owedAs: 'damaged' },
    { kind: 'site', key: 'https://contoso-my.sharepoint.com/personal/ben_holm_contoso_example', owedAs: '{}' },
    { kind: 'label', key: label, owedAs: '' },
    { kind: 'agent', key: annaId, owedAs: 'null' },
  ] as const;
  one.refresh(owed);
  expect(one.takeLate()).toEqual([]);
  await one.settled();
  const late = one.takeLate();
  expect(keysOf(late)).toEqual(['agent', 'file', 'label', 'meeting', 'site', 'user']);
  expect(late.every(({ firstEventMs, owedAs }) => firstEventMs === null && owedAs === null)).toBe(true);
  const { length } = graph.calls;
  one.refresh(owed);
  await one.settled();
  // Given again, because somebody still holds it for owed.
  expect(keysOf(one.takeLate())).toEqual(['agent', 'file', 'label', 'meeting', 'site', 'user']);
  expect(graph.calls).toHaveLength(length);
});

/** What is owed after records were enriched while Graph was down. */
async function owedOf(records: readonly ReturnType<typeof recordOf>[]) {
  const graph = fakeGraph(() => failed('unavailable'));
  const { seen } = await enrichmentOf(graph, enricherNames).enrich(records);
  return seen.flatMap(({ entity: { kind, key }, owedAs }) => (owedAs === null ? [] : [{ kind, key, owedAs }]));
}
const link = 'https://contoso.sharepoint.com/:w:/s/Sales/EaBcDeFGhIjKlMnOpQ';
const folder = 'https://contoso.sharepoint.com/sites/Sales/Shared%20Documents/Report';
const agentTitle = 'bbbbbbbb-0000-4000-8000-000000000001';
const spn = 'bbbbbbbb-0000-4000-8000-000000000002';
const joinUrl = `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(thread)}/0?context=%7B%22Oid%22%3A%22${annaId}%22%7D`;

it.for([
  ['a sharing link', recordOf({}, { Contexts: [{ Id: link }] }), 'file'],
  [
    'a document that only its type tells',
    recordOf({}, { AccessedResources: [{ SiteUrl: folder, Type: 'docx', Name: 'Report' }] }),
    'file',
  ],
  [
    'a document that an item id tells',
    recordOf(
      {},
      {
        AccessedResources: [
          { SiteUrl: 'https://contoso.sharepoint.com/sites/Sales', Type: 'docx', Name: 'Q3', ListItemUniqueId: annaId },
        ],
      },
    ),
    'file',
  ],
  ['a plain file', recordOf({}, { Contexts: [{ Id: file }] }), 'file'],
  ['a OneDrive', recordOf({}, { Contexts: [{ Id: oneDriveFile.replace('ben_holm', 'Ben_Holm') }] }), 'site'],
  ['an agent', recordOf({ AgentId: `T_${agentTitle}.${spn}` }), 'agent'],
  ['a meeting that only its organizer leads to', recordOf({}, { Contexts: [{ Id: joinUrl }] }), 'meeting'],
] as const)('makes the look-up of %s after a restart as it would have been', async ([, record, kind]) => {
  const url = (call: string): string => Buffer.from(/u!([\w-]+)/.exec(call)?.[1] ?? '', 'base64url').toString();
  const graph = () =>
    fakeGraph((call) => {
      if (call.includes('/shares/'))
        return url(call) === url(call).toLowerCase() ? missing : found({ id: '1', size: 5 });
      if (call.includes('/personal/'))
        return call.includes('/personal/Ben_Holm') ? found({ id: 'd', owner: {} }) : missing;
      if (call.includes('/packages')) return list({ id: `T_${agentTitle}`, displayName: 'Planner' });
      return call.includes('/onlineMeetings/') ? found({ id: 'm', subject: 'Weekly' }) : missing;
    });
  const before = await enrichmentOf(graph(), enricherNames, { now: () => 7 }).enrich([record]);
  const expected = before.seen.find(({ entity }) => entity.kind === kind);
  expect(expected).toMatchObject({ lookUp: 'complete' });

  const restarted = enrichmentOf(graph(), enricherNames, { now: () => 7 });
  restarted.refresh((await owedOf([record])).filter((one) => one.kind === kind));
  await restarted.settled();
  const late = restarted.takeLate().filter(({ entity }) => entity.key === expected?.entity.key);
  expect(late).toEqual([{ ...expected, firstEventMs: null }]);
});

it('keeps no more than 2,048 characters of what is owed', async () => {
  const long = `https://contoso.sharepoint.com/sites/Sales/${'%E6%BC%A2'.repeat(300)}.docx`;
  const [owed] = (await owedOf([recordOf({}, { Contexts: [{ Id: long }] })])).filter(({ kind }) => kind === 'file');
  expect(owed).toMatchObject({ key: long.toLowerCase(), owedAs: '' });
});

it.for([
  ['whose enricher is off now', { kind: 'user', key: anna, owedAs: '' }, ['files']],
  ['whose key names nothing', { kind: 'file', key: 'no address', owedAs: '' }, ['files']],
] as const)('owes nothing any more %s, without facts that would hide others', async ([, owed, names]) => {
  const graph = fakeGraph(answers);
  const one = enrichmentOf(graph, names);
  one.refresh([owed]);
  expect(one.takeLate()).toMatchObject([
    { entity: { kind: owed.kind, key: owed.key, facts: null }, lookUp: 'partial', owedAs: null },
  ]);
  expect(graph.calls).toEqual([]);
});

it('looks up those who were named before consent was given, a bounded number a pass', async () => {
  const clock = { ms: 0 };
  let answer: unknown = forbidden;
  const graph = fakeGraph((call) =>
    answer === forbidden ? forbidden : found({ id: 'x', userPrincipalName: /users\/([^?]+)/.exec(call)?.[1] }),
  );
  const one = enrichmentOf(graph, ['users'], { now: () => clock.ms });
  const records = Array.from({ length: 1_200 }, (_, i) =>
    recordOf({ UserId: `user${i}@contoso.example`, UserType: 0 }),
  );
  const owed: OwedLookUp[] = [];
  for (let at = 0; at < records.length; at += 100) {
    const { seen } = await one.enrich(records.slice(at, at + 100));
    for (const { entity, lookUp, owedAs } of seen) {
      expect(lookUp).toBe('partial');
      if (owedAs !== null) owed.push({ kind: entity.kind, key: entity.key, owedAs });
    }
  }
  expect(owed).toHaveLength(1_200);
  // The first batch was under way when the first answer came.
  expect(graph.calls).toHaveLength(100);
  one.refresh(owed);
  await one.settled();
  expect(graph.calls).toHaveLength(100);
  clock.ms = 16 * 60_000;
  answer = null;
  const done = new Set<string>();
  for (const most of [1_000, 2_000, 2_000]) {
    one.refresh(owed.filter(({ key }) => !done.has(key)));
    await one.settled();
    for (const { entity } of one.takeLate()) done.add(entity.key);
    expect(done.size).toBeLessThanOrEqual(most);
  }
  expect(done.size).toBe(1_200);
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
  const owed = Array.from(
    { length: 1_500 },
    (_, i) => ({ kind: 'user', key: `user${i}@contoso.example`, owedAs: '' }) as const,
  );
  one.refresh(owed);
  await one.settled();
  expect(graph.calls).toHaveLength(1_000);
  expect(most).toBe(20);
});

it('asks for everything that is owed in turn, although none of it ever succeeds', async () => {
  const clock = { ms: 0 };
  const notes = entityTable(2_000);
  for (let i = 0; i < 1_500; i++)
    notes.set('user', `user${i}@contoso.example`, { firstSeenMs: null, written: null, owedAs: '' });
  const graph = fakeGraph(() => failed('unreadable'));
  const one = enrichmentOf(graph, ['users'], { now: () => clock.ms, waitMs: 5_000 });
  for (let pass = 0; pass < 2; pass++) {
    one.refresh(notes.owed());
    await one.settled();
    clock.ms += 6 * 60_000;
  }
  expect(graph.calls).toHaveLength(2_000);
  expect(new Set(graph.calls).size).toBe(1_500);
});

it('keeps owed what failed a moment ago, without asking again', async () => {
  const graph = fakeGraph({ 'v1.0 /users/': failed('unavailable') });
  const one = enrichmentOf(graph, ['users']);
  await one.enrich([full()]);
  one.refresh([{ kind: 'user', key: anna, owedAs: '' }]);
  await one.settled();
  expect(one.takeLate()).toEqual([]);
  expect(graph.calls).toHaveLength(1);
});

it('settles within its bound when Graph is dead', async () => {
  const one = enrichmentOf(fakeGraph(never), enricherNames);
  one.refresh([{ kind: 'user', key: anna, owedAs: '' }]);
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
