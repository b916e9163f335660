import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { createHash, createPrivateKey, randomUUID, X509Certificate } from 'node:crypto';
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from '@azure/identity';
import { createRemoteJWKSet, jwtVerify, SignJWT, type JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Simulator } from '../../../simulator/simulator.ts';
import { accessToken, ask, feedPath, json, started, tokenAnswer } from './server-harness.ts';

let sim: Simulator;
beforeAll(async () => {
  sim = await started({});
  setDefaultCACertificates([...getCACertificates('default'), sim.ca]);
});
afterAll(() => sim.close());

const scope = 'https://manage.office.com/.default';
const authority = () => ({ authorityHost: sim.url, disableInstanceDiscovery: true });
const claimsOf = (jwt: string): JWTPayload => json(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
const canRead = async (token: string): Promise<number> =>
  (await ask(sim, feedPath(sim, 'subscriptions/list'), { token })).status;

test('ClientSecretCredential gets a token that the feed accepts', async () => {
  const credential = new ClientSecretCredential(sim.tenantId, sim.clientId, sim.clientSecret, authority());
  const { token, expiresOnTimestamp } = await credential.getToken(scope);
  expect(await canRead(token)).toBe(200);
  expect(claimsOf(token)).toMatchObject({
    aud: 'https://manage.office.com',
    tid: sim.tenantId,
    appid: sim.clientId,
    roles: ['ActivityFeed.Read'],
  });
  expect(expiresOnTimestamp - Date.now()).toBeGreaterThan(3_500_000);
});

test('ClientCertificateCredential gets a token that the feed accepts', async () => {
  const credential = new ClientCertificateCredential(sim.tenantId, sim.clientId, sim.certificatePath, authority());
  expect(await canRead((await credential.getToken(scope)).token)).toBe(200);
});

test('ManagedIdentityCredential gets a token that the feed accepts', async () => {
  vi.stubEnv('IDENTITY_ENDPOINT', sim.managedIdentityEnv['IDENTITY_ENDPOINT']);
  vi.stubEnv('IDENTITY_HEADER', sim.managedIdentityEnv['IDENTITY_HEADER']);
  const credential = new ManagedIdentityCredential({ clientId: sim.clientId });
  expect(await canRead((await credential.getToken(scope)).token)).toBe(200);
  vi.unstubAllEnvs();
});

test('a federated credential is the token of the managed identity for the exchange audience', async () => {
  const exchange = async (resource: string): Promise<string> => {
    const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: header = '' } = sim.managedIdentityEnv;
    const answer = await fetch(`${endpoint}?api-version=2019-08-01&resource=${encodeURIComponent(resource)}`, {
      headers: { 'X-IDENTITY-HEADER': header },
    });
    return json<{ access_token: string }>(await answer.text()).access_token;
  };
  const with_ = (resource: string) =>
    new ClientAssertionCredential(sim.tenantId, sim.clientId, () => exchange(resource), authority());
  expect(await canRead((await with_('api://AzureADTokenExchange').getToken(scope)).token)).toBe(200);
  await expect(with_('https://manage.office.com').getToken(scope)).rejects.toThrow(/AADSTS700211.*sts\.windows\.net/);
});

test('the token is signed by the published key and issued by sts.windows.net', async () => {
  const keys = createRemoteJWKSet(new URL(`${sim.url}/${sim.tenantId}/discovery/v2.0/keys`));
  const { payload } = await jwtVerify(await accessToken(sim), keys, {
    issuer: `https://sts.windows.net/${sim.tenantId}/`,
  });
  expect(payload['ver']).toBe('1.0');
});

