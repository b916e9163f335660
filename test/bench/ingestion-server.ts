/**
 * A data collection endpoint that accepts and discards, over HTTPS; in a process of its own, for benches only. With the
 * argument `read-rows` it notes when the row of each record came.
 */
import { createServer } from 'node:https';
import { gunzipSync } from 'node:zlib';
import { certificates } from '../../simulator/server/certificates.ts';

const reads = process.argv[2] === 'read-rows';
const { ca, server: tls } = await certificates();
const counts = { requests: 0, wireBytes: 0 };
/** Milliseconds since 1970 at which the row of a record was accepted, by record id. */
const acceptedAt: [string, number][] = [];

const server = createServer({ ...tls, keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.url === '/counts') {
    response.end(JSON.stringify(counts));
    return;
  }
  if (request.url === '/accepted') {
    response.end(JSON.stringify(acceptedAt));
    return;
  }
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => {
    counts.wireBytes += part.length;
    if (reads) parts.push(part);
  });
  request.on('end', () => {
    counts.requests++;
    if (reads && request.url?.includes('CopilotAudit_CL') === true) {
      const text = gunzipSync(Buffer.concat(parts)).toString();
      const now = Date.now();
      for (const [, id] of text.matchAll(/"RecordId":"([^"]+)"/g)) acceptedAt.push([id ?? '', now]);
    }
    response.writeHead(204).end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({
    base: `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    ca,
  });
});
process.on('disconnect', () => process.exit(0));
