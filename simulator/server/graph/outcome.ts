/** An answer of Graph before it is put on the wire, alone or as an item of a batch. */
import { randomUUID } from 'node:crypto';
import { GRAPH_CANARIES } from '../../canaries.ts';
import type { Reply } from '../reply.ts';

/** Status, headers and a JSON value; `file` instead of the value when the answer is no JSON. */
export interface Outcome {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: unknown;
  readonly file?: Buffer;
}

/** A good answer. */
export function found(value: unknown): Outcome {
  return { status: 200, headers: jsonHeaders, value };
}

const jsonHeaders = {
  'Cache-Control': 'no-cache',
  'OData-Version': '4.0',
  'Content-Type': 'application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8',
};

/** An error in the envelope of Graph: `{"error":{"code","message","innerError":{"date","request-id","client-request-id"}}}`. */
export function refused(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Outcome {
  const id = randomUUID();
  const innerError = { date: new Date().toISOString().slice(0, 19), 'request-id': id, 'client-request-id': id };
  return {
    status,
    headers: { 'Cache-Control': 'no-cache', 'Content-Type': 'application/json', 'request-id': id, ...headers },
    value: { error: { code, message, innerError } },
  };
}

/** 404 of the directory. */
export function notInDirectory(id: string): Outcome {
  return refused(
    404,
    'Request_ResourceNotFound',
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present. ${GRAPH_CANARIES[0]}`,
  );
}

/** 404 of drives and sites. */
export function noItem(): Outcome {
  return refused(404, 'itemNotFound', `The resource could not be found. ${GRAPH_CANARIES[0]}`);
}

/** 429 of an item or a request; `seconds` undefined leaves out Retry-After. */
export function tooMany(seconds: number | undefined): Outcome {
  return refused(
    429,
    'TooManyRequests',
    'Too many requests.',
    seconds === undefined ? {} : { 'Retry-After': String(seconds) },
  );
}

/** The answer to a request of its own. */
export function toReply(outcome: Outcome): Reply {
  return {
    status: outcome.status,
    headers: outcome.headers,
    body: outcome.file ?? (outcome.value === undefined ? '' : JSON.stringify(outcome.value)),
    delivery: 'whole',
  };
}

/** The other way round, for answers that a fault has changed; what is no JSON stays a file. */
export function toOutcome(reply: Reply): Outcome {
  const { status, headers, body } = reply;
  if (typeof body !== 'string') return { status, headers, value: undefined };
  try {
    return { status, headers, value: JSON.parse(body) };
  } catch {
    return { status, headers, value: undefined, file: Buffer.from(body) };
  }
}
