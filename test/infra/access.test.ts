/** Who gives collectors their permissions in Microsoft 365: the program, or an admin with the lines it writes. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { permissions } from '../../collector/permissions.ts';
import { accessProblems } from '../../infra/access.ts';
import { permissionsFor } from '../../infra/directory.ts';
import { keyOf } from '../../infra/names.ts';
import { appRoleIds } from '../../infra/plan/app-roles.ts';
import type { Plan } from '../../infra/plan/plan.ts';
import type { Reading, Tenant } from '../../infra/types.ts';
import { configurations } from './configurations.ts';
import { IMAGE, named, planned, runOf, SECRET, TENANT_A, TENANT_B } from './runs.ts';

const CLIENT = '00000000-0000-4000-8000-0000000000c1';
const OWN = '00000000-0000-4000-8000-00000000000a';
const assignments = (plan: Plan): Plan['registrations'] =>
  plan.registrations.filter(({ type }) => type.endsWith(':AppRoleAssignment'));
const trusts = (plan: Plan): Plan['registrations'] =>
  plan.registrations.filter(({ type }) => type.endsWith(':ApplicationFederatedIdentityCredential'));
const consentOf = (plan: Plan): Readonly<Record<string, readonly string[]>> =>
  plan.outputs['consent'] as Record<string, string[]>;
const identityOf = (plan: Plan): Plan['registrations'][number] | undefined =>
  plan.registrations.find(({ type }) => type.endsWith(':UserAssignedIdentity'));
/** What a tenant that says nothing is read for. */
const usual: Reading = {
  sources: ['activity-feed'],
  enrich: ['users', 'labels', 'agents'],
  optionalPermissions: [],
  licensePlanIds: undefined,
  licensePlanNames: undefined,
  usagePeriods: undefined,
};
const GRAPH = '00000003-0000-0000-c000-000000000000';
/** Roles that a plan assigns, by name. */
const assignedRoles = (plan: Plan): readonly string[] =>
  assignments(plan).map(({ inputs }) => {
    const known = Object.values(appRoleIds).flatMap(({ roles }) => Object.entries(roles));
    return known.find(([, id]) => id === inputs['appRoleId'])?.[0] ?? String(inputs['appRoleId']);
  });
const tenant = (rest: Partial<Tenant>): Tenant => ({
  id: OWN,
  key: '00000000',
  name: OWN,
  ...usual,
  credential: { kind: 'managed-identity' },
  workspace: undefined,
  ...rest,
});

describe('permissions', () => {
  it.for<[string, Partial<Reading>, readonly string[]]>([
    ['nothing', { sources: [], enrich: [] }, []],
    ['the feed alone', { enrich: [] }, ['ActivityFeed.Read']],
    [
      'the default',
      {},
      ['ActivityFeed.Read', 'User.Read.All', 'SensitivityLabels.Read.All', 'CopilotPackages.Read.All'],
    ],
    [
      'usage reports',
      { sources: ['activity-feed', 'usage-report'], enrich: [] },
      ['ActivityFeed.Read', 'Reports.Read.All'],
    ],
    ['files', { enrich: ['files'] }, ['ActivityFeed.Read', 'Sites.Read.All']],
    ['meetings', { enrich: ['meetings'] }, ['ActivityFeed.Read', 'Chat.ReadBasic.All']],
    [
      'the older list of labels, wanted by name',
      { enrich: ['labels'], optionalPermissions: ['InformationProtectionPolicy.Read.All'] },
      ['ActivityFeed.Read', 'SensitivityLabels.Read.All', 'InformationProtectionPolicy.Read.All'],
    ],
    [
      'an optional one whose enricher is off',
      { enrich: ['files'], optionalPermissions: ['InformationProtectionPolicy.Read.All'] },
      ['ActivityFeed.Read', 'Sites.Read.All'],
    ],
  ])('are those of sources and enrichers, and no others: %s', ([, rest, roles]) => {
    expect(permissionsFor({ ...usual, ...rest }).map(({ role }) => role)).toEqual(roles);
  });

  it('that read content or find meetings are never asked for by default, nor is any optional one', () => {
    const roles = permissionsFor(usual).map(({ role }) => role);
    const optional = permissions.filter(({ isOptional }) => isOptional === true).map(({ role }) => role);
    expect(optional.length).toBeGreaterThan(2);
    for (const role of [...optional, 'Sites.Read.All', 'Chat.ReadBasic.All', 'Reports.Read.All'])
      expect(roles).not.toContain(role);
  });

  it('are all known to the stand-in, by the ids of Microsoft', () => {
    for (const { role, apiAppId } of permissions)
      expect(appRoleIds[apiAppId]?.roles[role], role).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });
});

