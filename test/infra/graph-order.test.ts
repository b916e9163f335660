/** What is created after what, over every configuration: every pair is counted, so that no test passes for want of one. */
import { describe, expect, test } from 'vitest';
import type { Plan } from '../../infra/plan/plan.ts';
import type { Registration } from '../../infra/plan/registration.ts';
import { builtInRoles } from '../../infra/plan/required-permissions.ts';
import { contentPlan } from '../fixtures/infra-content/runs.ts';
import { type ConfigurationName, configurationNames, configurations } from './configurations.ts';
import { isAfter, kindOf, ofKind, texts, workspaceOf } from './graph-reading.ts';
import { planned } from './runs.ts';

const graph = (name: ConfigurationName) => planned(configurations[name]);

const withNewWorkspace = configurationNames.filter((name) => name !== 'adopted');

/** What comes after what: of one workspace, of one collector, or all after all. `only`: the configurations that have
 *  both; absent: every one has, for each resource that comes later. */
const order: readonly {
  readonly first: string;
  readonly later: string;
  readonly of: 'workspace' | 'collector' | 'all';
  readonly only?: readonly ConfigurationName[];
}[] = [
  { first: 'SentinelOnboardingState', later: 'Table', of: 'workspace', only: withNewWorkspace },
  { first: 'SentinelOnboardingState', later: 'SavedSearch', of: 'workspace', only: withNewWorkspace },
  { first: 'Table', later: 'SavedSearch', of: 'workspace' },
  { first: 'Table', later: 'DataCollectionRule', of: 'workspace' },
  { first: 'Table', later: 'ContainerApp', of: 'collector' },
  { first: 'DataCollectionRule', later: 'ContainerApp', of: 'collector' },
  { first: 'RoleAssignment', later: 'ContainerApp', of: 'collector' },
  { first: 'BlobContainer', later: 'ContainerApp', of: 'collector' },
  { first: 'StorageAccount', later: 'ContainerApp', of: 'all' },
  { first: 'BlobServiceProperties', later: 'ContainerApp', of: 'all' },
  { first: 'TaskRun', later: 'ContainerApp', of: 'all', only: ['built'] },
];

/** The identity that a collector runs as. */
function identityOf(plan: Plan, app: Registration): Registration {
  const { userAssignedIdentities } = app.inputs['identity'] as { readonly userAssignedIdentities: readonly string[] };
  const found = ofKind(plan, 'UserAssignedIdentity').filter(({ id }) => userAssignedIdentities.includes(id));
  const [identity] = found;
  if (identity === undefined || found.length > 1) throw new Error(`${app.urn} has ${found.length} identities`);
  return identity;
}

/** Roles of a collector's identity. */
const rolesOf = (plan: Plan, app: Registration): readonly Registration[] => {
  const { principalId } = identityOf(plan, app).outputs;
  return ofKind(plan, 'RoleAssignment').filter(({ inputs }) => inputs['principalId'] === principalId);
};

/** The workspace that a rule writes to, by name. */
const destinationOf = (rule: Registration): unknown =>
  texts(rule.inputs['destinations'])
    .find(([path]) => path.endsWith('workspaceResourceId'))?.[1]
    .split('/')
    .at(-1);

/** Whether a collector needs the resource: its own roles, what these are on, and the tables behind its rule. */
function isNeeded(plan: Plan, app: Registration, one: Registration): boolean {
  const roles = rolesOf(plan, app);
  if (kindOf(one) === 'RoleAssignment') return roles.includes(one);
  const scopes = roles.map(({ inputs }) => inputs['scope']);
  if (kindOf(one) !== 'Table') return scopes.includes(one.id);
  const rules = ofKind(plan, 'DataCollectionRule').filter(({ id }) => scopes.includes(id));
  return rules.some((rule) => destinationOf(rule) === workspaceOf(one));
}

/** Every pair of resources that a line of `order` speaks of. */
function pairsOf(plan: Plan, { first, later, of }: (typeof order)[number]) {
  const pairs = ofKind(plan, later).flatMap((after) => ofKind(plan, first).map((before) => ({ before, after })));
  if (of === 'all') return pairs;
  return pairs.filter(({ before, after }) =>
    of === 'workspace'
      ? workspaceOf(before) === (workspaceOf(after) ?? destinationOf(after))
      : isNeeded(plan, after, before),
  );
}

describe.each(configurationNames)('in the graph of %s', (name) => {
  test.each(order)('$later comes after $first', async (line) => {
    const plan = await graph(name);
    const pairs = pairsOf(plan, line);
    expect(pairs.length > 0).toBe(line.only?.includes(name) ?? true);
    if (line.only === undefined)
      expect(new Set(pairs.map(({ after }) => after))).toEqual(new Set(ofKind(plan, line.later)));
    for (const { before, after } of pairs)
      expect(isAfter(plan, after, before), `${after.urn} after ${before.urn}`).toBe(true);
  });

  test('every collector comes after its own identity, role on its rule and state', async () => {
    const plan = await graph(name);
    const apps = ofKind(plan, 'ContainerApp');
    expect(apps.length).toBeGreaterThan(0);
    expect(new Set(apps.map((app) => identityOf(plan, app).id)).size).toBe(apps.length);
    for (const app of apps) {
      expect(isAfter(plan, app, identityOf(plan, app))).toBe(true);
      const roles = rolesOf(plan, app).filter((one) => isAfter(plan, app, one));
      const names = roles.map(({ inputs }) => builtInRoles[String(inputs['roleDefinitionId']).split('/').at(-1) ?? '']);
      expect(names).toEqual(expect.arrayContaining(['Monitoring Metrics Publisher', 'Storage Blob Data Contributor']));
    }
  });
});

test('on the content of the fixture, every rule comes after every function and list, and every hunt, too', async () => {
  const plan = await contentPlan();
  const named = (prefix: string) => plan.registrations.filter((one) => one.name.startsWith(prefix));
  const functions = named('function-');
  const lists = named('watchlist-');
  const rules = ofKind(plan, 'ScheduledAlertRule');
  const hunts = named('hunt-');
  expect([functions.length, lists.length, rules.length, hunts.length]).toEqual([2, 2, 3, 2]);
  const pairs = [
    ...rules.flatMap((after) => [...functions, ...lists].map((before) => ({ before, after }))),
    ...hunts.flatMap((after) => functions.map((before) => ({ before, after }))),
  ];
  for (const { before, after } of pairs)
    expect(isAfter(plan, after, before), `${after.urn} after ${before.urn}`).toBe(true);
});
