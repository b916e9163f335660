/**
 * A data collection endpoint that accepts and discards, over HTTPS; in a process of its own, for benches only. With the
 * argument `read-rows` it notes when the row of each record came, with `digest` which ids came for each day of events;
 * it tells the parent when asked.
 */
import { createServer } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { idDigest, type IdDigest } from '../../simulator/id-digest.ts';
import { certificates } from '../../simulator/server/certificates.ts';

const mode = process.argv[2];
const readsRows = mode === 'read-rows' || mode === 'digest';
const { ca, server: tls } = await certificates();
/** Record id and milliseconds since 1970. */
const acceptedAt: [string, number][] = [];
/** By UTC day of the event. */
const digests = new Map<string, IdDigest>();
const rowsShape = z.array(z.object({ RecordId: z.string(), EventTime: z.string() }));

function digest(text: string): void {
  for (const { RecordId, EventTime } of rowsShape.parse(JSON.parse(text))) {
    const day = EventTime.slice(0, 10);
    const ids = digests.get(day) ?? idDigest();
    digests.set(day, ids);
    ids.add(RecordId);
  }
}

function note(text: string): void {
  const now = Date.now();
  for (const [, id] of text.matchAll(/"RecordId":"([^"]+)"/g)) if (id !== undefined) acceptedAt.push([id, now]);
}

const server = createServer({ ...tls, keepAliveTimeout: 60_000 }, (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => {
    if (readsRows) parts.push(part);
  });
  request.on('end', () => {
    if (readsRows && request.url?.includes('CopilotAudit_CL') === true) {
      const text = gunzipSync(Buffer.concat(parts)).toString();
      if (mode === 'digest') digest(text);
      else note(text);
    }
    response.writeHead(204).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.send?.({ base: `https://127.0.0.1:${port}`, ca });
});
const digested = (): object => Object.fromEntries(Array.from(digests, ([day, ids]) => [day, ids.value()]));
process.on('message', () => process.send?.(mode === 'digest' ? digested() : acceptedAt));
process.on('disconnect', () => process.exit(0));