describe('with entra.mode=assign', { timeout: 120_000 }, () => {
  it('a managed identity gets its roles, looked up by value, and nobody has to do anything', async () => {
    const plan = await planned(configurations.new);
    const wanted = permissionsFor(usual);
    expect(wanted.length).toBeGreaterThan(1);
    expect(assignments(plan).map(({ inputs }) => inputs)).toEqual(
      wanted.map(({ role, apiAppId }) => ({
        appRoleId: appRoleIds[apiAppId]?.roles[role],
        principalObjectId: identityOf(plan)?.outputs['principalId'],
        resourceObjectId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
      })),
    );
    const lookedUp = plan.invokes.filter(({ token }) => token.includes('getServicePrincipal'));
    expect(lookedUp.map(({ inputs }) => inputs['clientId'])).toEqual([
      ...new Set(wanted.map(({ apiAppId }) => apiAppId)),
    ]);
    expect(consentOf(plan)).toEqual({});
  });

  it('a tenant that wants more gets the roles of that, and one that wants less has fewer', async () => {
    const rest = { id: OWN, enrich: ['users', 'files', 'meetings'], licensePlanNames: ['*COPILOT*'] };
    const optionalPermissions = ['LicenseAssignment.Read.All', 'OnlineMeetings.Read.All'];
    const more = { ...rest, sources: ['activity-feed', 'usage-report'], optionalPermissions };
    expect(assignedRoles(await planned({ config: { 'image.ref': IMAGE, tenants: [more] } })).toSorted()).toEqual([
      'ActivityFeed.Read',
      'Chat.ReadBasic.All',
      'LicenseAssignment.Read.All',
      'OnlineMeetings.Read.All',
      'Reports.Read.All',
      'Sites.Read.All',
      'User.Read.All',
    ]);
    const less = await planned({ config: { 'image.ref': IMAGE, tenants: [{ id: OWN, enrich: [] }] } });
    expect(assignedRoles(less)).toEqual(['ActivityFeed.Read']);
  });

  it('a government tenant is asked for nothing that its cloud does not offer', async () => {
    const roles = assignedRoles(await planned(configurations.government));
    expect(roles).toEqual(['ActivityFeed.Read', 'User.Read.All', 'SensitivityLabels.Read.All']);
  });

  it('an application trusts the identity; its roles are for an admin of its tenant', async () => {
    const plan = await planned(configurations.tenants);
    expect(assignments(plan)).toEqual([]);
    const identities = plan.registrations.filter(({ type }) => type.endsWith(':UserAssignedIdentity'));
    expect(trusts(plan).map(({ inputs }) => inputs['subject'])).toEqual(
      identities.map(({ outputs }) => outputs['principalId']),
    );
    for (const { inputs } of trusts(plan))
      expect(inputs).toMatchObject({
        issuer: `https://login.microsoftonline.com/${plan.around.tenantId}/v2.0`,
        audiences: ['api://AzureADTokenExchange'],
      });
    expect(Object.keys(consentOf(plan)).toSorted()).toEqual([TENANT_A, TENANT_B]);
  });

  it('without a client id each tenant has an application of its own, which asks for no more than its collector uses', async () => {
    const plan = await planned(configurations.registered);
    const wanted = [
      { id: TENANT_A, reading: usual },
      { id: TENANT_B, reading: { ...usual, enrich: ['labels'] } },
    ];
    for (const { id, reading } of wanted) {
      const key = keyOf(id);
      const application = named(plan.registrations, `application-${key}`);
      expect(application.inputs).toMatchObject({
        signInAudience: 'AzureADMultipleOrgs',
        web: { redirectUris: ['https://portal.azure.com/'] },
      });
      const asked = application.inputs['requiredResourceAccesses'] as readonly {
        readonly resourceAccesses: readonly { readonly id: string; readonly type: string }[];
      }[];
      expect(asked.flatMap(({ resourceAccesses }) => resourceAccesses)).toEqual(
        permissionsFor(reading).map(({ role, apiAppId }) => ({ id: appRoleIds[apiAppId]?.roles[role], type: 'Role' })),
      );
      // It trusts the identity of this collector alone, and the collector signs in as it.
      const trust = trusts(plan).filter(({ inputs }) => inputs['applicationId'] === application.id);
      const identity = named(plan.registrations, `identity-${key}`).outputs['principalId'];
      expect(trust.map(({ inputs }) => inputs['subject'])).toEqual([identity]);
      const clientId = String(application.outputs['clientId']);
      const variables = JSON.stringify(named(plan.registrations, `collector-${key}`).inputs);
      expect(variables).toMatch(
        new RegExp(`"SOURCE_CLIENT_ID"[^}]*"${clientId}"|"${clientId}"[^}]*"SOURCE_CLIENT_ID"`),
      );
      expect((plan.outputs['consentLinks'] as Record<string, string>)[id]).toBe(
        `https://login.microsoftonline.com/${id}/adminconsent?client_id=${clientId}&redirect_uri=https%3A%2F%2Fportal.azure.com%2F`,
      );
      expect(consentOf(plan)[id]?.join('\n')).toContain(`application ${clientId} gets ActivityFeed.Read`);
    }
  });

  const OFFICE = permissions.find(({ neededBy }) => neededBy === 'activity-feed')?.apiAppId ?? '';
  it.for([
    ['new', OFFICE, `az ad sp create --id ${OFFICE}`],
    ['federated', CLIENT, 'register it there'],
  ] as const)('what the tenant lacks is said before anything is registered: %s', async ([name, absent, remedy]) => {
    const plan = await runOf({ ...configurations[name], around: { absentApplications: [absent] } });
    expect(plan.exitCode).not.toBe(0);
    expect(plan.logs.map(({ message }) => message).join()).toContain(remedy);
    expect(plan.registrations.filter(({ type }) => type !== 'pulumi:pulumi:Stack')).toEqual([]);
  });

  it.for(['secret', 'certificate'] as const)('an application with a %s is left to an admin', async (name) => {
    const plan = await planned(configurations[name]);
    expect(plan.registrations.filter(({ type }) => type.startsWith('azuread:'))).toEqual([]);
    const lines = consentOf(plan)[TENANT_A]?.join('\n') ?? '';
    expect(lines).toContain(
      `application ${CLIENT} gets ActivityFeed.Read (Office 365 Management APIs), User.Read.All (Microsoft Graph)`,
    );
    expect(lines).not.toContain(SECRET);
  });
});

