/**
 * A Management Activity API that replays pre-rendered bytes, for benches only: no checks, no faults. Runs in its own
 * process. Arguments: number of blobs, share of Copilot records in percent, records per blob, bytes of one giant blob.
 */
import { createServer } from 'node:http';
import { copilotRecord, foreignRecord, ID_PLACEHOLDER } from './feed-records.ts';

const [blobCount = 100, copilotPercent = 5, recordsPerBlob = 100, giantBytes = 0] = process.argv.slice(2).map(Number);
const PAGE = 500;
const SPAN_MS = 6 * 24 * 3_600_000;
const startMs = Date.now() - SPAN_MS;

/** A blob of `count` records and where their ids stand. */
function template(count: number): { readonly bytes: Buffer; readonly idAt: readonly number[] } {
  // Copilot records stand in pure and mixed blobs alike at even distances.
  const records = Array.from({ length: count }, (_, n) =>
    Math.floor(((n + 1) * copilotPercent) / 100) > Math.floor((n * copilotPercent) / 100)
      ? copilotRecord
      : foreignRecord,
  );
  const bytes = Buffer.from(JSON.stringify(records));
  const idAt: number[] = [];
  for (let at = bytes.indexOf(ID_PLACEHOLDER); at >= 0; at = bytes.indexOf(ID_PLACEHOLDER, at + 1)) idAt.push(at);
  return { bytes, idAt };
}

const usual = template(recordsPerBlob);
const giant = giantBytes > 0 ? template(Math.ceil(giantBytes / (usual.bytes.length / recordsPerBlob))) : usual;
const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');

function body(blob: number): Buffer {
  const { bytes, idAt } = blob === 0 ? giant : usual;
  const copy = Buffer.from(bytes);
  idAt.forEach((at, n) => copy.write(`${hex(blob, 8)}-0000-4000-8000-${hex(n, 12)}`, at, 'latin1'));
  return copy;
}

const createdMs = (blob: number): number => startMs + Math.floor((blob * SPAN_MS) / blobCount);
const counts = { listings: 0, blobs: 0, records: 0, bytes: 0 };
/** Milliseconds since 1970 at which each blob was first listed. */
const listedAt: number[] = [];
let base = '';

function listing(url: URL): { readonly entries: readonly object[]; readonly next: string | undefined } {
  const from = Date.parse(`${url.searchParams.get('startTime')}Z`);
  const to = Date.parse(`${url.searchParams.get('endTime')}Z`);
  const skip = Number(url.searchParams.get('nextPage') ?? 0);
  const first = Math.max(0, Math.ceil(((from - startMs) * blobCount) / SPAN_MS));
  const entries: object[] = [];
  let blob = first + skip;
  for (; blob < blobCount && createdMs(blob) < to && entries.length < PAGE; blob++) {
    const id = `bench$${blob}$audit_general$Audit_General$bench0001`;
    listedAt[blob] ??= Date.now();
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

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', base);
  const json = (value: unknown, headers: Record<string, string> = {}): void =>
    void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
  const blob = /\/audit\/bench\$(\d+)\$/.exec(url.pathname)?.[1];
  if (blob !== undefined) {
    const bytes = body(Number(blob));
    counts.blobs++;
    counts.bytes += bytes.length;
    counts.records += blob === '0' ? giant.idAt.length : usual.idAt.length;
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length }).end(bytes);
  } else if (url.pathname.endsWith('/subscriptions/content')) {
    counts.listings++;
    const { entries, next } = listing(url);
    json(entries, next === undefined ? {} : { NextPageUri: next });
  } else if (url.pathname.endsWith('/subscriptions/list')) {
    json([{ contentType: 'Audit.General', status: 'enabled', webhook: null }]);
  } else if (url.pathname === '/msi/token') {
    const expires = Math.floor(Date.now() / 1000) + 86_400;
    json({ access_token: 'bench', expires_on: String(expires), resource: 'bench', token_type: 'Bearer' });
  } else if (url.pathname === '/counts') json(counts);
  else if (url.pathname === '/listed') json(listedAt);
  else response.writeHead(404).end();
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  base = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  process.send?.({ base, recordBytes: usual.bytes.length / recordsPerBlob });
});
process.on('disconnect', () => process.exit(0));
