import { generateKeyPair, SignJWT } from 'jose';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exchangeAudience, exchangeIssuer } from '../../../simulator/server/trust.ts';
import { simulator, type Simulator } from '../../../simulator/simulator.ts';

const PROVIDER = '00000000-0000-4000-8000-0000000000f1';
const SUBJECT = '00000000-0000-4000-8000-0000000000f2';
const keys = await generateKeyPair('RS256');
const others = await generateKeyPair('RS256');
let sim: Simulator;

beforeAll(async () => {
  const trust = { issuer: exchangeIssuer(PROVIDER), subject: SUBJECT, audience: exchangeAudience };
  sim = await simulator({ users: 5, days: 1, trusts: [{ ...trust, publicKey: keys.publicKey }] });
});
afterAll(() => sim.close());

interface Assertion {
  readonly issuer?: string;
  readonly subject?: string;
  readonly audience?: string;
  readonly key?: typeof keys.privateKey;
  readonly expires?: number;
}

/** What Entra answers to an assertion of the provider's managed identity, changed in one thing. */
async function exchanged({
  issuer = exchangeIssuer(PROVIDER),
  subject = SUBJECT,
  audience = exchangeAudience,
  key = keys.privateKey,
  expires = Math.floor(Date.now() / 1000) + 600,
}: Assertion): Promise<string> {
  const assertion = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(issuer)
    .setSubject(subject)
    .setAudience(audience)
    .setExpirationTime(expires)
    .sign(key);
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: sim.sourceClientId,
    scope: 'https://manage.office.com/.default',
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: assertion,
  });
  const dispatcher = new Agent({ connect: { ca: sim.ca } });
  const answer = await request(`${sim.url}/${sim.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
    dispatcher,
  });
  const text = await answer.body.text();
  await dispatcher.close();
  return `${answer.statusCode} ${text}`;
}

it('a tenant gives its token for an identity of another tenant that its application trusts', async () => {
  expect(await exchanged({})).toMatch(/^200 .*access_token/);
});

it.for<[string, Assertion, RegExp]>([
  ['another identity of the same provider', { subject: PROVIDER }, /^400 .*AADSTS700213.*presented assertion subject/],
  ['another tenant as issuer', { issuer: exchangeIssuer(SUBJECT) }, /^400 .*AADSTS700211.*presented assertion issuer/],
  [
    'the older form of the same issuer',
    { issuer: `https://sts.windows.net/${PROVIDER}/` },
    /^400 .*AADSTS700211.*presented assertion issuer/,
  ],
  ['a token for another service', { audience: 'https://graph.microsoft.com' }, /^400 .*AADSTS700212.*audience/],
  ['another signature', { key: others.privateKey }, /^401 .*AADSTS50013/],
  ['a token that has run out', { expires: Math.floor(Date.now() / 1000) - 10 }, /^401 .*AADSTS700024/],
])('and refuses %s', async ([, assertion, says]) => {
  expect(await exchanged(assertion)).toMatch(says);
});