const manual: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'a managed identity': {},
  'a federated application': { tenants: [{ id: TENANT_A, credential: 'federated', clientId: CLIENT }] },
};
describe('with entra.mode=manual', { timeout: 120_000 }, () => {
  it.for(Object.entries(manual))('no provider of Microsoft Entra is used: %s', async ([, config]) => {
    const plan = await planned({ config: { 'image.ref': IMAGE, 'entra.mode': 'manual', ...config } });
    const types = [...plan.registrations.map(({ type }) => type), ...plan.invokes.map(({ token }) => token)];
    expect(types.filter((type) => /azuread/.test(type))).toEqual([]);
  });

  it('what an admin is told to run assigns what assign would', async () => {
    const plan = await planned(configurations.manual);
    const calls = await runLines(consentOf(plan)[OWN] ?? []);
    const posts = calls.filter(({ method }) => method === 'POST');
    expect(new Set(permissionsFor(usual).map(({ apiAppId }) => apiAppId))).toContain(GRAPH);
    expect(posts).toEqual(
      permissionsFor(usual).map(({ apiAppId, role }) => ({
        method: 'POST',
        url: `https://graph.microsoft.com/v1.0/servicePrincipals/${String(identityOf(plan)?.outputs['principalId'])}/appRoleAssignments`,
        body: {
          principalId: identityOf(plan)?.outputs['principalId'],
          resourceId: `object-of-${apiAppId}`,
          appRoleId: `id-of-${role}`,
        },
      })),
    );
  });

  it('a federated application is made to trust the identity first, then gets its roles', async () => {
    const plan = await planned({
      config: { 'image.ref': IMAGE, 'entra.mode': 'manual', ...manual['a federated application'] },
    });
    const posts = (await runLines(consentOf(plan)[TENANT_A] ?? [])).filter(({ method }) => method === 'POST');
    expect(posts.map(({ url }) => url.replace('https://graph.microsoft.com/v1.0/', ''))).toEqual([
      `applications(appId='${CLIENT}')/federatedIdentityCredentials`,
      ...permissionsFor(usual).map(() => `servicePrincipals/object-of-${CLIENT}/appRoleAssignments`),
    ]);
    expect(posts[0]?.body).toMatchObject({
      issuer: `https://login.microsoftonline.com/${plan.around.tenantId}/v2.0`,
      subject: identityOf(plan)?.outputs['principalId'],
      audiences: ['api://AzureADTokenExchange'],
    });
  });

  it('in a government cloud its hosts are named', async () => {
    const { config } = configurations.government;
    const plan = await planned({ config: { ...config, 'entra.mode': 'manual' } });
    const lines = Object.values(consentOf(plan)).flat();
    expect(lines[0]).toBe('az cloud set --name AzureUSGovernment');
    expect(lines.join('\n')).toContain('https://graph.microsoft.us/v1.0/');
    expect(lines.join('\n')).not.toContain('graph.microsoft.com');
  });
});

