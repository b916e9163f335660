import { expect, test } from 'vitest';
import { ingestionProblem } from '../../../collector/sinks/ingestion-problem.ts';

const target = {
  url: 'https://contoso-abcd.westeurope-1.ingest.monitor.azure.com',
  ruleId: 'dcr-00000000000000000000000000000001',
  stream: 'Custom-CopilotAudit_CL',
  audience: 'https://monitor.azure.com',
};
const host = 'contoso-abcd.westeurope-1.ingest.monitor.azure.com';

/** An error as the Azure SDK makes it. */
const rest = (statusCode: number | undefined, code?: string, headers: Record<string, string> = {}, message = 'why') =>
  Object.assign(new Error(message), {
    name: 'RestError',
    ...(statusCode === undefined ? {} : { statusCode }),
    ...(code === undefined ? {} : { code }),
    response: { headers: { get: (name: string) => headers[name] } },
  });
const named = (name: string, message = 'why', more: object = {}) =>
  Object.assign(new Error(message), { name, ...more });

test.for<[string, unknown, string, RegExp]>([
  ['429', rest(429, 'TooMany'), 'throttled', /throttles \(429 TooMany: why\).*dcr-0/],
  ['429 without envelope', rest(429), 'throttled', /\(429\)/],
  ['503 with Retry-After', rest(503, 'Busy', { 'retry-after': '7' }), 'throttled', /503 Busy/],
  ['503 without', rest(503, 'Busy'), 'transient', /answers 503 Busy: why: see the health/],
  ['408', rest(408), 'transient', /408/],
  ['500 named by a header only', rest(500, undefined, { 'x-ms-error-code': 'Oops' }), 'transient', /500 Oops:/],
  ['501', rest(501), 'transient', /501/],
  ['400', rest(400, 'InvalidPayload'), 'rows', /^400 InvalidPayload: why$/],
  ['413', rest(413, 'ContentLengthLimitExceeded'), 'rows', /^413 ContentLengthLimitExceeded/],
  [
    '401',
    rest(401, 'InvalidToken'),
    'unauthorised',
    /for https:\/\/monitor\.azure\.com: check that INGESTION_AUDIENCE/,
  ],
  ['403', rest(403, 'OperationFailed'), 'forbidden', /grant Monitoring Metrics Publisher .* dcr-0.*belongs to https/],
  ['404', rest(404, 'NotFound'), 'fatal', /DCR_IMMUTABLE_ID \(dcr-0.*Custom-CopilotAudit_CL.*region/],
  ['200', rest(200), 'fatal', /answers 200 where 204 is due: check INGESTION_URL and whether a proxy/],
  ['302', rest(302), 'fatal', /proxy/],
  ['407', rest(407), 'fatal', /proxy/],
  [
    'an unknown name',
    rest(undefined, 'ENOTFOUND'),
    'transient',
    /^the name \S+ cannot be resolved \(ENOTFOUND\): check INGESTION_URL, DNS/,
  ],
  ['a name server that is away', rest(undefined, 'EAI_AGAIN'), 'transient', /DNS/],
  ['a refused connection', rest(undefined, 'ECONNREFUSED'), 'transient', /refuses connections.*firewall/],
  ['a reset', rest(undefined, 'ECONNRESET'), 'transient', /the connection to \S+ failed \(ECONNRESET\)/],
  ['a foreign CA', rest(undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'transient', /NODE_EXTRA_CA_CERTS/],
  ['a CA of its own', rest(undefined, 'SELF_SIGNED_CERT_IN_CHAIN'), 'transient', /NODE_EXTRA_CA_CERTS/],
  ['a self-signed certificate', rest(undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT'), 'transient', /NODE_EXTRA_CA_CERTS/],
  [
    'a certificate of another host',
    rest(undefined, 'ERR_TLS_CERT_ALTNAME_INVALID'),
    'transient',
    /check INGESTION_URL/,
  ],
  ['an old certificate', rest(undefined, 'CERT_HAS_EXPIRED'), 'transient', /check the clock/],
  ['a clock that is behind', rest(undefined, 'CERT_NOT_YET_VALID'), 'transient', /check the clock/],
  ['a timeout of the SDK', named('AbortError'), 'transient', /did not answer in time/],
  ['a timeout of the queue', named('TimeoutError'), 'transient', /did not answer in time/],
  [
    'no credential',
    named('CredentialUnavailableError', 'no endpoint'),
    'transient',
    /no token for \S+: no endpoint: check the AZURE_\*/,
  ],
  [
    'a wrong secret',
    named('AuthenticationError', 'invalid_client\nAADSTS7000215', { statusCode: 401 }),
    'fatal',
    /invalid_client AADSTS7000215/,
  ],
  ['Entra being away', named('AuthenticationError', 'away', { statusCode: 503 }), 'transient', /no token/],
  [
    'an error without a code',
    new Error('Failed to refresh access token.'),
    'transient',
    /Failed to refresh access token/,
  ],
  ['no error at all', 'text', 'transient', /without a reason/],
])('%s is %s', ([, cause, kind, message]) => {
  const problem = ingestionProblem(cause, target);
  expect(problem.kind).toBe(kind);
  expect(problem.message).toMatch(message);
  if (/connection|name|certificate/.test(problem.message) && problem.kind === 'transient')
    expect(problem.message).toContain(host);
});

test('Retry-After is handed on as it came', () => {
  expect(ingestionProblem(rest(429, 'x', { 'retry-after': '17' }), target)).toMatchObject({ retryAfter: '17' });
  expect(ingestionProblem(rest(429, 'x'), target)).toMatchObject({ retryAfter: undefined });
});

test.for([
  [`near "canary": 'canary's`, 'near "…": \'…\'s'],
  ['token eyJhbGciOi.eyJjYW5hcnk.c2ln-x_ refused', 'token … refused'],
  [
    `column 'Operation' of 'dcr-00000000000000000000000000000001'`,
    `column 'Operation' of 'dcr-00000000000000000000000000000001'`,
  ],
  [`it can't read 'canary`, `it can't read '…'`],
  [`{"canary":"canary"}`, '{"…":"…"}'],
])('a text shows nothing that may be of a row or a token: %s', ([said, shown]) => {
  const problem = ingestionProblem(rest(400, 'Bad', {}, said), target, (word) => word === 'Operation');
  expect(problem.message).toBe(`400 Bad: ${shown}`);
});

test('a text is short, and a page without an envelope is none', () => {
  expect(ingestionProblem(rest(400, 'Bad', {}, 'x'.repeat(5000)), target).message.length).toBeLessThan(320);
  expect(ingestionProblem(rest(400, undefined, {}, '<html>canary'), target).message).toBe('400');
});
