import { request } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import type { Simulator, SimulatorOptions } from '../../../simulator/simulator.ts';
import { audit, publisherToken, send, streams, table, toRows } from './ingestion-harness.ts';
import { accessToken, ask, contentPath, feedPath, hourMs, now, someBlobs, started } from './server-harness.ts';

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((sim) => sim.close()));
});
async function start(options: SimulatorOptions): Promise<Simulator> {
  const sim = await started({ streams, ...options });
  running.push(sim);
  return sim;
}

test('of ingestion: half a body is read before received, rows are in before stored, answered comes last', async () => {
  const seen: string[] = [];
  const sim = await start({
    onIngestion: async (moment, n) => {
      await pause(5);
      seen.push(`${moment} ${n}: ${sim.stored(table).length} rows`);
    },
  });
  await send(sim, { rows: toRows(2) });
  await send(sim, { rows: toRows(1), token: 'a.b.c' });
  await expect
    .poll(() => seen)
    .toEqual([
      'received 1: 0 rows',
      'stored 1: 2 rows',
      'answered 1: 2 rows',
      'received 2: 2 rows',
      'answered 2: 2 rows',
    ]);
});

test('the server waits: at received the body goes no further, at stored no answer comes', async () => {
  for (const held of ['received', 'stored'] as const) {
    let release = (): void => undefined;
    let isHeld = false;
    const sim = await start({
      onIngestion: (moment) => {
        if (moment !== held) return undefined;
        isHeld = true;
        return new Promise<void>((resolve) => (release = resolve));
      },
    });
    let status = 0;
    const pending = send(sim, { rows: toRows(2) }).then((answer) => (status = answer.status));
    await expect.poll(() => isHeld).toBe(true);
    await pause(30);
    expect([status, sim.stored(table).length]).toEqual([0, held === 'stored' ? 2 : 0]);
    release();
    await pending;
    expect(status).toBe(204);
  }
});

test('a client that dies at received stores nothing of a body that it had not sent', async () => {
  let received = (): void => undefined;
  const atReceived = new Promise<void>((resolve) => (received = resolve));
  const sim = await start({ onIngestion: (moment) => (moment === 'received' ? received() : undefined) });
  const token = await publisherToken(sim);
  const rows = JSON.stringify(toRows(10));
  const socket = connect({ port: Number(new URL(sim.ingestionUrl).port), host: '127.0.0.1', ca: sim.ca });
  socket.write(
    `POST /dataCollectionRules/${sim.immutableId}/streams/${audit}?api-version=2023-01-01 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\nContent-Type: application/json\r\nContent-Length: ${rows.length}\r\n\r\n${rows.slice(0, -10)}`,
  );
  await atReceived;
  socket.destroy();
  await pause(50);
  expect([sim.stored(table), sim.report().ingestion.requests]).toEqual([[], {}]);
});

test('of the feed: listings and blobs are counted apart, and half of a blob is on the wire at blob-half', async () => {
  const seen: string[] = [];
  let got = 0;
  let gotAtHalf = 0;
  const sim = await start({
    blobs: someBlobs(2).map((one) => ({ ...one, body: () => JSON.stringify(['x'.repeat(400_000)]) })),
    onFeed: async (moment, n) => {
      seen.push(`${moment} ${n}`);
      if (moment !== 'blob-half' || n !== 2) return;
      // Everything that was written is read before the rest comes.
      await expect.poll(() => got).toBe(200_002);
      await pause(30);
      gotAtHalf = got;
    },
  });
  const token = await accessToken(sim);
  await ask(sim, contentPath(sim, now - 24 * hourMs, now), { token });
  await ask(sim, feedPath(sim, `audit/${sim.blobs[0]?.contentId}`), { token });
  const path = feedPath(sim, `audit/${sim.blobs[1]?.contentId}`);
  await new Promise<void>((resolve) => {
    request(`${sim.url}${path}`, { ca: sim.ca, headers: { Authorization: `Bearer ${token}` }, agent: false }, (res) =>
      res.on('data', (piece: Buffer) => (got += piece.length)).on('end', resolve),
    ).end();
  });
  expect([gotAtHalf, got]).toEqual([200_002, 400_004]);
  await expect.poll(() => seen).toEqual(['listing 1', 'blob-half 1', 'blob-sent 1', 'blob-half 2', 'blob-sent 2']);
  expect(sim.report().blobs.once).toBe(2);
});
