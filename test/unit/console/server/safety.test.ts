import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Console, consoleServer } from '../../../../workspace/console/serve.ts';
import { ownHosts } from '../../../../workspace/console/server/guard.ts';
import { directoryOf } from './rows.ts';
import { send, served } from './served.ts';

let console: Console;
let port: string;
beforeAll(async () => {
  console = await served(directoryOf());
  ({ port } = new URL(console.url));
});
afterAll(async () => console.close());

const status = async (path: string, options: Parameters<typeof send>[2] = {}): Promise<number> =>
  (await send(console, path, options)).status;
const json = { 'content-type': 'application/json' };
const query = '{"query":"print x = 1"}';

describe('the server', () => {
  test('listens on loopback alone', async () => {
    expect(console.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const others = Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
    );
    for (const host of others) {
      const { promise, resolve } = Promise.withResolvers<string>();
      connect({ host, port: Number(port) }, () => resolve('open')).on('error', () => resolve('refused'));
      expect(await promise).toBe('refused');
    }
  });

  test('answers to its own names only, so that no other name can be made to point here', async () => {
    for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`, `LOCALHOST:${port}`])
      expect(await status('/api/status', { headers: { host } }), host).toBe(200);
    const foreign = [
      'rebound.example',
      `rebound.example:${port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `127.0.0.1.rebound.example:${port}`,
    ];
    for (const host of foreign)
      for (const path of ['/', '/api/status', '/assets/x.js'])
        expect(await status(path, { headers: { host } }), host).toBe(421);
    expect([...ownHosts(80)]).toContain('localhost');
  });

  test('takes nothing that a page of another site asks', async () => {
    for (const origin of ['https://rebound.example', 'null', `https://127.0.0.1:${port}`, 'http://127.0.0.1:1']) {
      expect(await status('/api/query', { method: 'POST', headers: { ...json, origin }, body: query }), origin).toBe(
        403,
      );
      expect(await status('/', { headers: { origin } }), origin).toBe(403);
    }
    expect(await status('/api/status', { headers: { 'sec-fetch-site': 'cross-site' } })).toBe(403);
    expect(await status('/api/status', { headers: { 'sec-fetch-site': 'same-site' } })).toBe(403);
    const own = { ...json, origin: `http://localhost:${port}`, 'sec-fetch-site': 'same-origin' };
    // By another name of this machine, another server may listen.
    expect(await status('/api/query', { method: 'POST', headers: own, body: query })).toBe(403);
    const named = { ...own, host: `localhost:${port}` };
    expect(await status('/api/query', { method: 'POST', headers: named, body: query })).toBe(200);
  });

  test('takes JSON alone, which no form can send, and no more than a query needs', async () => {
    const types = [
      'text/plain',
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/jsonx',
    ];
    for (const type of types)
      expect(await status('/api/query', { method: 'POST', headers: { 'content-type': type }, body: query }), type).toBe(
        415,
      );
    expect(await status('/api/query', { method: 'POST', body: query })).toBe(415);
    const large = JSON.stringify({ query: 'x'.repeat(200_001) });
    for (const headers of [json, { ...json, 'transfer-encoding': 'chunked' }])
      expect(await status('/api/query', { method: 'POST', headers, body: large })).toBe(413);
    for (const body of ['', '{', '[]', '{"query":1}', 'null'])
      expect(await status('/api/query', { method: 'POST', headers: json, body }), body).toBe(400);
  });

  test('has nothing that could be changed', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS', 'PROPFIND'])
      for (const path of ['/', '/api/status', '/api/query', '/api/workbooks/x'])
        expect(await status(path, { method, headers: json }), `${method} ${path}`).toBe(405);
    expect(await status('/', { method: 'POST', headers: json })).toBe(405);
    expect(await status('/api/status', { method: 'POST', headers: json, body: '{}' })).toBe(404);
    expect(await status('/api/query')).toBe(404);
  });

  test('gives no file but the ones that it lists', async () => {
    const secret = readFileSync('package.json', 'utf8').slice(0, 40);
    const paths = [
      'package',
      '../package',
      '..%2fpackage',
      '..%2Fpackage.json',
      '%2e%2e%2fpackage',
      '....//package',
      '..\\package',
      '/etc/passwd',
      '%00',
    ];
    for (const folder of ['/api/workbooks/', '/assets/', '/api/incidents/', '/'])
      for (const path of paths) {
        const answer = await send(console, folder + path);
        expect(answer.status, folder + path).toBeGreaterThanOrEqual(400);
        expect(answer.text).not.toContain(secret);
      }
  });

  test('puts its headers on everything, refusals too', async () => {
    const answers = [
      await send(console, '/api/status'),
      await send(console, '/api/nothing'),
      await send(console, '/', { headers: { host: 'rebound.example' } }),
    ];
    for (const { headers } of answers) {
      expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'cache-control': 'no-store',
      });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('says which option to use where its port is taken', async () => {
    const again = consoleServer({
      directory: directoryOf(),
      port: Number(port),
      status: () => {
        throw new Error('is not asked');
      },
      incidents: () => [],
    });
    await expect(again).rejects.toThrow(`port ${port} of 127.0.0.1 is taken: name another one with --port`);
  });
});
