/** The audit queries of a tenant: made, running, ended, deleted. */
import { chance, seededGuid } from '../chance.ts';
import { spanBudget } from '../quota.ts';
import type { Switches } from '../switches.ts';
import { queryFates, type QueryFate } from './audit-query-faults.ts';
import type { AuditFilter } from './audit-query-filter.ts';
import type { AuditEntry, AuditLog } from './audit-query-log.ts';
import { tooMany, type Outcome } from './outcome.ts';

/** One query. */
export interface AuditQuery {
  readonly id: string;
  readonly filter: AuditFilter;
  /** Epoch milliseconds, simulated. */
  readonly createdMs: number;
  readonly fate: QueryFate | undefined;
}

/** Where a query is, in the words of the documentation. */
export type QueryStatus = 'notStarted' | 'running' | 'succeeded' | 'failed' | 'cancelled';

/** What a query found. */
export interface QueryResult {
  readonly entries: readonly AuditEntry[];
  /** Whether there would be more than the limit lets through. */
  readonly isTruncated: boolean;
}

/** All of them. */
export interface QueryBook {
  readonly make: (filter: AuditFilter) => AuditQuery | Outcome;
  /** Undefined when it never was, is deleted, or gone. */
  readonly get: (id: string) => AuditQuery | undefined;
  readonly all: () => readonly AuditQuery[];
  readonly status: (query: AuditQuery) => QueryStatus;
  /** What a query that succeeded found: the same at every call. */
  readonly result: (query: AuditQuery) => QueryResult;
  readonly delete: (id: string) => boolean;
  /** Queries that take a slot now. */
  readonly running: () => number;
}

const dayMs = 86_400_000;
const startingShare = 0.2;
const fateShare = 0.3;
// The log gives the same again: what nobody reads need not stay.
const resultsKept = 4;
// The sample of a throttled answer says 150 s; when a slot becomes free, the service cannot know.
const slotSeconds = 150;

/** An empty book. */
export function queryBook(options: {
  readonly seed: number | string;
  readonly switches: Switches;
  readonly log: AuditLog;
  readonly nowMs: () => number;
  readonly hasFault: (name: string) => boolean;
  readonly countFault: (name: string) => void;
}): QueryBook {
  const { seed, switches, log, nowMs } = options;
  const queries = new Map<string, AuditQuery>();
  const results = new Map<string, QueryResult>();
  const rapid = spanBudget(switches.auditQueryCreationsPer10s, 10_000, nowMs);
  const fateCounts = new Map<string, number>();
  const fatedSpans = new Set<string>();
  let submittedMs: readonly number[] = [];
  let made = 0;

  const readyMs = (query: AuditQuery): number => query.createdMs + switches.auditQueryLatencyMs;

  function status(query: AuditQuery): QueryStatus {
    const now = nowMs();
    if (now < query.createdMs + switches.auditQueryLatencyMs * startingShare) return 'notStarted';
    if (now < readyMs(query) || query.fate === 'never-finishes') return 'running';
    return query.fate === 'failed' || query.fate === 'cancelled' ? query.fate : 'succeeded';
  }

  function get(id: string): AuditQuery | undefined {
    const query = queries.get(id.toLowerCase());
    return query?.fate === 'gone' && nowMs() >= readyMs(query) ? undefined : query;
  }

  const all = (): readonly AuditQuery[] => [...queries.keys()].map(get).filter((query) => query !== undefined);
  const isUnfinished = (query: AuditQuery): boolean => ['notStarted', 'running'].includes(status(query));
  const running = (): number => (switches.auditQuerySlots === 'undeleted' ? all() : all().filter(isUnfinished)).length;

  function tooManyQueries(): Outcome | undefined {
    const now = nowMs();
    submittedMs = submittedMs.filter((ms) => ms > now - dayMs);
    const [first] = submittedMs;
    if (first !== undefined && submittedMs.length >= switches.auditQueriesPer24h)
      return tooMany(Math.ceil((first + dayMs - now) / 1000));
    if (running() >= switches.auditQueriesRunning) return tooMany(slotSeconds);
    const waitMs = rapid(1);
    return waitMs === 0 ? undefined : tooMany(Math.ceil(waitMs / 1000));
  }

  function found(query: AuditQuery): QueryResult {
    const all = log.find(query.filter.span, readyMs(query));
    const entries = all.slice(0, switches.auditQueryRecordLimit);
    return { entries, isTruncated: all.length > entries.length };
  }

  function fate({ span }: AuditFilter, id: string): QueryFate | undefined {
    const key = `${span.startMs}|${span.endMs}`;
    for (const [name, { fate: end, limit }] of Object.entries(queryFates)) {
      const count = fateCounts.get(name) ?? 0;
      if (!options.hasFault(name) || count >= limit || fatedSpans.has(key)) continue;
      if (count > 0 && chance(seed, name, id) >= fateShare) continue;
      fatedSpans.add(key);
      fateCounts.set(name, count + 1);
      options.countFault(name);
      return end;
    }
    return undefined;
  }

  return {
    status,
    running,
    get,
    all,
    make: (filter) => {
      const throttled = tooManyQueries();
      if (throttled) return throttled;
      made += 1;
      const id = seededGuid(seed, `audit-query ${made}`);
      const query = { id, filter, createdMs: nowMs(), fate: fate(filter, id) };
      queries.set(id, query);
      submittedMs = [...submittedMs, query.createdMs];
      return query;
    },
    result: (query) => {
      const result = results.get(query.id) ?? found(query);
      results.delete(query.id);
      results.set(query.id, result);
      for (const [oldest] of results) if (results.size > resultsKept) results.delete(oldest);
      return result;
    },
    delete: (id) => {
      const query = get(id);
      if (query === undefined) return false;
      results.delete(query.id);
      return queries.delete(query.id);
    },
  };
}