const refusals: readonly (readonly [string, Readonly<Record<string, string>>, number, number, string])[] = [
  ['a wrong secret', { client_secret: 'wrong' }, 401, 7000215, 'invalid_client'],
  ['no secret', { client_secret: '' }, 401, 7000216, 'invalid_client'],
  ['an unknown application', { client_id: randomUUID() }, 400, 700016, 'unauthorized_client'],
  ['another grant', { grant_type: 'password' }, 400, 70003, 'unsupported_grant_type'],
  ['no scope', { scope: '' }, 400, 900144, 'invalid_request'],
  [
    'a scope without /.default',
    { scope: 'https://manage.office.com/ActivityFeed.Read' },
    400,
    1002012,
    'invalid_scope',
  ],
  ['a resource nobody knows', { scope: 'https://api.contoso.example/.default' }, 400, 500011, 'invalid_resource'],
];
test.for(refusals)('refuses %s', async ([, form, status, number, error]) => {
  const answer = await tokenAnswer(sim, form);
  expect(answer.status).toBe(status);
  expect(JSON.parse(answer.body)).toMatchObject({
    error,
    error_codes: [number],
    error_description: expect.stringMatching(new RegExp(`^AADSTS${number}: .*Trace ID: .*Timestamp: \\d{4}-`)),
    trace_id: expect.any(String),
    correlation_id: expect.any(String),
  });
});

test('refuses a tenant that does not exist, at discovery and at the token endpoint', async () => {
  for (const path of ['v2.0/.well-known/openid-configuration', 'oauth2/v2.0/token']) {
    const answer = await ask(sim, `/${randomUUID()}/${path}`);
    expect([answer.status, json<{ error_codes: number[] }>(answer.body).error_codes]).toEqual([400, [90002]]);
  }
});

async function assertion(change: {
  readonly alg?: string;
  readonly header?: object;
  readonly payload?: object;
  readonly expiresIn?: number;
}): Promise<number | undefined> {
  const pem = await readFile(sim.certificatePath, 'utf8');
  const thumbprint = createHash('sha256').update(new X509Certificate(pem.slice(pem.indexOf('-----BEGIN CERT'))).raw);
  const seconds = Math.floor(Date.now() / 1000);
  const jwt = await new SignJWT({
    aud: `${sim.url}/${sim.tenantId}/oauth2/v2.0/token`,
    iss: sim.clientId,
    sub: sim.clientId,
    jti: randomUUID(),
    exp: seconds + (change.expiresIn ?? 300),
    ...change.payload,
  })
    .setProtectedHeader({ alg: change.alg ?? 'PS256', 'x5t#S256': thumbprint.digest('base64url'), ...change.header })
    .sign(createPrivateKey(pem));
  const answer = await tokenAnswer(sim, {
    client_secret: '',
    client_assertion: jwt,
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
  });
  return json<{ error_codes?: number[] }>(answer.body).error_codes?.[0];
}

test('accepts PS256 and RS256 assertions and refuses every other flaw', async () => {
  expect(await assertion({})).toBeUndefined();
  expect(await assertion({ alg: 'RS256' })).toBeUndefined();
  expect(await assertion({ alg: 'PS384' })).toBe(700027);
  expect(await assertion({ header: { 'x5t#S256': 'other' } })).toBe(700027);
  expect(await assertion({ payload: { aud: 'https://login.microsoftonline.com/other' } })).toBe(700027);
  expect(await assertion({ payload: { sub: randomUUID() } })).toBe(700027);
  expect(await assertion({ payload: { iss: randomUUID() } })).toBe(700027);
  expect(await assertion({ expiresIn: -310 })).toBe(700024);
});

test('the identity endpoint wants its header, its api-version, a known resource and its own client id', async () => {
  const { IDENTITY_ENDPOINT: endpoint, IDENTITY_HEADER: secret = '' } = sim.managedIdentityEnv;
  const get = async (query: string, header = secret): Promise<number> =>
    (await fetch(`${endpoint}?${query}`, { headers: { 'X-IDENTITY-HEADER': header } })).status;
  const good = 'api-version=2019-08-01&resource=https%3A%2F%2Fmonitor.azure.com';
  expect(await get(good)).toBe(200);
  expect(await get(`${good}&client_id=${sim.clientId}`)).toBe(200);
  expect(await get(good, 'wrong')).toBe(401);
  expect(await get(good.replace('2019', '2017'))).toBe(400);
  expect(await get(good.replace('monitor', 'unknown'))).toBe(400);
  expect(await get(`${good}&client_id=${randomUUID()}`)).toBe(400);
});