describe('a way to read that cannot work', () => {
  it.for<[string, readonly Tenant[], Parameters<typeof accessProblems>[1], RegExp]>([
    [
      'a managed identity in another tenant',
      [tenant({ id: TENANT_A, name: 'Contoso' })],
      'commercial',
      /Contoso.*its own tenant only.*choose the credential federated/,
    ],
    [
      'a federated credential in a government cloud',
      [tenant({ credential: { kind: 'federated', clientId: CLIENT } })],
      'gcc-high',
      /gcc-high.*choose certificate or secret/,
    ],
    [
      'one application that trusts 21 identities',
      Array.from({ length: 21 }, () => tenant({ credential: { kind: 'federated', clientId: CLIENT } })),
      'commercial',
      /more than 20 identities: use a second application/,
    ],
    [
      'an application to be registered where nothing of Entra may be',
      [tenant({ id: TENANT_A, credential: { kind: 'federated', clientId: undefined } })],
      'commercial',
      /entra\.mode=manual leaves to you: register one \(multitenant\) and set clientId/,
    ],
    [
      'an application for the own tenant',
      [tenant({ credential: { kind: 'federated', clientId: undefined } })],
      'commercial',
      /tenant of the subscription: choose the credential managed-identity/,
    ],
  ])('is told: %s', ([, tenants, cloud, message]) => {
    const problems = accessProblems(tenants, cloud, OWN, 'manual');
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
  });

  it('is none where it can', () => {
    const twenty = Array.from({ length: 20 }, () => tenant({ credential: { kind: 'federated', clientId: CLIENT } }));
    expect(accessProblems([tenant({}), ...twenty], 'gcc', OWN.toUpperCase(), 'manual')).toEqual([]);
    // Registered ones trust one identity each.
    const more = Array.from({ length: 21 }, () =>
      tenant({ id: TENANT_A, credential: { kind: 'federated', clientId: undefined } }),
    );
    expect(accessProblems(more, 'gcc', OWN)).toEqual([]);
  });
});

interface Call {
  readonly method: string;
  readonly url: string;
  readonly body: unknown;
}

/** Runs lines in bash with a stand-in for az that knows every application, and returns the calls of Graph in order. */
async function runLines(lines: readonly string[]): Promise<readonly Call[]> {
  const directory = await mkdtemp(join(tmpdir(), 'copilot-sentinel-az-'));
  try {
    const log = join(directory, 'calls');
    const script = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const given = process.argv.slice(2);
const at = (name) => given[given.indexOf(name) + 1];
if (given[0] === 'rest') {
  if (at('--resource') !== new URL(at('--url')).origin + '/') process.exit(3);
  const method = at('--method');
  const body = method === 'POST' ? JSON.parse(at('--body')) : null;
  appendFileSync(${JSON.stringify(log)}, JSON.stringify({ method, url: at('--url'), body }) + '\\n');
  const role = /value=='([^']+)'/.exec(at('--query'));
  const app = /appId='([^']+)'/.exec(at('--url'));
  if (method === 'GET') console.log(role ? 'id-of-' + role[1] : 'object-of-' + app[1]);
} else if (!['login', 'ad', 'cloud'].includes(given[0])) process.exit(2);
`;
    await writeFile(join(directory, 'az'), script, { mode: 0o755 });
    const ran = spawnSync('bash', ['-eu', '-o', 'pipefail'], {
      input: lines.join('\n'),
      encoding: 'utf8',
      env: { PATH: `${directory}${delimiter}${process.env['PATH']}` },
    });
    expect(ran.status, `${ran.stdout}${ran.stderr}`).toBe(0);
    const text = await readFile(log, 'utf8');
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Call);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
