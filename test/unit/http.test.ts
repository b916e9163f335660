import { createServer, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SourceError } from '../../collector/contracts.ts';
import {
  ForeignUrlError,
  httpClient,
  type HttpOptions,
  readText,
  ThrottledError,
  UnreachableError,
} from '../../collector/http.ts';

const signal = new AbortController().signal;
const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

const clientOf = (origin: string, change: Partial<HttpOptions> = {}) =>
  httpClient({
    origin,
    token: async () => 'token-1',
    requestsPerMinute: 1000,
    backoffMs: 10,
    maxBackoffMs: 40,
    ...change,
  });

/** Answers with each of `answers` in turn, the last one for ever. */
function inTurn(...answers: ((response: ServerResponse) => void)[]): {
  listener: RequestListener;
  seen: string[];
} {
  const seen: string[] = [];
  return {
    seen,
    listener: (request, response) => {
      seen.push(request.headers.authorization ?? '');
      answers[Math.min(seen.length, answers.length) - 1]?.(response);
    },
  };
}
const good = (response: ServerResponse): void => void response.writeHead(200).end('[]');
const error =
  (status: number, code: string, headers = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(status, headers).end(JSON.stringify({ error: { code, message: 'why' } }));

async function get(client: ReturnType<typeof clientOf>, path = '/x') {
  const reply = await client.send('GET', client.sameHost(path), signal);
  return reply.ok ? { ok: true, text: await readText(reply.body, 1000) } : reply;
}

describe('the HTTP client', () => {
  it.for([
    ['500 with an envelope', error(500, 'AF50000')],
    [
      '503 with a page',
      (r: ServerResponse): void => void r.writeHead(503, { 'content-type': 'text/html' }).end('<html>'),
    ],
    ['408', error(408, '')],
    ['429 without Retry-After', error(429, 'AF429')],
    ['429 with Retry-After 0', error(429, 'AF429', { 'retry-after': '0' })],
    ['AF429 inside a 403', error(403, 'AF429')],
    ['a reset before the head', (r: ServerResponse): void => void r.destroy()],
  ] as const)('tries again after %s', async ([, answer]) => {
    const { listener, seen } = inTurn(answer, answer, good);
    expect(await get(clientOf(await serve(listener)))).toEqual({ ok: true, text: '[]' });
    expect(seen).toHaveLength(3);
  });

  it.for([
    ['400 AF20055', 400, 'AF20055'],
    ['403 without AF429', 403, 'AF10001'],
    ['404 AF20050', 404, 'AF20050'],
  ] as const)('gives %s back at once: repeating would waste the quota', async ([, status, code]) => {
    const { listener, seen } = inTurn(error(status, code));
    expect(await get(clientOf(await serve(listener)))).toEqual({ ok: false, status, code, message: 'why' });
    expect(seen).toHaveLength(1);
  });

  it('gives a lasting 500 back after its tries, so that one blob does not end the pass', async () => {
    const { listener, seen } = inTurn(error(500, 'AF50000'));
    expect(await get(clientOf(await serve(listener), { tries: 3 }))).toMatchObject({ ok: false, status: 500 });
    expect(seen).toHaveLength(3);
  });

  it('shows nothing of a body that is no error envelope', async () => {
    const { listener } = inTurn((r) => void r.writeHead(404).end('canary-page'));
    expect(await get(clientOf(await serve(listener)))).toEqual({ ok: false, status: 404, code: '', message: '' });
  });

  it('makes all requests wait while one is throttled', async () => {
    const times: number[] = [];
    const { listener } = inTurn(error(429, 'AF429', { 'retry-after': '1' }), good);
    const client = clientOf(
      await serve((request, response) => {
        times.push(performance.now());
        listener(request, response);
      }),
    );
    const first = get(client, '/a');
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([first, get(client, '/b'), get(client, '/c')]);
    const [start = 0, ...rest] = times;
    expect(rest).toHaveLength(3);
    for (const time of rest) expect(time - start).toBeGreaterThanOrEqual(990);
  });

  it('ends with ThrottledError rather than wait for hours', async () => {
    const { listener, seen } = inTurn(error(429, 'AF429', { 'retry-after': '3600' }));
    await expect(get(clientOf(await serve(listener)))).rejects.toThrow(ThrottledError);
    expect(seen).toHaveLength(1);
  });

  it('keeps no pause for more than an hour, whatever the service once said', async () => {
    let nowMs = Date.now();
    const { listener, seen } = inTurn(error(429, 'AF429', { 'retry-after': '999999999' }), good);
    const client = clientOf(await serve(listener), { now: () => nowMs });
    await expect(get(client)).rejects.toThrow(ThrottledError);
    await expect(get(client)).rejects.toThrow(ThrottledError);
    expect(seen).toHaveLength(1);
    nowMs += 3_600_001;
    expect(await get(client)).toEqual({ ok: true, text: '[]' });
  });

  it('does not repeat a POST: a start may not follow a start', async () => {
    const { listener, seen } = inTurn(error(500, 'AF50000'), good);
    const client = clientOf(await serve(listener));
    expect(await client.send('POST', client.sameHost('/start'), signal)).toMatchObject({ ok: false, status: 500 });
    expect(seen).toHaveLength(1);
  });

  it('sends JSON with a POST, again with another token, and gives a throttled one back with the wait', async () => {
    const bodies: string[] = [];
    const { listener } = inTurn(error(401, ''), error(429, '', { 'retry-after': '7' }));
    const origin = await serve((request, response) => {
      let text = `${request.headers['content-type']} `;
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        bodies.push(text);
        listener(request, response);
      });
    });
    const client = clientOf(origin);
    const failed = client.send('POST', client.sameHost('/$batch'), signal, { json: '{"a":1}' });
    const caught = await failed.catch((reason: unknown) => reason);
    expect(caught).toBeInstanceOf(ThrottledError);
    expect((caught as ThrottledError).waitMs).toBeGreaterThan(6000);
    expect((caught as ThrottledError).waitMs).toBeLessThanOrEqual(7000);
    expect(bodies).toEqual(['application/json {"a":1}', 'application/json {"a":1}']);
  });

  it('follows no redirect, and says where it leads', async () => {
    const { listener, seen } = inTurn((r) => void r.writeHead(302, { location: 'https://files.example/x' }).end());
    expect(await get(clientOf(await serve(listener)))).toEqual({
      ok: false,
      status: 302,
      code: '',
      message: '',
      location: 'https://files.example/x',
    });
    expect(seen).toHaveLength(1);
  });

  it('sends no token without one, and repeats nothing for a 401', async () => {
    const { listener, seen } = inTurn(error(401, ''));
    const client = httpClient({ origin: await serve(listener), requestsPerMinute: 1000 });
    expect(await get(client)).toMatchObject({ ok: false, status: 401 });
    expect(seen).toEqual(['']);
  });

  it('takes no time from an error page, which may be a proxy with a clock of its own', async () => {
    const date = new Date(Date.now() + 400 * 86_400_000).toUTCString();
    const { listener } = inTurn((r: ServerResponse): void => void r.writeHead(404, { date }).end('<html>'));
    const client = clientOf(await serve(listener));
    await get(client);
    expect(Math.abs(client.serverNow() - Date.now())).toBeLessThan(1000);
  });

  it('asks for another token after a 401, once', async () => {
    const rejected: (string | undefined)[] = [];
    const token = async (bad: string | undefined) => {
      rejected.push(bad);
      return bad === undefined ? 'old' : 'new';
    };
    const { listener, seen } = inTurn(error(401, ''), good);
    expect(await get(clientOf(await serve(listener), { token }))).toEqual({ ok: true, text: '[]' });
    expect(seen).toEqual(['Bearer old', 'Bearer new']);
    expect(rejected).toEqual([undefined, 'old']);

    const always = inTurn(error(401, 'AF10001'));
    expect(await get(clientOf(await serve(always.listener), { token }))).toMatchObject({ ok: false, status: 401 });
    expect(always.seen).toHaveLength(2);
  });

  it('says at once that there is no token, with the reason', async () => {
    const token = async () => Promise.reject(new Error('AADSTS7000215: invalid secret'));
    const failed = get(clientOf('http://127.0.0.1:1', { token }));
    await expect(failed).rejects.toThrow(SourceError);
    await expect(failed).rejects.toThrow('AADSTS7000215');
  });

  it('says that nobody answers', async () => {
    await expect(get(clientOf('http://127.0.0.1:1', { tries: 2 }))).rejects.toThrow(UnreachableError);
  });

  it('inflates gzip, and fails the reader of a broken stream, not the process', async () => {
    const zipped = gzipSync('[1,2]');
    const { listener } = inTurn(
      (r) => void r.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped),
      (r) => void r.writeHead(200, { 'content-encoding': 'gzip' }).end(zipped.subarray(0, 12)),
    );
    const client = clientOf(await serve(listener));
    expect(await get(client)).toEqual({ ok: true, text: '[1,2]' });
    await expect(get(client)).rejects.toThrow('unexpected end of file');
  });

  it('keeps the budget over all callers', async () => {
    const { listener, seen } = inTurn(good);
    const client = clientOf(await serve(listener), { requestsPerMinute: 5 });
    for (let n = 0; n < 9; n++) void get(client).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(seen).toHaveLength(5);
  });

  it("corrects the clock by the service's Date header", async () => {
    const date = new Date(Date.now() + 600_000).toUTCString();
    const { listener } = inTurn((r) => void r.writeHead(200, { date }).end('[]'));
    const client = clientOf(await serve(listener));
    await get(client);
    expect(Math.abs(client.serverNow() - Date.now() - 600_000)).toBeLessThan(3000);
  });

  it.for([
    'https://attacker.example/x',
    'http://127.0.0.1:1/x',
    '//attacker.example/x',
    'http://',
    'file:///etc/passwd',
  ])('does not follow a link to %s', (link) => {
    expect(() => clientOf('https://manage.office.com').sameHost(link)).toThrow(ForeignUrlError);
  });
  it('follows a link to its own host as it stands', () => {
    const link = 'https://manage.office.com/api/v1/t/activity/feed/audit/2026$1$audit_general$Audit_General$x?a=%2B:b';
    expect(clientOf('https://manage.office.com').sameHost(link).href).toBe(link);
  });
  it('refuses a text longer than it may be', async () => {
    const { listener } = inTurn((r) => void r.writeHead(200).end('x'.repeat(2000)));
    await expect(get(clientOf(await serve(listener)))).rejects.toThrow(RangeError);
  });
});
