import { expect, it } from 'vitest';
import { toUserPath } from '../../../collector/enrich/users.ts';
import { failed, fakeGraph, forbidden, found, list, missing } from './fake-graph.ts';
import { anna, annaId, enrichmentOf, planId, recordOf } from './records.ts';

const body = {
  id: annaId.toUpperCase(),
  userPrincipalName: 'Anna.Berg@Contoso.example',
  displayName: 'Anna Berg',
  mail: 'anna@contoso.example',
  department: 'Sales',
  jobTitle: 'Lead',
  country: 'Norway',
  usageLocation: 'NO',
  officeLocation: 'Oslo 2',
  accountEnabled: true,
  userType: 'Member',
  assignedPlans: [{ servicePlanId: planId.toUpperCase(), capabilityStatus: 'Enabled' }],
  manager: { '@odata.type': '#microsoft.graph.user', id: 'x', userPrincipalName: 'Boss@contoso.example' },
};
const user = (id: string, more: object = {}) => recordOf({ UserId: id, UserType: 0, ...more });

/** Facts of a user whom Graph describes by `body` and these changes. */
async function factsOf(changes: object, more: Parameters<typeof enrichmentOf>[2] = {}) {
  const graph = fakeGraph({ 'v1.0 /users/': found({ ...body, ...changes }) });
  const { facts } = await enrichmentOf(graph, ['users'], more).enrich([user(anna)]);
  return facts[0]?.user;
}

it('gives what the directory says of a user, and every id under one key', async () => {
  const now = Date.parse('2026-11-20T12:00:00Z');
  const graph = fakeGraph({ 'v1.0 /users/': found(body) });
  const enriched = await enrichmentOf(graph, ['users'], { now: () => now }).enrich([
    user('ANNA.berg@contoso.example', { UserKey: '100320012A3B4C5D' }),
  ]);
  const facts = {
    kind: 'user',
    userPrincipalName: anna,
    displayName: 'Anna Berg',
    department: 'Sales',
    jobTitle: 'Lead',
    country: 'Norway',
    office: 'Oslo 2',
    manager: 'boss@contoso.example',
    accountEnabled: true,
    isGuest: false,
    hasCopilotLicense: true,
  };
  expect(enriched.facts).toMatchObject([{ user: facts, userObservedMs: now, errors: [] }]);
  expect(enriched.seen).toEqual([
    {
      entity: {
        kind: 'user',
        key: anna,
        aliases: ['100320012a3b4c5d', annaId, 'anna@contoso.example'],
        facts,
        observedMs: now,
      },
      firstEventMs: Date.parse('2026-11-20T10:00:00Z'),
      lookUp: 'complete',
      owedAs: null,
      namedAs: [],
    },
  ]);
  expect(graph.calls).toHaveLength(1);
  expect(graph.calls[0]).toContain('$expand=manager($select=id,userPrincipalName)');
});

it('names a user by the principal name of the directory when the event has the object id', async () => {
  const graph = fakeGraph({ [`v1.0 /users/${annaId}`]: found(body), 'v1.0 /users/': found(body) });
  const { seen } = await enrichmentOf(graph, ['users']).enrich([user(annaId), user(anna)]);
  expect(seen.map(({ entity }) => [entity.key, entity.aliases])).toEqual([[anna, [annaId, 'anna@contoso.example']]]);
  expect(seen[0]?.namedAs).toEqual([annaId]);
});

it.for([
  ['country', { country: null }, { country: 'NO' }],
  ['guest by type', { userType: 'Guest' }, { isGuest: true }],
  ['guest by name', { userPrincipalName: 'a_b.example#EXT#@contoso.example', userType: null }, { isGuest: true }],
  ['half a character', { displayName: 'Anna\ud800' }, { displayName: 'Anna\ufffd' }],
  ['unknown type', { userType: 7 }, { isGuest: null }],
  [
    'plan in warning',
    { assignedPlans: [{ servicePlanId: planId, capabilityStatus: 'Warning' }] },
    { hasCopilotLicense: true },
  ],
  [
    'plan deleted',
    { assignedPlans: [{ servicePlanId: planId, capabilityStatus: 'Deleted' }] },
    { hasCopilotLicense: false },
  ],
  [
    'other plan',
    { assignedPlans: [null, { servicePlanId: annaId, capabilityStatus: 'Enabled' }] },
    { hasCopilotLicense: false },
  ],
  ['plans absent', { assignedPlans: undefined }, { hasCopilotLicense: null }],
  [
    'wrong types',
    { displayName: 7, accountEnabled: 'yes', manager: [] },
    { displayName: null, accountEnabled: null, manager: null },
  ],
] as const)('reads a user with %s', async ([, changes, expected]) => {
  expect(await factsOf(changes)).toMatchObject(expected);
});

