import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { clientOf, closeAll, serve } from './graph-server.ts';

afterEach(closeAll);

const never = new AbortController().signal;
const json = (response: ServerResponse, status: number, body: unknown, headers = {}): void =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));

/** A service that answers by `answer`, and what it was asked. */
async function service(answer: (request: IncomingMessage, response: ServerResponse, n: number) => void) {
  const asked: string[] = [];
  const origin = await serve((request, response) => {
    let body = '';
    request.on('data', (part) => (body += String(part)));
    request.on('end', () => {
      asked.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers.authorization ?? ''} ${body}`.trim());
      answer(request, response, asked.length);
    });
  });
  return { asked, origin, client: clientOf(origin) };
}

describe('a request outside batches', () => {
  it('carries token and JSON, and brings the body of the answer', async () => {
    const { client, asked } = await service((_request, response) => json(response, 201, { id: 'a' }));
    expect(await client.ask('POST', '/v1.0/things', never, { name: 'x' })).toEqual({
      kind: 'answered',
      body: { id: 'a' },
    });
    expect(asked).toEqual(['POST /v1.0/things Bearer token-1 {"name":"x"}']);
  });
  it('may delete, and needs no body in the answer', async () => {
    const { client, asked } = await service((_request, response) => void response.writeHead(204).end());
    expect(await client.ask('DELETE', '/v1.0/things/a', never)).toEqual({ kind: 'answered', body: undefined });
    expect(asked.length).toBe(1);
  });
  it('tells status, code and message of a refusal, and no other text', async () => {
    const { client } = await service((_request, response) =>
      json(response, 400, { error: { code: 'BadRequest', message: 'no segment' }, more: 'canary' }),
    );
    expect(await client.ask('GET', '/v1.0/things', never)).toEqual({
      kind: 'refused',
      status: 400,
      detail: '400 BadRequest',
      message: 'no segment',
    });
  });
  it('repeats a GET after 5xx, but neither POST nor DELETE', async () => {
    const { client, asked } = await service((_request, response, n) => json(response, n % 2 === 1 ? 503 : 200, {}));
    expect(await client.ask('GET', '/v1.0/things', never)).toMatchObject({ kind: 'answered' });
    expect(await client.ask('POST', '/v1.0/things', never, {})).toMatchObject({ kind: 'refused', status: 503 });
    expect(asked.length).toBe(3);
    await client.ask('GET', '/v1.0/things', never);
    expect(await client.ask('DELETE', '/v1.0/things/a', never)).toMatchObject({ kind: 'refused', status: 503 });
  });
  it('that is throttled says for how long, and does not pause the look-ups', async () => {
    const { client } = await service((request, response) => {
      if (request.url?.includes('$batch') !== true) json(response, 429, {}, { 'retry-after': '150' });
      else json(response, 200, { responses: [{ id: '1', status: 200, body: { is: 'there' } }] });
    });
    const answer = await client.ask('POST', '/v1.0/things', never, {});
    expect(answer).toMatchObject({ kind: 'throttled' });
    expect(answer.kind === 'throttled' && answer.waitMs).toBeGreaterThan(140_000);
    expect(await client.get('v1.0', '/users/a')).toEqual({ kind: 'found', body: { is: 'there' } });
  });
  it('goes to no other host', async () => {
    const { client, asked } = await service((_request, response) => json(response, 200, {}));
    const answer = await client.ask('GET', 'https://evil.contoso.example/v1.0/things', never);
    expect(answer).toMatchObject({ kind: 'failed', detail: expect.stringContaining('not followed') });
    expect(asked).toEqual([]);
  });
  it('rejects when it is told to stop', async () => {
    const { client } = await service(() => undefined);
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 20);
    await expect(client.ask('GET', '/v1.0/things', stop.signal)).rejects.toThrow('aborted');
  });
});
