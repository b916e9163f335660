/** The stand-in engine against a small program: what it must tell the tests about any program. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { toArm } from '../../infra/plan/arm.ts';
import { UNKNOWN } from '../../infra/plan/wire-values.ts';
import { SECRET, named, planned, runOf } from './runs.ts';

const program = fileURLToPath(new URL('../fixtures/infra-program/index.ts', import.meta.url));
const OWN = '/subscriptions/00000000-0000-4000-8000-000000000001/resourceGroups/rg-fixture';
const OTHER = '/subscriptions/00000000-0000-4000-8000-000000000002/resourceGroups';
const WORKSPACE = `${OWN}/providers/Microsoft.OperationalInsights/workspaces/log-fixture`;

const updated = () => planned({ program, config: {}, secrets: { note: SECRET } });

describe('a program run as an update', () => {
  test('every resource gets the id that Azure would give it', async () => {
    const { registrations } = await updated();
    const ids = Object.fromEntries(registrations.map(({ name, id }) => [name, id]));
    expect(ids).toMatchObject({
      group: OWN,
      workspace: WORKSPACE,
      sentinel: `${WORKSPACE}/providers/Microsoft.SecurityInsights/onboardingStates/default`,
      table: `${WORKSPACE}/tables/Fixture_CL`,
      identity: `${OTHER}/rg-elsewhere/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fixture`,
    });
  });

  test('options and both kinds of dependency are recorded', async () => {
    const { registrations } = await updated();
    const find = (name: string) => named(registrations, name);
    expect(find('workspace')).toMatchObject({ protect: true, retainOnDelete: true, ignoreChanges: [] });
    expect(find('table')).toMatchObject({ protect: false, ignoreChanges: ['plan'] });
    expect(find('table').dependencies).toContain(find('sentinel').urn);
    expect(find('table').propertyDependencies['workspaceName']).toEqual([find('workspace').urn]);
  });

  test('a secret is known by its path and stays secret in the outputs', async () => {
    const { registrations, outputSecrets, outputs } = await updated();
    const marked = registrations.flatMap(({ name, secretPaths }) => secretPaths.map((path) => `${name} ${path}`));
    expect(marked).toEqual(['workspace tags.note']);
    expect(outputSecrets).toEqual(['note']);
    expect(outputs['note']).toBe(SECRET);
  });

  test('outputs of resources and functions reach the program', async () => {
    const { outputs } = await updated();
    expect(outputs).toMatchObject({
      customerId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      adoptedId: `${OTHER}/rg-theirs/providers/Microsoft.OperationalInsights/workspaces/log-theirs`,
      subscription: '00000000-0000-4000-8000-000000000001',
    });
  });

  test('log lines leave out what the runner says for debugging, which repeats secrets', async () => {
    const { logs } = await planned({ program, config: { warn: 'once' }, secrets: { note: SECRET } });
    expect(logs).toEqual([{ severity: 2, message: 'warned: once' }]);
  });
});

test('a preview knows inputs, and neither ids nor outputs', async () => {
  const { registrations, outputs } = await planned({ program, preview: true, secrets: { note: SECRET } });
  expect(registrations.filter(({ id }) => id !== '')).toEqual([]);
  expect(outputs).toMatchObject({ customerId: UNKNOWN, subscription: '00000000-0000-4000-8000-000000000001' });
  const table = named(registrations, 'table');
  expect(table.inputs).toEqual({ resourceGroupName: UNKNOWN, workspaceName: UNKNOWN, tableName: 'Fixture_CL' });
});

test.for([
  { config: { fail: 'this' }, says: 'cannot: this' },
  { config: { ask: 'keys' }, says: 'no answer to the function azure-native:storage:listStorageAccountKeys' },
  { config: { twice: 'yes' }, says: 'two resources have the URN' },
])('a program that fails says why: $says', async ({ config, says }) => {
  const plan = await runOf({ program, config });
  expect(plan.exitCode).not.toBe(0);
  expect(plan.logs.map(({ message }) => message).join('\n') + plan.printed).toContain(says);
});

test('a dependency on what Azure does not keep stands for what that depends on', async () => {
  const resources = toArm(await updated());
  const last = named(resources, 'id-after');
  expect(last.dependsOn).toEqual([
    OWN,
    `${OTHER}/rg-elsewhere/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-fixture`,
  ]);
});

test('a request body keeps the envelope outside of properties', async () => {
  const workspace = named(toArm(await updated()), 'log-fixture');
  expect(workspace).toMatchObject({
    type: 'Microsoft.OperationalInsights/workspaces',
    apiVersion: '2023-09-01',
    id: WORKSPACE,
  });
  expect(workspace.body).toEqual({
    location: 'westeurope',
    tags: { note: SECRET },
    properties: { sku: { name: 'PerGB2018' } },
  });
});
