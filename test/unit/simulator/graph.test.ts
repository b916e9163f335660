import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GRAPH_CANARIES } from '../../../simulator/canaries.ts';
import { account, dormantUsers } from '../../../simulator/tenant/account.ts';
import { liveSwitches } from '../../../simulator/server/switches.ts';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import { all, batch, get, graphToken, people, send, shareId, type Body } from './graph-harness.ts';
import { accessToken, started } from './server-harness.ts';

const users = 150;
const tenant = people(users);
const running: Simulator[] = [];
async function start(options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = await started({ users, ...options });
  running.push(sim);
  return sim;
}
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});

let sim: Simulator;
let token: string;
beforeAll(async () => {
  sim = await started({ users });
  token = await graphToken(sim);
});
afterAll(() => sim.close());

const [first] = tenant.users;
const select = '$select=id,userPrincipalName';

describe('the environment', () => {
  it('names Graph in every set that signs in', () => {
    for (const env of [sim.env, sim.managedIdentityEnv, sim.certificateEnv, sim.federatedEnv, sim.splitEnv])
      expect(env['GRAPH_URL']).toBe(sim.graphUrl);
  });
});

describe('a token', () => {
  it.for(['https://graph.microsoft.com', 'own'] as const)('for %s is taken', async (scope) => {
    const own = await graphToken(sim, scope === 'own' ? sim.graphUrl : scope);
    expect((await get(sim, own, `/v1.0/users/${first?.id}?${select}`)).status).toBe(200);
  });

  it.for([
    ['absent', () => Promise.resolve(undefined)],
    ['of another audience', () => accessToken(sim)],
    ['for the feed of the simulator', () => accessToken(sim, { scope: `${sim.url}/.default` })],
    ['of nobody', () => Promise.resolve('a.b.c')],
  ] as const)('%s gets 401 in the envelope of Graph', async ([, toToken]) => {
    const answer = await get(sim, await toToken(), '/v1.0/users');
    expect([answer.status, answer.code]).toEqual([401, 'InvalidAuthenticationToken']);
    expect(answer.body).toEqual({
      error: {
        code: 'InvalidAuthenticationToken',
        message: expect.any(String),
        innerError: {
          date: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          'request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
          'client-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    });
    expect(answer.raw.headers['www-authenticate']).toMatch(/^Bearer /);
  });

  it('that has expired gets 401', async () => {
    const poor = await start({ switches: { tokenSeconds: 1 } });
    const short = await graphToken(poor);
    await new Promise((resolve) => setTimeout(resolve, 1100));
    expect((await get(poor, short, '/v1.0/users')).status).toBe(401);
    expect(poor.report().graph).toMatchObject({ unauthorized: 1, subRequests: { total: 0 } });
  });

  it('has no roles for a principal that is no reader', async () => {
    const poor = await start({ switches: { readers: ['source-application'] } });
    expect((await get(poor, await graphToken(poor), '/v1.0/users')).code).toBe('Authorization_RequestDenied');
    const reader = await accessToken(poor, {
      client_id: poor.sourceClientId,
      client_secret: poor.sourceClientSecret,
      scope: 'https://graph.microsoft.com/.default',
    });
    expect((await get(poor, reader, '/v1.0/users')).status).toBe(200);
  });
});

const [meeting] = tenant.meetings;
const [file] = tenant.files;
const needs: readonly (readonly [path: string, withoutOneOf: readonly string[], code: string])[] = [
  [`/v1.0/users/${first?.id}`, ['User.Read.All'], 'Authorization_RequestDenied'],
  ['/v1.0/users', ['User.Read.All'], 'Authorization_RequestDenied'],
  ['/v1.0/subscribedSkus', ['LicenseAssignment.Read.All'], 'Authorization_RequestDenied'],
  [`/v1.0/shares/${shareId(file?.url ?? '')}/driveItem`, ['Sites.Read.All', 'Files.Read.All'], 'accessDenied'],
  ['/v1.0/sites/contoso.sharepoint.com:/sites/nowhere', ['Sites.Read.All'], 'accessDenied'],
  [`/v1.0/users/${first?.id}/drive`, ['Sites.Read.All', 'Files.Read.All'], 'accessDenied'],
  [`/v1.0/chats/${meeting?.threadId}`, ['Chat.ReadBasic.All'], 'Forbidden'],
  [`/v1.0/users/${first?.id}/onlineMeetings/none`, ['OnlineMeetings.Read.All'], 'Forbidden'],
  ['/v1.0/security/dataSecurityAndGovernance/sensitivityLabels', ['SensitivityLabels.Read.All'], 'Forbidden'],
  ['/v1.0/copilot/admin/catalog/packages', ['CopilotPackages.Read.All'], 'Forbidden'],
  ["/v1.0/copilot/reports/getMicrosoft365CopilotUserCountTrend(period='D7')", ['Reports.Read.All'], 'S2SUnauthorized'],
];

describe('a permission', () => {
  it('that is missing is said by each service in its own words, while the others answer', async () => {
    for (const role of liveSwitches.graphRoles) {
      const graphRoles = liveSwitches.graphRoles.filter((one) => one !== role);
      const poor = await start({ switches: { graphRoles } });
      const theirs = await graphToken(poor);
      for (const [path, roles, code] of needs) {
        const answer = await get(poor, theirs, path);
        const isDenied = roles.length === 1 && roles[0] === role;
        expect([role, path, answer.status === 403 ? answer.code : ''], path).toEqual([
          role,
          path,
          isDenied ? code : '',
        ]);
      }
    }
  }, 30_000);

  it('is not had without any role, for anything', async () => {
    const poor = await start({ switches: { graphRoles: [] } });
    const theirs = await graphToken(poor);
    for (const [path, , code] of needs) {
      const answer = await get(poor, theirs, path);
      expect([path, answer.status, answer.code]).toEqual([path, 403, code]);
    }
  });

  it('of the default set does not reach the beta list of labels or the report settings', async () => {
    expect((await get(sim, token, '/beta/security/informationProtection/sensitivityLabels')).status).toBe(403);
    expect((await get(sim, token, '/v1.0/admin/reportSettings')).status).toBe(403);
  });
});

describe('a user', () => {
  const path = (id: string, query = ''): string => `/v1.0/users/${encodeURIComponent(id)}${query}`;

  it.for([
    ['id', (user: (typeof tenant.users)[number]) => user.id],
    ['user principal name', (user: (typeof tenant.users)[number]) => user.upn],
    ['name in another casing', (user: (typeof tenant.users)[number]) => user.upn.toUpperCase()],
  ] as const)('is found by %s, with what is selected and nothing else', async ([, toId]) => {
    for (const user of tenant.users.slice(0, 10)) {
      const { status, body } = await get(sim, token, path(toId(user), '?$select=id,userPrincipalName,department'));
      const department = user.guest ? null : user.department;
      expect([status, body]).toEqual([
        200,
        { '@odata.context': expect.any(String), id: user.id, userPrincipalName: user.upn, department },
      ]);
    }
  });

  it('comes without $select with the small default set, which holds what nobody should keep', async () => {
    const { body, raw } = await get(sim, token, path(first?.id ?? ''));
    expect(Object.keys(body).sort()).toEqual([
      '@odata.context',
      'businessPhones',
      'displayName',
      'givenName',
      'id',
      'jobTitle',
      'mail',
      'mobilePhone',
      'officeLocation',
      'preferredLanguage',
      'surname',
      'userPrincipalName',
    ]);
    expect(raw.body).toContain(GRAPH_CANARIES[1]);
    expect((await get(sim, token, path(first?.id ?? '', '?$select=id,mail'))).raw.body).not.toContain('canary');
  });

  it('brings the selected properties of the manager, and no manager key at the top', async () => {
    const query = '?$select=id&$expand=manager($select=id,userPrincipalName)';
    const led = tenant.users.find(({ managerId }) => managerId !== null);
    const manager = tenant.users.find(({ id }) => id === led?.managerId);
    expect((await get(sim, token, path(led?.id ?? '', query))).body).toEqual({
      '@odata.context': expect.any(String),
      id: led?.id,
      manager: { '@odata.type': '#microsoft.graph.user', id: manager?.id, userPrincipalName: manager?.upn },
    });
    expect(Object.keys((await get(sim, token, path(first?.id ?? '', query))).body)).not.toContain('manager');
  });

  it('who is a guest is found by the encoded name only: what follows a # never arrives', async () => {
    const guest = tenant.users.find((user) => user.guest);
    expect(guest?.upn).toContain('#EXT#');
    const { items, codes } = await batch(sim, token, [
      `/users/${encodeURIComponent(guest?.upn ?? '')}?$select=id,userType`,
      `/users/${guest?.upn}?$select=id,userType`,
    ]);
    expect(codes).toEqual(['200', '404 Request_ResourceNotFound']);
    expect(items[0]?.body).toMatchObject({ id: guest?.id, userType: 'Guest' });
  });

  it.for([
    ['nobody@contoso.example', '', 404, 'Request_ResourceNotFound'],
    ['00000000-0000-4000-8000-000000000000', '', 404, 'Request_ResourceNotFound'],
    [tenant.securityCopilot.agentUser.upn, '', 404, 'Request_ResourceNotFound'],
    ['Not Available', '', 400, 'Request_BadRequest'],
    [first?.id ?? '', '?$select=id,shoeSize', 400, 'BadRequest'],
    [first?.id ?? '', '?$expand=friends', 400, 'BadRequest'],
    [first?.id ?? '', '?$expand=manager($select=shoeSize)', 400, 'BadRequest'],
    [first?.id ?? '', "?$filter=shoeSize eq '44'", 400, 'BadRequest'],
  ] as const)('%s%s gets %i %s', async ([id, query, status, code]) => {
    const answer = await get(sim, token, path(id, query.replaceAll(' ', '%20')));
    expect([answer.status, answer.code]).toEqual([status, code]);
  });

  it('is licensed exactly when a Copilot plan is enabled or in its grace period; some have plans that ended', async () => {
    const skus = await all(sim, token, '/v1.0/subscribedSkus');
    const plans = skus.flatMap((sku) => sku['servicePlans'] as readonly Body[]);
    const copilot = new Set(
      plans.filter(({ servicePlanName: name }) => /copilot/i.test(String(name))).map((one) => one['servicePlanId']),
    );
    expect(copilot.size).toBe(8);
    const found = await all(sim, token, '/v1.0/users?$select=id,accountEnabled,assignedPlans,userType&$top=999');
    const byId = new Map(found.map((user) => [user['id'], user]));
    const statuses = new Set<unknown>();
    for (const user of tenant.users) {
      const assigned = byId.get(user.id)?.['assignedPlans'] as readonly Body[];
      for (const plan of assigned) statuses.add(plan['capabilityStatus']);
      const good = assigned.some(
        (plan) => copilot.has(plan['servicePlanId']) && /Enabled|Warning/.test(String(plan['capabilityStatus'])),
      );
      expect([user.id, good]).toEqual([user.id, user.licensed]);
      expect(byId.get(user.id)?.['accountEnabled']).toBe(account(tenant.seed, user).accountEnabled);
    }
    expect(statuses).toEqual(new Set(['Deleted', 'Enabled', 'Suspended', 'Warning']));
    expect(found.filter((user) => user['accountEnabled'] === false).length).toBeGreaterThan(0);
    expect(found).toHaveLength(users + dormantUsers(tenant.seed, tenant.users).length);
  });

  it('is on one page of many, each once, and never more than 999 on a page', async () => {
    const ids = (await all(sim, token, '/v1.0/users?$select=id&$top=7')).map((user) => user['id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(users);
    expect((await get(sim, token, '/v1.0/users?$top=1000')).status).toBe(400);
    expect((await get(sim, token, '/v1.0/users?$skiptoken=garbage')).status).toBe(400);
  });
});

describe('a path', () => {
  it.for([
    ['GET', '/v1.0/nowhere', 404],
    ['GET', '/v2.0/users', 404],
    ['GET', '/v1.0/users/a/b/c/d', 404],
    ['GET', '/v1.0/users/%E0%A4%A', 400],
    ['GET', '/v1.0/$batch', 405],
    ['DELETE', `/v1.0/users/${first?.id}`, 405],
  ] as const)('%s %s gets %i in the envelope of Graph', async ([method, path, status]) => {
    const answer = await send(sim, token, method, path, '');
    expect([answer.status, answer.code === '']).toEqual([status, false]);
  });

  it('that changes something is refused, and is a violation', async () => {
    const own = await start({ switches: { graphRoles: ['ReportSettings.Read.All', 'ReportSettings.ReadWrite.All'] } });
    const theirs = await graphToken(own);
    expect((await get(own, theirs, '/v1.0/admin/reportSettings')).body).toMatchObject({ displayConcealedNames: false });
    expect(own.report().graph.violations).toEqual([]);
    const patch = await send(own, theirs, 'PATCH', '/v1.0/admin/reportSettings', { displayConcealedNames: false });
    expect(patch.status).toBe(403);
    expect(own.report().graph).toMatchObject({ writes: 1, violations: [expect.stringContaining('change the tenant')] });
  });
});

describe('a batch', () => {
  const one = { id: '1', method: 'GET', url: `/users/${first?.id}?${select}` };
  const refusals: readonly (readonly [string, unknown, string])[] = [
    ['of nothing', { requests: [] }, 'BadRequest'],
    ['without requests', {}, 'BadRequest'],
    ['that is no JSON', '{"requests":[', 'BadRequest'],
    [
      'of 21',
      { requests: Array.from({ length: 21 }, (_, id) => ({ ...one, id: String(id) })) },
      'MaximumValueExceeded',
    ],
    ['with an id twice', { requests: [one, one] }, 'BadRequest'],
    ['with a number as id', { requests: [{ ...one, id: 1 }] }, 'BadRequest'],
    ['without a method', { requests: [{ id: '1', url: one.url }] }, 'BadRequest'],
    ['with an absolute url', { requests: [{ ...one, url: 'https://graph.microsoft.com/v1.0/users' }] }, 'BadRequest'],
    ['inside a batch', { requests: [{ ...one, method: 'POST', url: '/$batch' }] }, 'BadRequest'],
  ];
  it.for(refusals)('%s is refused as a whole', async ([, body, code]) => {
    const answer = await send(sim, token, 'POST', '/v1.0/$batch', body);
    expect([answer.status, answer.code]).toEqual([400, code]);
  });

  it('that is not said to be JSON is refused', async () => {
    const answer = await send(
      sim,
      token,
      'POST',
      '/v1.0/$batch',
      { requests: [one] },
      { 'Content-Type': 'text/plain' },
    );
    expect(answer.status).toBe(400);
  });

  it('of 20 gives each its own status, headers and body, with or without a leading slash', async () => {
    const urls = Array.from(
      { length: 18 },
      (_, nth) => `${nth % 2 === 0 ? '/' : ''}users/${tenant.users[nth]?.id}?${select}`,
    );
    const { answer, items, codes } = await batch(sim, token, [...urls, '/users/nobody', '/admin/reportSettings']);
    expect(answer.status).toBe(200);
    expect(codes).toEqual([...urls.map(() => '200'), '404 Request_ResourceNotFound', '403 Forbidden']);
    urls.forEach((_, nth) => expect(items[nth]?.body['id']).toBe(tenant.users[nth]?.id));
    expect(items[0]?.headers['Content-Type']).toMatch(/^application\/json/);
    const order = (answer.body['responses'] as readonly { id: string }[]).map(({ id }) => Number(id));
    expect(order).not.toEqual([...order].sort((a, b) => a - b));
  });

  it('is answered by the percent-encoded path, too, and needs a good token as a whole', async () => {
    expect((await send(sim, token, 'POST', '/beta/%24batch', { requests: [one] })).status).toBe(200);
    expect((await send(sim, 'a.b.c', 'POST', '/v1.0/$batch', { requests: [one] })).status).toBe(401);
  });

  it('holds a stream as base64 text', async () => {
    const { items } = await batch(sim, token, ["/copilot/reports/getMicrosoft365CopilotUserCountSummary(period='D7')"]);
    expect(Buffer.from(items[0]?.body as unknown as string, 'base64').toString()).toMatch(
      /^\uFEFFReport Refresh Date,/,
    );
  });
});

describe('limits', () => {
  it('refuse single requests inside a batch that is good itself, by resource units, and say when to come back', async () => {
    const poor = await start({ switches: { graphRequestsPer10s: 12 } });
    const theirs = await graphToken(poor);
    const cheap = `/users/${first?.id}?$select=id`;
    const dear = `/users/${first?.id}?$select=id&$expand=manager($select=id)`;
    // 3 + 4 x 2 + 1 = 12, and no more.
    const { answer, items, codes } = await batch(poor, theirs, [
      '/subscribedSkus',
      dear,
      dear,
      dear,
      dear,
      cheap,
      cheap,
    ]);
    expect(answer.status).toBe(200);
    expect(codes).toEqual(['200', '200', '200', '200', '200', '200', '429 TooManyRequests']);
    expect(Number(items[6]?.headers['Retry-After'])).toBeGreaterThanOrEqual(1);
    expect(Number(items[6]?.headers['Retry-After'])).toBeLessThanOrEqual(10);
  });

  it('of Teams count by second', async () => {
    const poor = await start({ switches: { teamsRequestsPerSecond: 2 } });
    const path = `/chats/${meeting?.threadId}?$select=id`;
    const { codes } = await batch(poor, await graphToken(poor), [path, path, path, `/users/${first?.id}`]);
    expect(codes.filter((code) => code === '429 TooManyRequests')).toHaveLength(1);
    expect(codes[3]).toBe('200');
  });

  it('of latency hold each HTTP request back, not each of a batch', async () => {
    const slow = await start({ switches: { graphLatencyMs: 150 } });
    const theirs = await graphToken(slow);
    const began = performance.now();
    await batch(
      slow,
      theirs,
      Array.from({ length: 20 }, () => `/users/${first?.id}?${select}`),
    );
    expect(performance.now() - began).toBeGreaterThan(145);
    expect(performance.now() - began).toBeLessThan(1500);
  });
});

describe('the report', () => {
  it('takes the pages of a list for different things', async () => {
    const own = await start();
    await all(own, await graphToken(own), '/v1.0/users?$select=id&$top=50');
    const { keys } = own.report().graph;
    expect(keys['users']?.distinct).toBeGreaterThan(2);
    expect(keys['users']?.repeated).toBe(0);
  });

  it('counts requests, batches, sub-requests by kind, and keys that were looked up again under any spelling', async () => {
    const own = await start();
    const theirs = await graphToken(own);
    await batch(own, theirs, [`/users/${first?.id}?${select}`, `/users/${first?.upn}`, '/users/nobody', '/nowhere']);
    await get(own, theirs, '/v1.0/subscribedSkus');
    expect(own.report().graph).toEqual({
      requests: 2,
      batches: 1,
      subRequests: { total: 5, byKind: { user: 3, unknown: 1, skus: 1 } },
      statuses: { '200': 3, '404': 2 },
      keys: {
        user: { distinct: 2, repeated: 1 },
        unknown: { distinct: 1, repeated: 0 },
        skus: { distinct: 1, repeated: 0 },
      },
      peakPer10s: 5,
      unauthorized: 0,
      reportDownloads: 0,
      tokensAtReportHost: 0,
      writes: 0,
      violations: [],
    });
  });
});
