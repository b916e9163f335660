/** The calls of an audit query (Microsoft Graph, security/auditLog/queries). */
import { z } from 'zod';
import type { DirectAnswer, DirectGraph } from '../../graph/direct.ts';
import { knownOperations } from '../../records/operations.ts';
import { PAGE_SIZE, RECORD_LIMIT } from './options.ts';
import type { Query } from './place.ts';
import { toTimes, type Window } from './windows.ts';

/** Why a call gave nothing. `gone`: there is no such query; `transient`: another try may help; `forbidden`: it may be that, too. */
export interface Trouble {
  readonly ok: false;
  readonly kind: 'gone' | 'throttled' | 'forbidden' | 'transient';
  readonly detail: string;
  /** How long nothing may be sent; 0 when nothing was said. */
  readonly waitMs: number;
}
export type Asked<T> = { readonly ok: true; readonly value: T } | Trouble;

/** What becomes of a query; what is not known of counts as running. */
export interface QueryStatus {
  readonly state: 'running' | 'succeeded' | 'failed';
  /** As it was sent. */
  readonly word: string;
  readonly isTruncated: boolean;
  /** Most records that it can give. */
  readonly limit: number;
}

/** What is asked for: events of a window, by the names of their operations; `name` tells the query from all others. */
export interface Request {
  readonly name: string;
  readonly window: Window;
  /** Beside those that every collector knows. */
  readonly operations: readonly string[];
}

/** A page of the records of a query. */
export interface Page {
  readonly items: readonly unknown[];
  readonly next: string | undefined;
}

/** Audit queries. No call rejects unless its signal aborts. */
export interface AuditQueryApi {
  /** Whether this version of Graph has audit queries; `gone`: it has not. */
  probe(version: Query['version'], signal: AbortSignal): Promise<Asked<true>>;
  /** Makes a query; resolves to its id. */
  create(version: Query['version'], request: Request, signal: AbortSignal): Promise<Asked<string>>;
  /** The id of the query of this name, which may have been made though no answer came; undefined: there is none. */
  find(version: Query['version'], name: string, signal: AbortSignal): Promise<Asked<string | undefined>>;
  status(query: Query, signal: AbortSignal): Promise<Asked<QueryStatus>>;
  /** A page of records: the first, or the one that `next` of the page before names. */
  page(query: Query, next: string | undefined, signal: AbortSignal): Promise<Asked<Page>>;
  /** Deletes a query, which frees its slot. */
  remove(query: Query, signal: AbortSignal): Promise<Asked<true>>;
}

// Queries that wait for their deletion are few; a list that does not end holds none of ours.
const LIST_PAGES = 20;

const createdShape = z.object({ id: z.string().min(1) });
const statusShape = z.object({
  status: z.string(),
  approximateReturnedRecordCount: z.number().nullish().catch(null),
  recordCountLimit: z.number().positive().nullish().catch(null),
  isRecordCountLimitExceeded: z.boolean().nullish().catch(null),
});
const listShape = z.object({
  value: z.array(z.looseObject({ id: z.string(), displayName: z.string().nullish() })),
  '@odata.nextLink': z.string().nullish(),
});
const pageShape = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });

const STATES: Readonly<Record<string, QueryStatus['state']>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  cancelled: 'failed',
  canceled: 'failed',
};

function troubleOf(answer: Exclude<DirectAnswer, { kind: 'answered' }>): Trouble {
  const { detail } = answer;
  const trouble = (kind: Trouble['kind'], waitMs = 0): Trouble => ({ ok: false, kind, detail, waitMs });
  if (answer.kind === 'throttled') return trouble('throttled', answer.waitMs);
  if (answer.kind === 'failed') return trouble('transient');
  const { status, message } = answer;
  // Tenants that are not served by a version answer 404, or 400 that knows no segment auditLog.
  if (status === 404 || status === 410 || (status === 400 && /segment/i.test(message))) return trouble('gone');
  if (status === 429) return trouble('throttled');
  return trouble(status === 401 || status === 403 ? 'forbidden' : 'transient');
}

const unreadable = (what: string): Trouble => ({
  ok: false,
  kind: 'transient',
  detail: `the answer is no ${what}`,
  waitMs: 0,
});

function read<T, V>(answer: DirectAnswer, shape: z.ZodType<T>, what: string, to: (body: T) => V): Asked<V> {
  if (answer.kind !== 'answered') return troubleOf(answer);
  const body = shape.safeParse(answer.body);
  return body.success ? { ok: true, value: to(body.data) } : unreadable(what);
}

const toStatus = (body: z.infer<typeof statusShape>, recordLimit: number): QueryStatus => {
  const limit = Math.min(recordLimit, body.recordCountLimit ?? recordLimit);
  const state = STATES[body.status.toLowerCase()] ?? 'running';
  const isTruncated = body.isRecordCountLimitExceeded === true;
  return { state, word: body.status, isTruncated, limit };
};

/**
 * Audit queries over Graph, for `operations` by name; `recordLimit` is the most records of a query of which nothing else
 * is said.
 */
export function auditQueryApi(
  graph: DirectGraph,
  {
    recordLimit = RECORD_LIMIT,
    operations = knownOperations,
  }: { readonly recordLimit?: number; readonly operations?: readonly string[] } = {},
): AuditQueryApi {
  const all = (version: Query['version']): string => `/${version}/security/auditLog/queries`;
  const one = ({ version, id }: Query): string => `${all(version)}/${encodeURIComponent(id)}`;

  return {
    async probe(version, signal) {
      return read(await graph.ask('GET', all(version), signal), z.unknown(), 'list', (): true => true);
    },
    async create(version, { name, window, operations: more }, signal) {
      const { from, to } = toTimes(window);
      // Neither serviceFilter nor serviceFilters: pages disagree on which exists. By operation, because the documented
      // names of record types end before Copilot.
      const query = {
        '@odata.type': '#microsoft.graph.security.auditLogQuery',
        displayName: name,
        filterStartDateTime: from,
        filterEndDateTime: to,
        operationFilters: [...new Set([...operations, ...more])],
      };
      return read(await graph.ask('POST', all(version), signal, query), createdShape, 'query', ({ id }) => id);
    },
    async find(version, name, signal) {
      let to: string | undefined = all(version);
      for (let page = 1; to !== undefined && page <= LIST_PAGES; page++) {
        const answer: DirectAnswer = await graph.ask('GET', to, signal);
        const list = read(answer, listShape, 'list of queries', (body) => body);
        if (!list.ok) return list;
        const found = list.value.value.find(({ displayName }) => displayName === name);
        if (found !== undefined) return { ok: true, value: found.id };
        to = list.value['@odata.nextLink'] || undefined;
      }
      return { ok: true, value: undefined };
    },
    async status(query, signal) {
      return read(await graph.ask('GET', one(query), signal), statusShape, 'query', (body) =>
        toStatus(body, recordLimit),
      );
    },
    async page(query, next, signal) {
      const to = next ?? `${one(query)}/records?$top=${PAGE_SIZE}`;
      return read(await graph.ask('GET', to, signal), pageShape, 'page of records', (body) => ({
        items: body.value,
        next: body['@odata.nextLink'] || undefined,
      }));
    },
    async remove(query, signal) {
      const answer = await graph.ask('DELETE', one(query), signal);
      if (answer.kind === 'answered') return { ok: true, value: true };
      const trouble = troubleOf(answer);
      return trouble.kind === 'gone' ? { ok: true, value: true } : trouble;
    },
  };
}
