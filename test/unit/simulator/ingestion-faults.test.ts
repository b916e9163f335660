import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { faultMenu } from '../../../simulator/server/faults.ts';
import { chunkKey } from '../../../simulator/server/ingestion-faults.ts';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import {
  audit,
  problem,
  publisherToken,
  sdkClient,
  send,
  streams,
  table,
  toRows,
  type Sent,
} from './ingestion-harness.ts';
import { hourMs, now, readAll, someBlobs, started } from './server-harness.ts';

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});
async function start(fault: string, options: SimulatorOptions = {}): Promise<Simulator> {
  const sim = await started({ streams, faults: fault === '' ? [] : [fault], ...options });
  running.push(sim);
  return sim;
}
const rowId = (number: number): string => `0b10b000-0000-4000-8000-${String(number).padStart(12, '0')}`;
type Rows = readonly Readonly<Record<string, unknown>>[];

/** Chunks of two rows, no RecordId twice. */
const chunks = (count: number): readonly Rows[] =>
  Array.from({ length: count }, (_, index) => toRows(2 * count).slice(2 * index, 2 * index + 2));

const firstHits: readonly (readonly [string, (answer: Sent) => void])[] = [
  ['ingestion-429', (a) => expect([a.status, a.headers['retry-after']]).toEqual([429, '1'])],
  ['ingestion-429-bare', (a) => expect([a.status, a.headers['retry-after']]).toEqual([429, undefined])],
  ['ingestion-429-huge', (a) => expect([a.status, a.headers['retry-after']]).toEqual([429, '86400'])],
  ['ingestion-503', (a) => expect(problem(a)).toEqual([503, 'ServiceUnavailable', 'ServiceUnavailable'])],
  [
    'ingestion-413',
    (a) => expect(problem(a)).toEqual([413, 'ContentLengthLimitExceeded', 'ContentLengthLimitExceeded']),
  ],
];
test.for(firstHits)('%s is seen once, stores nothing, and the next try is good', async ([fault, check]) => {
  const sim = await start(fault);
  check(await send(sim, { rows: toRows(2), gzip: true }));
  expect(sim.stored(table)).toEqual([]);
  // The same chunk, stamped anew.
  expect((await send(sim, { rows: toRows(2, { When: new Date().toISOString() }), gzip: true })).status).toBe(204);
  expect(sim.stored(table)).toHaveLength(2);
  expect(sim.report().faults).toEqual({ [fault]: 1 });
});

test('ingestion-429-huge happens once in all', async () => {
  const sim = await start('ingestion-429-huge');
  const statuses = [];
  for (const rows of chunks(10)) statuses.push((await send(sim, { rows })).status);
  expect(statuses).toEqual([429, ...Array.from({ length: 9 }, () => 204)]);
});

test('ingestion-hang never answers, and closing ends the socket', async () => {
  const sim = await start('ingestion-hang');
  let outcome = 'open';
  const pending = send(sim, { rows: toRows(1) }).then(
    () => (outcome = 'answered'),
    () => (outcome = 'broken'),
  );
  await expect.poll(() => sim.report().ingestion.requests).toEqual({ hang: 1 });
  await pause(50);
  expect([outcome, sim.stored(table).length]).toEqual(['open', 0]);
  await sim.close();
  await pending;
  expect(outcome).toBe('broken');
});

test('ingestion-reset-before breaks in the middle of the body and stores nothing', async () => {
  const sim = await start('ingestion-reset-before');
  const rows = toRows(400, { Text: 'x'.repeat(2000) });
  await expect(send(sim, { rows })).rejects.toThrow(/ECONNRESET|EPIPE|socket/);
  expect(sim.stored(table)).toEqual([]);
  expect((await send(sim, { rows })).status).toBe(204);
  expect(sim.report().ingestion.requests).toEqual({ reset: 1, '204': 1 });
});

test('ingestion-reset-before does not wait for the end of the body', async () => {
  const sim = await start('ingestion-reset-before');
  const token = await publisherToken(sim);
  const rows = JSON.stringify(toRows(10));
  const socket = connect({ port: Number(new URL(sim.ingestionUrl).port), host: '127.0.0.1', ca: sim.ca });
  const gone = new Promise((resolve) => socket.once('close', resolve));
  socket.on('error', () => undefined).resume();
  socket.write(
    `POST /dataCollectionRules/${sim.immutableId}/streams/${audit}?api-version=2023-01-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${rows.length}\r\n\r\n${rows.slice(0, -10)}`,
  );
  await gone;
  expect(sim.report().faults).toEqual({ 'ingestion-reset-before': 1 });
});

