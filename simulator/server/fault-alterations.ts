import { gzipSync } from 'node:zlib';
import { apiError } from './api-errors.ts';
import type { Alteration, FaultCall } from './fault.ts';
import type { Reply } from './reply.ts';

/** Cuts a text body inside its last record, so that what is left is no valid JSON. */
export function cut(reply: Reply): Reply {
  if (typeof reply.body !== 'string') return reply;
  const lastRecord = Math.max(reply.body.lastIndexOf('{"'), 0);
  const at = Math.floor((lastRecord + reply.body.length - 1) / 2);
  return { ...without(reply), body: reply.body.slice(0, Math.max(1, at)) };
}

/** The same answer without the promise that it counts as served. */
function without(reply: Reply): Reply {
  return { status: reply.status, headers: reply.headers, body: reply.body, delivery: reply.delivery };
}

const hasPage = (reply: Reply): boolean => Object.hasOwn(reply.headers, 'NextPageUri');

const withPage = (reply: Reply, uri: string): Reply => ({
  ...without(reply),
  headers: { ...reply.headers, NextPageUri: uri },
});

function badRetryAfter(call: FaultCall, nth: number): Reply {
  // RFC 9110 allows delay-seconds or an HTTP date; the others are garbage that front doors have been seen to send.
  const forms = ['soon', '-5', new Date(call.nowMs + 1000).toUTCString()];
  const reply = apiError('AF429', 'GetBlob', call.publisherId);
  return { ...reply, status: 429, headers: { ...reply.headers, 'Retry-After': forms[nth % forms.length] ?? '' } };
}

function badHeaders(reply: Reply, call: FaultCall, nth: number): Reply | undefined {
  const uri = reply.headers['NextPageUri'];
  if (uri !== undefined) {
    return withPage(reply, nth % 2 === 0 ? uri.slice(uri.indexOf('/api/')) : uri.replace(/\/\/[^/]+/, '//[not-a-host'));
  }
  if (nth % 4 < 3) return badRetryAfter(call, nth);
  return {
    ...reply,
    headers: Object.fromEntries(Object.entries(reply.headers).filter(([name]) => name !== 'Content-Type')),
  };
}

function oddEntries(reply: Reply): Reply | undefined {
  if (typeof reply.body !== 'string') return undefined;
  const entries: unknown = JSON.parse(reply.body);
  if (!Array.isArray(entries) || entries.length === 0) return undefined;
  const first: unknown = entries[0];
  const fields = typeof first === 'object' && first !== null ? Object.entries(first) : [];
  const copy = (missing: string): unknown => Object.fromEntries(fields.filter(([name]) => name !== missing));
  return { ...reply, body: JSON.stringify([null, copy('contentId'), ...entries, copy('contentUri'), {}]) };
}

// 16 MiB of blanks shrink to some 16 KB; gzip members may be chained (RFC 1952 2.2), so 72 of them are 1.2 GB.
const bombMemberBytes = 16 * 1_048_576;
const bombMembers = 72;

async function* bomb(): AsyncGenerator<Buffer> {
  const blanks = gzipSync(Buffer.alloc(bombMemberBytes, ' '), { level: 1 });
  yield gzipSync('[');
  for (let sent = 0; sent < bombMembers; sent += 1) yield blanks;
  yield gzipSync(']');
}

/** What the passing faults do to an answer. */
export const alterations = {
  truncated: (reply, _call, nth) => (nth % 2 === 0 ? cut(reply) : { ...cut(reply), delivery: 'close-delimited' }),
  slow: (reply) => ({ ...reply, delivery: 'slow' }),
  reset: (reply, _call, nth) => ({ ...without(reply), delivery: nth % 2 === 0 ? 'reset-before' : 'reset-within' }),
  foreignPage: (reply, call) =>
    hasPage(reply)
      ? withPage(reply, (reply.headers['NextPageUri'] ?? '').replace(/^https:\/\/[^/]+/, call.foreignOrigin))
      : undefined,
  gzipBomb: (reply, call) =>
    call.acceptsGzip
      ? { ...without(reply), headers: { ...reply.headers, 'Content-Encoding': 'gzip' }, body: bomb() }
      : undefined,
  badHeaders,
  oddEntries,
} as const satisfies Readonly<Record<string, Alteration>>;
