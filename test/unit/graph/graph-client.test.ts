import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import type { Answer } from '../../../collector/graph/contract.ts';
import { batchServer, type BatchServer, clientOf, closeAll, found, problem, serve } from './graph-server.ts';

afterEach(closeAll);

const failed = (failure: string, detail: unknown = expect.any(String)) => ({ kind: 'failed', failure, detail });
const kinds = (answers: readonly Answer[]) => answers.map(({ kind }) => kind);
const paths = (count: number, of = 'users') => Array.from({ length: count }, (_, n) => `/${of}/${n}`);
const send =
  (status: number, text: string, headers = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end(text);
const envelope = (status: number, code: string, headers = {}) =>
  send(status, JSON.stringify({ error: { code, message: 'canary-message' } }), headers);

describe('look-ups', () => {
  it('share batches of 20, and each gets its own answer', async () => {
    const { origin, batches } = await batchServer();
    const client = clientOf(origin);
    const asked = paths(45);
    const answers = await Promise.all(asked.map((path) => client.get('v1.0', path)));
    expect(answers).toEqual(asked.map((path) => ({ kind: 'found', body: { path } })));
    expect(batches.map((batch) => batch.paths.length)).toEqual([20, 20, 5]);
    expect(batches[0]?.ids).toEqual(Array.from({ length: 20 }, (_, n) => String(n + 1)));
  });

  it('that are asked for one after the other within a moment share a batch', async () => {
    const { origin, batches } = await batchServer();
    const client = clientOf(origin);
    const first = client.get('v1.0', '/users/1');
    await new Promise(setImmediate);
    await Promise.all([first, client.get('v1.0', '/users/2')]);
    expect(batches.map((batch) => batch.paths)).toEqual([['/users/1', '/users/2']]);
  });

  it('of two versions go into batches of their own', async () => {
    const { origin, batches } = await batchServer();
    const client = clientOf(origin);
    await Promise.all([client.get('v1.0', '/a'), client.get('beta', '/b'), client.get('v1.0', '/c')]);
    const seen = batches.map(({ url, paths }) => ({ url, paths })).sort((a, b) => (a.url < b.url ? -1 : 1));
    expect(seen).toEqual([
      { url: '/beta/$batch', paths: ['/b'] },
      { url: '/v1.0/$batch', paths: ['/a', '/c'] },
    ]);
  });

  it('of one version do not make those of the other wait until all are done', async () => {
    const { origin, batches } = await batchServer(undefined, undefined, 10);
    const client = clientOf(origin);
    await Promise.all([...paths(400).map((path) => client.get('v1.0', path)), client.get('beta', '/x')]);
    expect(batches.findIndex(({ url }) => url === '/beta/$batch')).toBeLessThan(10);
  });

  it('have at most four batches under way', async () => {
    const { origin, atOnce } = await batchServer(undefined, undefined, 20);
    const client = clientOf(origin);
    await Promise.all(paths(200).map((path) => client.get('v1.0', path)));
    expect(atOnce.most).toBe(4);
  });

  it('keep the budget, in which the requests of a batch count one by one', async () => {
    const { origin, batches } = await batchServer();
    const client = clientOf(origin, { requestsPerMinute: 6000 });
    const all = Promise.all(paths(300).map((path) => client.get('v1.0', path)));
    await new Promise((resolve) => setTimeout(resolve, 700));
    const within = batches.reduce((sum, batch) => sum + batch.paths.length, 0);
    // A second's worth at once, then 100 a second.
    expect(within).toBeGreaterThanOrEqual(100);
    expect(within).toBeLessThanOrEqual(180);
    await clientEnds(client, all);
  });

  it.for([
    ['404', problem(404, 'Request_ResourceNotFound'), { kind: 'missing' }],
    ['404 without a body', { status: 404 }, { kind: 'missing' }],
    ['410', problem(410, 'gone'), { kind: 'missing' }],
    ['400 about the key', problem(400, 'Request_BadRequest', "Invalid object identifier 'x'."), { kind: 'missing' }],
    ['400 of a user that is none', problem(400, 'ErrorInvalidUser'), { kind: 'missing' }],
    [
      '400 about the query',
      problem(400, 'Request_BadRequest', "Could not find a property named 'x'."),
      failed('refused', '400 Request_BadRequest'),
    ],
    [
      '403',
      problem(403, 'Authorization_RequestDenied'),
      { kind: 'forbidden', detail: '403 Authorization_RequestDenied' },
    ],
    [
      '401',
      problem(401, 'InvalidAuthenticationToken'),
      { kind: 'forbidden', detail: '401 InvalidAuthenticationToken' },
    ],
    ['a code that may be anything', problem(403, 'Ada Example is no owner'), { kind: 'forbidden', detail: '403' }],
    ['423', problem(423, 'locked'), failed('refused', '423 locked')],
    ['an answer without a body', { status: 204 }, { kind: 'found', body: undefined }],
    ['an answer of any shape', found([null, 1]), { kind: 'found', body: [null, 1] }],
  ] as const)('end with %s at once, and only the one that it is about', async ([, answer, expected]) => {
    const { origin, batches } = await batchServer((path) => (path === '/users/bad' ? answer : found('fine')));
    const client = clientOf(origin);
    const answers = await Promise.all([client.get('v1.0', '/users/bad'), client.get('v1.0', '/users/good')]);
    expect(answers).toEqual([expected, { kind: 'found', body: 'fine' }]);
    expect(batches).toHaveLength(1);
  });

  it.for([
    ['429', problem(429, 'TooManyRequests')],
    ['429 with a Retry-After that is none', problem(429, 'TooManyRequests', '', { 'Retry-After': 'soon' })],
    ['503', problem(503, 'serviceNotAvailable')],
    ['500 without a body', { status: 500 }],
    ['408', problem(408, 'timeout')],
    ['no answer in the batch', undefined],
    ['a status that is none', { status: 'fine' as unknown as number }],
  ] as const)('are asked again alone after %s', async ([, answer]) => {
    const item = (path: string, before: number) => (path === '/users/7' && before < 2 ? answer : found('fine'));
    const { origin, batches } = await batchServer(item);
    const client = clientOf(origin);
    const answers = await Promise.all(paths(20).map((path) => client.get('v1.0', path)));
    expect(new Set(kinds(answers))).toEqual(new Set(['found']));
    expect(batches.map((batch) => batch.paths.length)).toEqual([20, 1, 1]);
  });

  it.for([
    ['429', problem(429, 'TooManyRequests'), failed('throttled', '429 TooManyRequests')],
    ['502', problem(502, 'badGateway'), failed('unavailable', '502 badGateway')],
    ['no answer in the batch', undefined, failed('unreadable', 'no answer in the batch')],
  ] as const)('end after four tries of %s', async ([, answer, expected]) => {
    const { origin, batches } = await batchServer(() => answer);
    expect(await clientOf(origin).get('v1.0', '/users/1')).toEqual(expected);
    expect(batches).toHaveLength(4);
  });

  it('wait as long as their own Retry-After says while others are answered', async () => {
    const wait = { 'retry-after': '1' };
    const item = (path: string, before: number) =>
      path === '/users/1' && before === 0 ? problem(429, 'TooManyRequests', '', wait) : found('fine');
    const { origin, batches } = await batchServer(item);
    const client = clientOf(origin);
    const throttled = client.get('v1.0', '/users/1');
    await client.get('v1.0', '/users/2');
    await client.get('v1.0', '/users/3');
    expect(batches).toHaveLength(2);
    expect(await throttled).toEqual({ kind: 'found', body: 'fine' });
    expect((batches[2]?.at ?? 0) - (batches[0]?.at ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('that are asked again come before those that were never sent: their time runs', async () => {
    const item = (path: string, before: number) =>
      path === '/users/0' && before === 0 ? problem(503, 'serviceNotAvailable') : found('fine');
    const { origin, batches } = await batchServer(item, undefined, 20);
    const client = clientOf(origin);
    await Promise.all(paths(400).map((path) => client.get('v1.0', path)));
    expect(batches.findLastIndex((batch) => batch.paths.includes('/users/0'))).toBeLessThan(15);
  });

  it('wait for the budget that pages of a list have spent', async () => {
    let page = 0;
    const origin = await serve((request, response) => {
      const next = ++page < 30 ? { '@odata.nextLink': `/v1.0/x?page=${page}` } : {};
      const items = { responses: [{ id: '1', status: 200, body: 1 }] };
      response.end(JSON.stringify(request.method === 'POST' ? items : { value: [], ...next }));
    });
    const client = clientOf(origin, { requestsPerMinute: 1200 });
    await client.list('v1.0', '/x');
    const start = performance.now();
    expect(await client.get('v1.0', '/users/1')).toEqual({ kind: 'found', body: 1 });
    expect(performance.now() - start).toBeGreaterThan(100);
  });

  it('fail at once, as others of the same workload do, while Graph asks for a long wait; then they go on', async () => {
    let nowMs = Date.now();
    const wait = { 'Retry-After': '600' };
    const item = (path: string, before: number) =>
      path === '/users/1/onlineMeetings/1' && before === 0 ? problem(429, 'TooManyRequests', '', wait) : found('fine');
    const { origin, batches } = await batchServer(item);
    const client = clientOf(origin, { now: () => nowMs });
    const inVain = failed('throttled', expect.stringMatching(/asked to wait \d+ s/));
    expect(await client.get('v1.0', '/users/1/onlineMeetings/1')).toEqual(inVain);
    expect(await client.get('v1.0', '/users/2/onlineMeetings/2?$select=id')).toEqual(inVain);
    expect(batches).toHaveLength(1);
    expect(await client.get('v1.0', '/users/3')).toEqual({ kind: 'found', body: 'fine' });
    nowMs += 600_001;
    expect(await client.get('v1.0', '/users/1/onlineMeetings/1')).toEqual({ kind: 'found', body: 'fine' });
  });

  it('ignore answers with unknown ids, and those of which there are two', async () => {
    const doubled = { responses: [1, 9, 2, 1].map((id, n) => ({ id: String(id), status: 200, body: n })) };
    const { origin, batches } = await batchServer(undefined, (n) =>
      n === 0 ? send(200, JSON.stringify(doubled)) : undefined,
    );
    const client = clientOf(origin);
    const answers = await Promise.all([client.get('v1.0', '/a'), client.get('v1.0', '/b')]);
    expect(answers).toEqual([
      { kind: 'found', body: { path: '/a' } },
      { kind: 'found', body: 2 },
    ]);
    expect(batches.map(({ paths }) => paths)).toEqual([['/a', '/b'], ['/a']]);
  });

  it('slow down when Graph says that its limit is near', async () => {
    const near = { 'x-ms-throttle-limit-percentage': '0.9' };
    const { origin, batches } = await batchServer(() => ({ status: 200, headers: near, body: 1 }));
    const client = clientOf(origin);
    await client.get('v1.0', '/users/1');
    await client.get('v1.0', '/users/2');
    expect((batches[1]?.at ?? 0) - (batches[0]?.at ?? 0)).toBeGreaterThanOrEqual(950);
  });
});

/** Closes a client with look-ups under way, and gives their answers. */
async function clientEnds<T>(client: AsyncDisposable, answers: Promise<T>): Promise<T> {
  await client[Symbol.asyncDispose]();
  return answers;
}

describe('a whole batch', () => {
  it.for([
    ['503', envelope(503, 'serviceNotAvailable')],
    ['502 with a page', send(502, '<html>canary-page</html>')],
    ['429 without Retry-After', envelope(429, 'TooManyRequests')],
    ['a page with status 200', send(200, '<html>canary-page</html>')],
    ['JSON that breaks off', send(200, '{"responses":[{"id":"1","sta')],
    ['JSON of another shape', send(200, '{"value":[]}')],
    ['a reset', (response: ServerResponse): void => void response.destroy()],
    [
      'a body that is cut',
      (response: ServerResponse): void => {
        response.writeHead(200, { 'content-length': 100 }).write('{"resp');
        setTimeout(() => response.destroy(), 20);
      },
    ],
  ] as const)('is sent again after %s', async ([, instead]) => {
    const { origin, batches } = await batchServer(undefined, (n) => (n < 2 ? instead : undefined));
    const client = clientOf(origin);
    const answers = await Promise.all(paths(3).map((path) => client.get('v1.0', path)));
    expect(kinds(answers)).toEqual(['found', 'found', 'found']);
    expect(batches.map((batch) => batch.paths.length)).toEqual([3, 3, 3]);
  });

  it.for([
    ['503', envelope(503, 'serviceNotAvailable'), failed('unavailable', '503 serviceNotAvailable')],
    ['429', envelope(429, 'TooManyRequests'), failed('throttled')],
    ['a page with status 200', send(200, '<html>canary-page</html>'), failed('unreadable', 'the answer is not JSON')],
    ['another shape', send(200, '{"responses":{"id":1}}'), failed('unreadable')],
  ] as const)('that lasts at %s fails its look-ups, and shows nothing of a body', async ([, instead, expected]) => {
    const { origin, batches } = await batchServer(undefined, () => instead);
    const answer = await clientOf(origin).get('v1.0', '/users/1');
    expect(answer).toEqual(expected);
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(batches).toHaveLength(4);
  });

  it.for([
    [403, { kind: 'forbidden', detail: '403 Forbidden' }],
    [401, { kind: 'forbidden', detail: '401 Forbidden' }],
    [404, failed('refused', '404 Forbidden')],
  ] as const)('that is answered %s ends its look-ups', async ([status, expected]) => {
    const { origin } = await batchServer(undefined, () => envelope(status, 'Forbidden'));
    const client = clientOf(origin);
    expect(await Promise.all(paths(2).map((path) => client.get('v1.0', path)))).toEqual([expected, expected]);
  });

  it('that one request spoils is cut until that one stands alone', async () => {
    const server: BatchServer = await batchServer(undefined, (n) =>
      server.batches[n]?.paths.includes('/users/5') === true ? envelope(400, 'BadRequest') : undefined,
    );
    const client = clientOf(server.origin);
    const answers = await Promise.all(paths(20).map((path) => client.get('v1.0', path)));
    expect(answers.filter(({ kind }) => kind === 'found')).toHaveLength(19);
    expect(answers[5]).toEqual(failed('refused', '400 BadRequest'));
  });

  it('that is throttled makes all look-ups wait', async () => {
    const { origin, batches } = await batchServer(undefined, (n) =>
      n === 0 ? envelope(429, 'TooManyRequests', { 'retry-after': '1' }) : undefined,
    );
    const client = clientOf(origin);
    const first = client.get('v1.0', '/users/1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(kinds(await Promise.all([first, client.get('beta', '/x'), client.get('v1.0', '/users/2')]))).toEqual([
      'found',
      'found',
      'found',
    ]);
    const [start = 0, ...rest] = batches.map(({ at }) => at);
    expect(rest.length).toBeGreaterThan(0);
    for (const at of rest) expect(at - start).toBeGreaterThanOrEqual(990);
  });

  it.for([
    ['429', envelope(429, 'TooManyRequests', { 'retry-after': '600' })],
    ['503', envelope(503, 'serviceNotAvailable', { 'retry-after': '600' })],
  ] as const)('that is answered %s with a long Retry-After makes all fail until it is over', async ([, instead]) => {
    let nowMs = Date.now();
    const { origin, batches } = await batchServer(undefined, (n) => (n === 0 ? instead : undefined));
    const client = clientOf(origin, { now: () => nowMs });
    expect(await client.get('v1.0', '/users/1')).toEqual(failed('throttled'));
    expect(await client.get('beta', '/sites/1')).toEqual(failed('throttled'));
    expect(batches).toHaveLength(1);
    nowMs += 600_001;
    expect(await client.get('v1.0', '/users/1')).toMatchObject({ kind: 'found' });
  });

  it('gets another token after a 401, once', async () => {
    const { origin, batches } = await batchServer(undefined, (n) =>
      n === 0 ? envelope(401, 'InvalidAuthenticationToken') : undefined,
    );
    const token = async (rejected: string | undefined) => (rejected === undefined ? 'old' : 'new');
    expect(await clientOf(origin, { token }).get('v1.0', '/users/1')).toMatchObject({ kind: 'found' });
    expect(batches.map((batch) => batch.token)).toEqual(['Bearer old', 'Bearer new']);
  });

  it('for which there is no token names the code of Entra only', async () => {
    const token = async () => Promise.reject(new Error('AADSTS7000215: invalid secret of canary-name'));
    expect(await clientOf('http://127.0.0.1:1', { token }).get('v1.0', '/users/1')).toEqual(
      failed('unavailable', 'no token (AADSTS7000215)'),
    );
  });

  it('to which nobody answers fails its look-ups', async () => {
    expect(await clientOf('http://127.0.0.1:1').get('v1.0', '/users/1')).toEqual(failed('unavailable'));
  });
});

describe('the deadline', () => {
  it('ends a look-up that is never answered, and the others of its batch with it', async () => {
    const origin = await serve(() => undefined);
    const start = performance.now();
    expect(await clientOf(origin, { deadlineMs: 200 }).get('v1.0', '/users/1')).toEqual(failed('unavailable'));
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('does not begin before a look-up is sent', async () => {
    const { origin } = await batchServer(undefined, undefined, 60);
    const client = clientOf(origin, { deadlineMs: 200 });
    // 25 batches, four at a time: the last are sent after 360 ms.
    const answers = await Promise.all(paths(500).map((path) => client.get('v1.0', path)));
    expect(new Set(kinds(answers))).toEqual(new Set(['found']));
  });

  it('does not wait for a Retry-After that goes beyond it', async () => {
    const { origin } = await batchServer(() => problem(429, 'TooManyRequests', '', { 'retry-after': '60' }));
    const start = performance.now();
    expect(await clientOf(origin, { deadlineMs: 5000 }).get('v1.0', '/users/1')).toEqual(failed('throttled'));
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('comes before the end of a pause that all share, and says why', async () => {
    const { origin, batches } = await batchServer(undefined, () =>
      envelope(429, 'TooManyRequests', { 'retry-after': '2' }),
    );
    expect(await clientOf(origin, { deadlineMs: 300 }).get('v1.0', '/users/1')).toEqual(failed('throttled'));
    expect(batches).toHaveLength(1);
  });
});

describe('a long wait that Graph asks for', () => {
  const wait = { 'retry-after': '600' };
  it.for([
    ['all', () => batchServer(undefined, () => envelope(429, 'TooManyRequests', wait))],
    ['a workload', () => batchServer(() => problem(429, 'TooManyRequests', '', wait))],
  ] as const)('of %s ends those that wait for their turn, unsent', async ([, serverOf]) => {
    const { origin, batches } = await serverOf();
    const client = clientOf(origin);
    const answers = await Promise.all(paths(300).map((path) => client.get('v1.0', path)));
    for (const answer of answers) expect(answer).toEqual(failed('throttled'));
    expect(batches.length).toBeLessThanOrEqual(4);
  });
});

describe('closing', () => {
  it('ends what waits, what is under way and what comes later, at once', async () => {
    const origin = await serve(() => undefined);
    const client = clientOf(origin, { requestsPerMinute: 6000 });
    const look = Promise.all(paths(300).map((path) => client.get('v1.0', path)));
    const list = client.list('v1.0', '/users');
    const text = client.text('v1.0', '/reports/x', new AbortController().signal);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const start = performance.now();
    const [answers, ...others] = await clientEnds(client, Promise.all([look, list, text]));
    expect(performance.now() - start).toBeLessThan(1000);
    for (const answer of answers) expect(answer).toEqual(failed('unavailable', 'the client is closed'));
    for (const answer of others) expect(answer).toEqual(failed('unavailable'));
    expect(await client.get('v1.0', '/users/1')).toEqual(failed('unavailable', 'the client is closed'));
  });

  it('ends what waits for its Retry-After', async () => {
    const { origin } = await batchServer(() => problem(429, 'TooManyRequests', '', { 'retry-after': '30' }));
    const client = clientOf(origin);
    const answer = client.get('v1.0', '/users/1');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await clientEnds(client, answer)).toEqual(failed('unavailable'));
  });
});