test('a chunk is known again by its first RecordId, or by its beginning without times', () => {
  const key = (rows: Rows): string => chunkKey(Buffer.from(JSON.stringify(rows)));
  const at = (time: string, more: object): Rows => [{ TimeGenerated: time, ...more }, { TimeGenerated: time }];
  const [early, late] = ['2026-11-20T12:00:00.000Z', '2026-11-20T12:00:07.123Z'];
  expect(key(at(early, { RecordId: 'a' }))).toBe(key(at(late, { RecordId: 'a' })));
  expect(key(at(early, { RecordId: 'a' }))).not.toBe(key(at(early, { RecordId: 'b' })));
  expect(key(at(early, { HealthKind: 'gap' }))).toBe(key(at(late, { HealthKind: 'gap' })));
  expect(key(at(early, { HealthKind: 'gap' }))).not.toBe(key(at(early, { HealthKind: 'parked' })));
});

test('ingestion-reset-after stores everything and breaks: a retry makes copies', async () => {
  const sim = await start('ingestion-reset-after');
  await expect(send(sim, { rows: toRows(3) })).rejects.toThrow(/ECONNRESET|socket/);
  expect(sim.stored(table)).toHaveLength(3);
  expect((await send(sim, { rows: toRows(3) })).status).toBe(204);
  expect(sim.report()).toMatchObject({
    ids: { stored: [rowId(1), rowId(2), rowId(3)], storedTwice: 3 },
    ingestion: { requests: { reset: 1, '204': 1 }, rowsAccepted: 6 },
  });
});

test('ingestion-403-at-first refuses a number of requests, or for some seconds', async () => {
  const byCount = await start('ingestion-403-at-first', { switches: { roleAfterRequests: 3 } });
  const statuses = [];
  for (let sent = 0; sent < 5; sent += 1) statuses.push((await send(byCount, { rows: toRows(1) })).status);
  expect(statuses).toEqual([403, 403, 403, 204, 204]);
  expect(byCount.report().faults).toEqual({ 'ingestion-403-at-first': 3 });
  const bySeconds = await start('ingestion-403-at-first', {
    switches: { roleAfterRequests: 0, roleAfterSeconds: 0.5 },
  });
  expect(problem(await send(bySeconds, { rows: toRows(1) }))).toEqual([403, 'OperationFailed', 'OperationFailed']);
  await expect.poll(async () => (await send(bySeconds, { rows: toRows(1) })).status, { timeout: 5000 }).toBe(204);
});

test('ingestion-413 never strikes one row alone, nor the same chunk twice', async () => {
  const sim = await start('ingestion-413');
  for (let number = 1; number <= 30; number += 1)
    expect((await send(sim, { rows: toRows(number).slice(-1) })).status).toBe(204);
  const many = chunks(30);
  const first = await Promise.all(many.map((rows) => send(sim, { rows })));
  expect(first.filter(({ status }) => status === 413).length).toBeGreaterThan(1);
  const refused = many.filter((_, index) => first[index]?.status === 413);
  for (const rows of refused) expect((await send(sim, { rows })).status).toBe(204);
});

test('ingestion-400-row refuses every chunk with one of its rows, and the report names what came', async () => {
  const sim = await start('ingestion-400-row', { blobs: someBlobs(24) });
  const rows = toRows(24);
  expect(problem(await send(sim, { rows }))).toEqual([400, 'InvalidRecord', 'InvalidRecord']);
  expect(sim.stored(table)).toEqual([]);
  const { rowsRefused } = sim.report().ingestion;
  expect(rowsRefused).toHaveLength(1);
  for (const row of rows) {
    const { status } = await send(sim, { rows: [row] });
    expect(status).toBe(rowsRefused.includes(row.RecordId) ? 400 : 204);
  }
  expect(sim.report().ids.notStored).toEqual(rowsRefused);
  // Only audit rows: whatever names the record elsewhere is accepted.
  const other = await send(sim, { rows: [{ RecordId: rowsRefused[0], Text: 'put aside' }], stream: 'Custom-Other_CL' });
  expect(other.status).toBe(204);
  const again = await start('ingestion-400-row', { blobs: someBlobs(24) });
  await send(again, { rows });
  expect(again.report().ingestion.rowsRefused).toEqual(rowsRefused);
});

