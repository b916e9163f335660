/** Faults of audit queries: the menu's part. Those without `passing` are done by the service, each within its limit. */
import type { Fault, PassingFault } from '../fault.ts';
import type { Reply } from '../reply.ts';
import { refused, tooMany, toReply } from './outcome.ts';

/** How a query ends otherwise than well; no span of time meets more than one of them. */
export type QueryFate = 'failed' | 'cancelled' | 'never-finishes' | 'gone';

/** Fates by fault, and how many queries each meets at most: whoever asks again for the span gets it. */
export const queryFates = {
  'audit-query-failed': { fate: 'failed', limit: 3 },
  'audit-query-cancelled': { fate: 'cancelled', limit: 2 },
  'audit-query-never-finishes': { fate: 'never-finishes', limit: 2 },
  'audit-query-gone': { fate: 'gone', limit: 2 },
} as const satisfies Readonly<Record<string, { readonly fate: QueryFate; readonly limit: number }>>;

const auditQuery = (description: string, passing?: Partial<PassingFault>): Fault => ({
  side: 'audit-query',
  description,
  ...(passing && { passing: { targets: ['audit-query-read'], share: 0.3, limit: 10, ...passing } }),
});

const failures = [
  [400, 'BadRequest', 'The request could not be processed.'],
  [403, 'Forbidden', 'The request was not authorized.'],
  [500, 'UnknownError', ''],
] as const;

function failure(nth: number): Reply {
  const [status, code, text] = failures[nth % failures.length] ?? failures[0];
  return toReply(refused(status, code, text));
}

/** Faults of audit queries by name. */
export const auditQueryFaults: Readonly<Record<string, Fault>> = {
  'audit-query-transient': auditQuery('400, 403 and 500 while a query or its records are read, and good then', {
    answer: (_call, nth) => failure(nth),
  }),
  'audit-query-throttled': auditQuery('a new query gets 429 with Retry-After: 1', {
    targets: ['audit-query-create'],
    limit: 5,
    answer: () => toReply(tooMany(1)),
  }),
  'audit-query-lost-answer': auditQuery('a query is made, and the answer that would name it is a 504', {
    targets: ['audit-query-create'],
    limit: 2,
    alter: () => toReply(refused(504, 'UnknownError', 'The gateway timed out.')),
  }),
  'audit-query-failed': auditQuery('up to three queries end as failed'),
  'audit-query-cancelled': auditQuery('up to two queries end as cancelled'),
  'audit-query-never-finishes': auditQuery('up to two queries run for ever'),
  'audit-query-gone': auditQuery(
    'up to two queries answer 404 once they would be done, as if somebody had deleted them',
  ),
  'audit-query-drift': auditQuery(
    'the first two readings of a query lack some records, each others; up to twenty readings',
  ),
  'audit-query-poison-page': auditQuery('the page that one record is on answers 500 for good'),
  'audit-query-duplicates': auditQuery('pages begin with the last record of the page before; up to a hundred pages'),
};
