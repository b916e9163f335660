/** Faults of ingestion requests: the menu's part, and what they need to know of a chunk. */
import { createHash } from 'node:crypto';
import type { FeedBlob } from '../feed-blob.ts';
import { chance } from './chance.ts';
import type { Fault, PassingFault } from './fault.ts';
import { contentTooLong, ingestionError, tooManyRequests } from './ingestion-errors.ts';
import type { Reply } from './reply.ts';

// UNVERIFIED: the code and text of a 503.
const unavailable = (): Reply =>
  ingestionError(503, 'ServiceUnavailable', 'The service is temporarily unavailable. Retry the request.');

const ingestion = (description: string, passing?: Partial<PassingFault>): Fault => ({
  side: 'ingestion',
  description,
  ...(passing && { passing: { targets: ['ingestion'], share: 0.15, limit: 20, ...passing } }),
});

/** Faults of ingestion requests by name. */
export const ingestionFaults: Readonly<Record<string, Fault>> = {
  'ingestion-429': ingestion('429 with Retry-After: 1', { answer: () => tooManyRequests(1) }),
  'ingestion-429-bare': ingestion('429 without Retry-After', { answer: () => tooManyRequests(undefined) }),
  'ingestion-429-huge': ingestion('429 with Retry-After: 86400, once', {
    share: 1,
    limit: 1,
    answer: () => tooManyRequests(86_400),
  }),
  'ingestion-503': ingestion('503 with an error body', { answer: unavailable }),
  'ingestion-hang': ingestion('a request is read and never answered; its socket dies when the simulator ends', {
    share: 0.1,
    limit: 2,
    answer: () => ({ ...unavailable(), delivery: 'hang' }),
  }),
  'ingestion-reset-before': ingestion('the socket is destroyed when half of the body is read; nothing is stored', {
    targets: ['ingestion-half'],
    answer: () => ({ ...unavailable(), delivery: 'reset-before' }),
  }),
  'ingestion-reset-after': ingestion('everything is stored, then the socket is destroyed: a retry makes duplicates', {
    alter: (reply) => ({ status: reply.status, headers: reply.headers, body: '', delivery: 'reset-before' }),
  }),
  'ingestion-403-at-first': ingestion('403 until the role is there: switches roleAfterRequests, roleAfterSeconds'),
  'ingestion-413': ingestion('413 for a chunk of several rows below the limit, once per chunk', {
    share: 0.5,
    limit: 10,
    // One row alone can be split no further: to refuse it would be to lose it.
    answer: (call) => ((call.rows ?? 0) > 1 ? contentTooLong(1_048_576) : undefined),
  }),
  'ingestion-400-row': ingestion('400 for every chunk that holds one of a few rows; the report names their RecordIds'),
};

const refusedShare = 0.002;
const maxRefused = 20;
const listableMs = 6 * 86_400_000;

/** RecordIds that `ingestion-400-row` never accepts: a few of those that a client can read, at least one. */
export function refusedIds(options: {
  readonly blobs: readonly FeedBlob[];
  readonly unavailable: readonly string[];
  readonly seed: number | string;
  readonly nowMs: number;
}): ReadonlySet<string> {
  const gone = new Set(options.unavailable);
  const readable = options.blobs.filter(
    (blob) =>
      blob.visibleMs <= options.nowMs && blob.createdMs > options.nowMs - listableMs && !gone.has(blob.contentId),
  );
  const ids = Array.from(new Set(readable.flatMap(({ copilotIds }) => copilotIds)), (id) => ({
    id,
    order: chance(options.seed, 'ingestion-400-row', id),
  })).sort((a, b) => a.order - b.order);
  const wanted = Math.min(maxRefused, Math.max(1, Math.round(ids.length * refusedShare)));
  return new Set(ids.slice(0, wanted).map(({ id }) => id));
}

/**
 * What stays the same when a chunk is tried again, from its inflated body or the beginning of that: the RecordId of its
 * first row, or its first characters without times, because a client stamps rows at every try.
 */
export function chunkKey(body: Buffer): string {
  const text = body.toString();
  const id = /"RecordId":\s*"([^"]*)"/.exec(text)?.[1];
  const start = text.slice(0, 512).replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z?/g, '');
  return id ?? createHash('sha256').update(start).digest('hex');
}
