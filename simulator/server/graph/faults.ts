/** Faults of Graph: the menu's part. */
import type { Fault, PassingFault } from '../fault.ts';
import { htmlReply, type Reply } from '../reply.ts';
import { refused, tooMany, toReply } from './outcome.ts';
import { wrongTypes } from './wrong-types.ts';

const graph = (description: string, passing?: Partial<PassingFault>): Fault => ({
  side: 'graph',
  description,
  ...(passing && { passing: { targets: ['graph', 'graph-batch'], share: 0.15, limit: 10, ...passing } }),
});

const failures = [
  [500, 'InternalServerError', 'The server encountered an internal error.'],
  [503, 'serviceNotAvailable', 'The service is not available. Try the request again after a delay.'],
  [504, 'UnknownError', 'The gateway timed out.'],
  [502, 'BadGateway', 'The upstream connection was closed.'],
] as const;

function failure(nth: number): Reply {
  const [status, code, text] = failures[nth % failures.length] ?? failures[0];
  return toReply(refused(status, code, text));
}

const throttled = (nth: number): Reply => toReply(tooMany(nth % 2 === 0 ? 1 : undefined));

/** Faults of Graph by name. */
export const graphFaults: Readonly<Record<string, Fault>> = {
  'graph-throttled': graph('a whole request to Graph gets 429, with Retry-After: 1 or without', {
    answer: (_call, nth) => throttled(nth),
  }),
  'graph-item-throttled': graph('single requests of a batch get 429, with Retry-After: 1 or without', {
    targets: ['graph-item'],
    answer: (_call, nth) => throttled(nth),
  }),
  'graph-errors': graph('500, 502, 503 and 504, of whole requests and of single ones inside a batch', {
    targets: ['graph', 'graph-batch', 'graph-item'],
    limit: 20,
    answer: (_call, nth) => failure(nth),
  }),
  'graph-html': graph('an HTML page instead of JSON, with 200 or 502', {
    answer: (_call, nth) => (nth % 2 === 0 ? htmlReply(200, 'Please sign in') : htmlReply(502, 'Bad Gateway')),
  }),
  'graph-wrong-types': graph('fields of wrong types, a null body, value null, arrays for texts', {
    targets: ['graph', 'graph-item'],
    alter: wrongTypes,
  }),
  'graph-slow': graph('bytes trickle over slowMs', {
    limit: 5,
    alter: (reply) => ({ ...reply, delivery: 'slow' }),
  }),
  'graph-reset': graph('the socket is destroyed before the headers, or in the middle of the body', {
    alter: (reply, _call, nth) => ({ ...reply, delivery: nth % 2 === 0 ? 'reset-before' : 'reset-within' }),
  }),
  'graph-hang': graph('a request is read and never answered', {
    share: 0.1,
    limit: 2,
    answer: (_call, nth) => ({ ...failure(nth), delivery: 'hang' }),
  }),
  'graph-not-found': graph('a few users and files are gone for good'),
  'graph-forbidden': graph('403 for a while although the role is there', {
    targets: ['graph', 'graph-item'],
    limit: 5,
    answer: () =>
      toReply(refused(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.')),
  }),
};