test('ingestion-400-row never chooses a row that no client can read', async () => {
  const blobs = someBlobs(3).map((one, index) => (index === 0 ? one : { ...one, visibleMs: now + hourMs }));
  const sim = await start('ingestion-400-row', { blobs });
  await send(sim, { rows: toRows(3) });
  expect(sim.report().ingestion.rowsRefused).toEqual([rowId(1)]);
});

test('an ingestion fault leaves the feed alone, and a fault of the feed the ingestion', async () => {
  const sim = await start('', {
    faults: Object.keys(faultMenu).filter((name) => faultMenu[name]?.side === 'ingestion'),
  });
  await readAll(sim);
  expect(sim.report().faults).toEqual({});
  const feed = await start('', { faults: ['throttle-403', 'server-error', 'reset'] });
  for (const rows of chunks(20)) expect((await send(feed, { rows })).status).toBe(204);
});

const ofIngestion = Object.keys(faultMenu).filter((name) => faultMenu[name]?.side === 'ingestion');

/** Sends a chunk until it is accepted, as a careful client does; ends with what cannot be sent. */
async function persist(sim: Simulator, rows: Rows): Promise<Rows> {
  for (let tries = 0; tries < 6; tries += 1) {
    const answer = await Promise.race([
      send(sim, { rows, gzip: true }).catch(() => undefined),
      // What hangs is given up.
      pause(500, undefined),
    ]);
    if (answer?.status === 204) return [];
    if (answer?.status === 400 || answer?.status === 413) {
      if (rows.length === 1) return rows;
      const half = Math.ceil(rows.length / 2);
      return [...(await persist(sim, rows.slice(0, half))), ...(await persist(sim, rows.slice(half)))];
    }
  }
  throw new Error('refused six times');
}

const mixes: readonly (readonly [number, readonly string[]])[] = [
  ...ofIngestion.map((name) => [1, [name]] as const),
  ...[1, 2, 3, 4, 5].map((seed) => [seed, ofIngestion] as const),
];
test.for(mixes)('a client that retries and splits gets through, seed %i, %j', async ([seed, faults]) => {
  const sim = await start('', { seed, faults, blobs: someBlobs(24) });
  const all = toRows(24);
  const left: Rows[] = [];
  for (let first = 0; first < all.length; first += 6) left.push(await persist(sim, all.slice(first, first + 6)));
  const report = sim.report();
  expect(left.flat().map((row) => row['RecordId'])).toEqual(report.ingestion.rowsRefused);
  expect(report.ids.notStored).toEqual(report.ingestion.rowsRefused);
  for (const name of faults.length === 1 ? faults : []) expect(report.faults[name], name).toBeGreaterThan(0);
  if (faults.length > 1) expect(Object.keys(report.faults).length).toBeGreaterThan(4);
});

// Microsoft's client does not retry a bare 429, splits nothing, has no timeout, and would wait a day.
const forSdk = ['ingestion-429', 'ingestion-503', 'ingestion-reset-before', 'ingestion-reset-after'];
test.for(forSdk)("Microsoft's client gets through %s", async (fault) => {
  const sim = await start(fault);
  await sdkClient(sim).upload(sim.immutableId, audit, toRows(1500, { Text: 'x'.repeat(1500) }));
  const { ids, faults } = sim.report();
  expect(ids.stored).toHaveLength(1500);
  expect(ids.storedTwice > 0).toBe(fault === 'ingestion-reset-after');
  expect(faults[fault]).toBeGreaterThan(0);
});

test("Microsoft's client reports the code of a refusal", async () => {
  const sim = await start('', { switches: { publishers: [] } });
  const failed = sdkClient(sim).upload(sim.immutableId, audit, toRows(1));
  await expect(failed).rejects.toMatchObject({
    errors: [{ cause: { statusCode: 403, code: 'OperationFailed' }, failedLogs: [{ RecordId: rowId(1) }] }],
  });
});
