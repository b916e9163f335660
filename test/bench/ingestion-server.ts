/**
 * A data collection endpoint that accepts and discards, over HTTPS; in a process of its own, for benches only. With the
 * argument `read-rows` it notes when the row of each record came, and tells the parent when asked.
 */
import { createServer } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { certificates } from '../../simulator/server/certificates.ts';

const readsRows = process.argv[2] === 'read-rows';
const { ca, server: tls } = await certificates();
/** Record id and milliseconds since 1970. */
const acceptedAt: [string, number][] = [];

const server = createServer({ ...tls, keepAliveTimeout: 60_000 }, (request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => {
    if (readsRows) parts.push(part);
  });
  request.on('end', () => {
    if (readsRows && request.url?.includes('CopilotAudit_CL') === true) {
      const now = Date.now();
      for (const [, id] of gunzipSync(Buffer.concat(parts))
        .toString()
        .matchAll(/"RecordId":"([^"]+)"/g)) {
        if (id !== undefined) acceptedAt.push([id, now]);
      }
    }
    response.writeHead(204).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.send?.({ base: `https://127.0.0.1:${port}`, ca });
});
process.on('message', () => process.send?.(acceptedAt));
process.on('disconnect', () => process.exit(0));
