/**
 * A Management Activity API and a Microsoft Graph for the benches of enrichment: no checks, no faults. Runs in a process
 * of its own. Arguments: blobs, records in each, users (each in turn), files (Zipf), milliseconds before each answer of
 * Graph, and days from the first blob to now.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json as readJson } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { answerTo, interaction, zipf } from './enrich-records.ts';

const [blobCount = 100, recordsPerBlob = 100, users = 1000, files = 1000, latencyMs = 0] = process.argv
  .slice(2)
  .map(Number);
const PAGE = 500;
const SPAN_MS = 6 * 24 * 3_600_000;
const startMs = Date.now() - SPAN_MS;
const createdMs = (blob: number): number => startMs + Math.floor((blob * SPAN_MS) / blobCount);
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
let base = '';

const nextFile = zipf(files, 1);
let nextUser = 0;

function body(blob: number): string {
  const records = Array.from({ length: recordsPerBlob }, (_, n) => {
    const id = `${hex(blob, 8)}-0000-4000-8000-${hex(n, 12)}`;
    return interaction(id, nextUser++ % users, [nextFile(), nextFile(), nextFile()]);
  });
  return `[${records.join(',')}]`;
}

function listing(url: URL): { readonly entries: readonly object[]; readonly next: string | undefined } {
  const from = Date.parse(`${url.searchParams.get('startTime')}Z`);
  const to = Date.parse(`${url.searchParams.get('endTime')}Z`);
  const skip = Number(url.searchParams.get('nextPage') ?? 0);
  const first = Math.max(0, Math.ceil(((from - startMs) * blobCount) / SPAN_MS));
  const entries: object[] = [];
  let blob = first + skip;
  for (; blob < blobCount && createdMs(blob) < to && entries.length < PAGE; blob++) {
    const id = `bench$${blob}$audit_general$Audit_General$bench0001`;
    entries.push({
      contentUri: `${base}/api/v1.0/t/activity/feed/audit/${id}`,
      contentId: id,
      contentType: 'Audit.General',
      contentCreated: new Date(createdMs(blob)).toISOString(),
      contentExpiration: new Date(createdMs(blob) + 20 * 24 * 3_600_000).toISOString(),
    });
  }
  const more = blob < blobCount && createdMs(blob) < to;
  url.searchParams.set('nextPage', String(blob - first));
  return { entries, next: more ? `${base}${url.pathname}${url.search}` : undefined };
}

const asked = new Map<string, number>();
const usersAsked = new Set<string>();
const arrivals: { readonly at: number; readonly units: number }[] = [];
let peakUnits = 0;
let windowUnits = 0;
let windowFrom = 0;
let lastUserAt = 0;

/** A user with $select and $expand costs 2 resource units, all else 1 (throttling limits of the identity service). */
function note(key: string, isUser: boolean): void {
  const at = Date.now();
  const units = isUser ? 2 : 1;
  asked.set(key, (asked.get(key) ?? 0) + 1);
  if (isUser && !usersAsked.has(key)) {
    usersAsked.add(key);
    lastUserAt = at;
  }
  arrivals.push({ at, units });
  windowUnits += units;
  for (
    let oldest = arrivals[windowFrom];
    oldest !== undefined && oldest.at <= at - 10_000;
    oldest = arrivals[windowFrom]
  ) {
    windowUnits -= oldest.units;
    windowFrom++;
  }
  peakUnits = Math.max(peakUnits, windowUnits);
}

const batch = z.object({ requests: z.array(z.object({ id: z.string(), url: z.string() })) });

async function graph(request: IncomingMessage, path: string): Promise<object> {
  const sent = path.endsWith('/$batch') ? batch.parse(await readJson(request)) : undefined;
  if (latencyMs > 0) await sleep(latencyMs);
  if (sent === undefined) return { value: [] };
  const responses = sent.requests.map(({ id, url }) => {
    const answer = answerTo(url);
    if (answer === undefined) return { id, status: 404, body: { error: { code: 'itemNotFound', message: 'none' } } };
    note(answer.key, answer.key.includes('@'));
    return { id, status: 200, headers: { 'content-type': 'application/json' }, body: answer.body };
  });
  return { responses };
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', base);
  const send = (value: unknown, headers: Record<string, string> = {}): void =>
    void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  const blob = /\/audit\/bench\$(\d+)\$/.exec(url.pathname)?.[1];
  if (blob !== undefined) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body(Number(blob)));
  } else if (/^\/(v1\.0|beta)\//.test(url.pathname)) {
    void graph(request, url.pathname).then(send);
  } else if (url.pathname.endsWith('/subscriptions/content')) {
    const { entries, next } = listing(url);
    send(entries, next === undefined ? {} : { NextPageUri: next });
  } else if (url.pathname.endsWith('/subscriptions/list')) {
    send([{ contentType: 'Audit.General', status: 'enabled', webhook: null }]);
  } else if (url.pathname === '/msi/token') {
    const expires = Math.floor(Date.now() / 1000) + 86_400;
    send({ access_token: 'bench', expires_on: String(expires), resource: 'bench', token_type: 'Bearer' });
  } else if (url.pathname === '/looked-up') {
    const subRequests = [...asked.values()].reduce((sum, count) => sum + count, 0);
    const twice = [...asked.values()].filter((count) => count > 1).length;
    send({ subRequests, distinct: asked.size, twice, users: usersAsked.size, lastUserAt, peakUnits });
  } else response.writeHead(404).end();
}

const server = createServer(answer);
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  process.send?.({ base });
});
process.on('disconnect', () => process.exit(0));