it('counts plans by name, read once from the subscriptions', async () => {
  const skus = [null, { servicePlans: [null, { servicePlanId: annaId, servicePlanName: 'M365_COPILOT_APPS' }] }];
  const graph = fakeGraph({
    'v1.0 /subscribedSkus': list(...skus),
    'v1.0 /users/': found({ ...body, assignedPlans: [{ servicePlanId: annaId, capabilityStatus: 'Enabled' }] }),
  });
  const licensePlans = { ids: [], names: ['m365_copilot*'] };
  const { facts } = await enrichmentOf(graph, ['users'], { licensePlans }).enrich([
    user(anna),
    user('b@contoso.example'),
  ]);
  expect(facts.map((one) => one.user?.hasCopilotLicense)).toEqual([true, true]);
  expect(graph.calls.filter((call) => call.includes('subscribedSkus'))).toHaveLength(1);
  const others = { ids: [], names: ['copilot*', 'M365.COPILOT_APPS'] };
  const second = await enrichmentOf(graph, ['users'], { licensePlans: others }).enrich([user(anna)]);
  expect(second.facts[0]?.user?.hasCopilotLicense).toBeNull();
});

it.for([
  ['may not be read', forbidden, 'complete', null, 1],
  ['cannot be read now', failed('unavailable'), 'partial', '', 2],
] as const)('does not know who is unlicensed when the subscriptions %s', async ([, answer, lookUp, owedAs, asked]) => {
  const clock = { ms: 0 };
  const skus = [{ servicePlans: [{ servicePlanId: annaId, servicePlanName: 'M365_COPILOT_APPS' }] }];
  const user2 = { ...body, assignedPlans: [{ servicePlanId: annaId, capabilityStatus: 'Enabled' }] };
  let plans: unknown = answer;
  const graph = fakeGraph((call) => (call.includes('subscribedSkus') ? plans : found(user2)));
  const licensePlans = { ids: [planId], names: ['*COPILOT*'] };
  const one = enrichmentOf(graph, ['users'], { licensePlans, now: () => clock.ms });
  const { facts, seen } = await one.enrich([user(anna)]);
  expect(facts).toMatchObject([{ user: { hasCopilotLicense: null, department: 'Sales' }, errors: [] }]);
  expect(seen).toMatchObject([{ lookUp, owedAs }]);
  plans = list(...skus);
  clock.ms = 61 * 60_000;
  const later = await one.enrich([user(anna)]);
  expect(later.facts[0]?.user?.hasCopilotLicense).toBe(owedAs === null ? null : true);
  expect(graph.calls.filter((call) => call.includes('/users/'))).toHaveLength(asked);
});

it('says what to grant when subscriptions may not be read, and goes by plan ids', async () => {
  const graph = fakeGraph({ 'v1.0 /subscribedSkus': forbidden, 'v1.0 /users/': found(body) });
  const licensePlans = { ids: [planId], names: ['*COPILOT*'] };
  const one = enrichmentOf(graph, ['users'], { licensePlans });
  const { facts } = await one.enrich([user(anna)]);
  expect(facts).toMatchObject([{ user: { hasCopilotLicense: true }, errors: [] }]);
  expect(one.takeTroubles()).toMatchObject([
    { enricher: 'users', reason: 'forbidden', detail: expect.stringContaining('grant LicenseAssignment.Read.All') },
  ]);
});

it.for([
  ['System', {}],
  ['SecurityCopilotAgentUser-1@contoso.example', {}],
  [anna, { UserType: 5 }],
  ['no name of anybody', {}],
  ['../users', {}],
] as const)('asks nothing about %s %o', async ([id, more]) => {
  const graph = fakeGraph({ 'v1.0 /users/': found(body) });
  const enriched = await enrichmentOf(graph, ['users']).enrich([user(id, more)]);
  expect(enriched).toMatchObject({ facts: [{ user: null, errors: [] }], seen: [] });
  expect(graph.calls).toEqual([]);
});

it.for([
  ['not-found', missing, 'partial', null],
  ['forbidden', forbidden, 'partial', ''],
  ['refused', failed('refused'), 'partial', null],
  ['throttled', failed('throttled'), 'pending', ''],
  ['unavailable', failed('unavailable'), 'pending', ''],
  ['unreadable', failed('unreadable'), 'pending', ''],
  ['unreadable', found({ ...body, id: null }), 'pending', ''],
  ['unreadable', found([body]), 'pending', ''],
] as const)('says %s, and still knows that the user was seen', async ([reason, answer, lookUp, owedAs]) => {
  const one = enrichmentOf(fakeGraph({ 'v1.0 /users/': answer }), ['users']);
  const { facts, seen } = await one.enrich([user(anna), user(anna)]);
  expect(facts[1]).toMatchObject({ user: null, errors: [`users: ${reason}`] });
  expect(facts[1]?.userObservedMs === null).toBe(reason !== 'not-found');
  expect(seen).toMatchObject([{ entity: { key: anna, facts: null }, lookUp, owedAs }]);
  const troubles = one.takeTroubles();
  expect(troubles).toMatchObject(reason === 'not-found' ? [] : [{ enricher: 'users', reason, count: 1 }]);
  expect(JSON.stringify(troubles)).not.toContain('anna');
  if (reason === 'forbidden') expect(troubles[0]?.detail).toMatch(/^403 Auth.*: grant User\.Read\.All /);
  expect(one.takeTroubles()).toEqual([]);
});

it('encodes names in paths', () => {
  expect(toUserPath('a_b.example#ext#@contoso.example')).toMatch(
    /^\/users\/a_b\.example%23ext%23%40contoso\.example\?/,
  );
  expect(toUserPath("$o'x@contoso.example")).toMatch(/^\/users\('%24o''x%40contoso\.example'\)\?/);
});
