import { createServer, type Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { certificates } from '../../../simulator/server/certificates.ts';
import { clientOf, closeAll, serve } from './graph-server.ts';

afterEach(closeAll);

const quiet = new AbortController().signal;
const failed = (failure: string, detail: unknown = expect.any(String)) => ({ kind: 'failed', failure, detail });
const json =
  (value: unknown): RequestListener =>
  (_, response) =>
    void response.end(JSON.stringify(value));
const refuse =
  (status: number, code: string, headers = {}): RequestListener =>
  (_, response) =>
    void response.writeHead(status, headers).end(JSON.stringify({ error: { code, message: 'canary-message' } }));

const page: RequestListener = (_, response) => void response.end('<html>canary');

describe('a list', () => {
  it('is read through all its pages', async () => {
    const asked: string[] = [];
    const origin = await serve((request, response) => {
      const { url = '' } = request;
      asked.push(`${url} ${request.headers.authorization}`);
      const link = { '@odata.nextLink': `${origin}/v1.0/users?$skiptoken=a%2Bb` };
      response.end(
        JSON.stringify(
          url.includes('skiptoken') ? { value: [3], '@odata.nextLink': null } : { value: [1, 2], ...link },
        ),
      );
    });
    expect(await clientOf(origin).list('v1.0', '/users?$top=2')).toEqual({ kind: 'found', items: [1, 2, 3] });
    expect(asked).toEqual(['/v1.0/users?$top=2 Bearer token-1', '/v1.0/users?$skiptoken=a%2Bb Bearer token-1']);
  });

  it.for([
    ['a foreign link', { value: [1], '@odata.nextLink': 'https://attacker.example/v1.0/users' }, 'refused'],
    ['a link to itself', { value: [1], '@odata.nextLink': '/beta/labels' }, 'unreadable'],
    ['a link that is none', { value: [1], '@odata.nextLink': 5 }, 'unreadable'],
    ['no array', { value: { id: 1 } }, 'unreadable'],
    ['null', null, 'unreadable'],
    ['too many items', { value: Array.from({ length: 200_001 }, () => 0) }, 'unreadable'],
  ] as const)('with %s fails', async ([, body, failure]) => {
    expect(await clientOf(await serve(json(body))).list('beta', '/labels')).toEqual(failed(failure));
  });

  it('with pages without end fails', async () => {
    let page = 0;
    const origin = await serve((_, response) => {
      response.end(JSON.stringify({ value: [], '@odata.nextLink': `/beta/labels?page=${++page}` }));
    });
    expect(await clientOf(origin).list('beta', '/labels')).toEqual(failed('unreadable', 'more than 1000 pages'));
    expect(page).toBe(1000);
  });

  it.for([
    [
      '403',
      refuse(403, 'Authorization_RequestDenied'),
      { kind: 'forbidden', detail: '403 Authorization_RequestDenied' },
    ],
    ['404', refuse(404, 'itemNotFound'), { kind: 'missing' }],
    ['400', refuse(400, 'BadRequest'), failed('refused', '400 BadRequest')],
    ['503 for long', refuse(503, 'serviceNotAvailable'), failed('unavailable', '503 serviceNotAvailable')],
    ['429 for long', refuse(429, 'TooManyRequests', { 'retry-after': '600' }), failed('throttled')],
    ['a page', page, failed('unreadable')],
  ] as const)('that is answered with %s is none', async ([, listener, expected]) => {
    const answer = await clientOf(await serve(listener)).list('v1.0', '/x');
    expect(answer).toEqual(expected);
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it('is asked for again after a 503', async () => {
    let asked = 0;
    const origin = await serve((request, response) =>
      (++asked < 3 ? refuse(503, 'serviceNotAvailable') : json({ value: [1] }))(request, response),
    );
    expect(await clientOf(origin).list('v1.0', '/x')).toEqual({ kind: 'found', items: [1] });
  });
});

describe('a report', () => {
  let secure: { readonly key: string; readonly cert: string };
  const targets: Server[] = [];
  const trustedBefore = tls.getCACertificates('default');
  beforeAll(async () => {
    const { ca, server } = await certificates();
    secure = server;
    tls.setDefaultCACertificates([...trustedBefore, ca]);
  });
  afterEach(() => {
    for (const server of targets.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });
  afterAll(() => tls.setDefaultCACertificates(trustedBefore));

  async function serveSecurely(listener: RequestListener): Promise<string> {
    const server = createServer(secure, listener);
    targets.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const leadTo =
    (location: string, status = 302): RequestListener =>
    (_, response) =>
      void response.writeHead(status, { location }).end();
  const report = async (listener: RequestListener) =>
    clientOf(await serve(listener)).text('v1.0', "/reports/r(period='D7')", quiet);

  it('comes as text with its type, inflated', async () => {
    const asked: unknown[] = [];
    const answer = await report((request, response) => {
      asked.push([request.url, request.headers.authorization, request.headers.accept]);
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-encoding': 'gzip' });
      response.end(gzipSync('Größe,1\n'));
    });
    expect(answer).toEqual({ kind: 'found', contentType: 'application/octet-stream', text: 'Größe,1\n' });
    expect(asked).toEqual([["/v1.0/reports/r(period='D7')", 'Bearer token-1', '*/*']]);
  });

  it.for([302, 303, 307, 308])('is fetched without the token from where a %i leads', async (status) => {
    const asked: unknown[] = [];
    const target = await serveSecurely((request, response) => {
      asked.push([request.method, request.url, request.headers.authorization, request.headers.cookie]);
      response.end('a,b\n');
    });
    expect(await report(leadTo(`${target}/blob?sig=1%2B2`, status))).toMatchObject({ kind: 'found', text: 'a,b\n' });
    expect(asked).toEqual([['GET', '/blob?sig=1%2B2', undefined, undefined]]);
  });

  it('gets no token back when a redirect leads to Graph again', async () => {
    const asked: (string | undefined)[] = [];
    const origin: string = await serveSecurely((request, response) => {
      asked.push(request.headers.authorization);
      if (asked.length === 1) leadTo('/again')(request, response);
      else response.end('a');
    });
    expect(await clientOf(origin).text('v1.0', '/r', quiet)).toMatchObject({ kind: 'found', text: 'a' });
    expect(asked).toEqual(['Bearer token-1', undefined]);
  });

  it('is not asked for with a token when the target answers 401', async () => {
    const asked: (string | undefined)[] = [];
    const target = await serveSecurely((request, response) => {
      asked.push(request.headers.authorization);
      response.writeHead(401).end();
    });
    expect(await report(leadTo(target))).toEqual({
      kind: 'failed',
      failure: 'refused',
      detail: '401 after a redirect',
    });
    expect(asked).toEqual([undefined]);
  });

  it.for([
    ['http', 'http://127.0.0.1:1/x'],
    ['a file', 'file:///etc/passwd'],
    ['nowhere', 'https://'],
    ['an address with a name in it', 'https://someone@127.0.0.1:1/x'],
  ])('is not fetched from %s', async ([, location = '']) => {
    expect(await report(leadTo(location))).toEqual(failed('refused', '302 to an address that is not https'));
  });

  it('is followed three times, not more', async () => {
    let asked = 0;
    const target: string = await serveSecurely((request, response) => {
      asked++;
      leadTo(`/next/${asked}`)(request, response);
    });
    expect(await report(leadTo(target))).toEqual(failed('refused', 'more than 3 redirects'));
    expect(asked).toBe(3);
  });

  it.for([
    [403, { kind: 'failed', failure: 'refused', detail: '403 after a redirect' }],
    [404, { kind: 'missing' }],
    [410, { kind: 'missing' }],
    [416, failed('refused', '416')],
    [500, failed('unavailable', '500')],
  ] as const)('is none when its target answers %i', async ([status, expected]) => {
    const target = await serveSecurely((_, response) => void response.writeHead(status).end());
    expect(await report(leadTo(target))).toEqual(expected);
  });

  it('that breaks off is not taken for a short one', async () => {
    const answer = await report((_, response) => {
      response.writeHead(200, { 'content-length': 100 }).write('a,b\n');
      setTimeout(() => response.destroy(), 20);
    });
    expect(answer).toEqual(failed('unavailable'));
  });

  it('ends when its caller no longer wants it', async () => {
    const stop = new AbortController();
    const client = clientOf(await serve(() => undefined));
    const answer = client.text('v1.0', '/r', stop.signal);
    setTimeout(() => stop.abort(), 50);
    expect(await answer).toEqual(failed('unavailable'));
  });
});
