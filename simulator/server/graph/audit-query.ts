/** `security/auditLog/queries`: makes, lists, polls, reads and deletes audit queries. */
import { createHash } from 'node:crypto';
import type { FaultInjector } from '../fault-injector.ts';
import type { FaultTarget } from '../fault.ts';
import type { Switches } from '../switches.ts';
import type { Ask } from './ask.ts';
import { queryBook, type AuditQuery } from './audit-query-book.ts';
import type { WireObject } from './audit-query-elements.ts';
import { toFilter } from './audit-query-filter.ts';
import { recordPages } from './audit-query-records.ts';
import { auditQueryLedger, type AuditQueryReport } from './audit-query-report.ts';
import { isServed, shownQuery, unserved } from './audit-query-shown.ts';
import type { Sides } from './audit-query-sides.ts';
import { page } from './options.ts';
import { found, refused, toOutcome, toReply, type Outcome } from './outcome.ts';
import type { Resource, ResourceKind, Service } from './resource.ts';

/** What audit queries are made of. */
export interface AuditQueryOptions {
  readonly seed: number | string;
  readonly switches: Switches;
  readonly sides: Sides;
  readonly faults: FaultInjector;
  readonly countFault: (name: string) => void;
  readonly nowMs: () => number;
  readonly origin: () => string;
}

/** The running audit queries. */
export interface AuditQueries {
  readonly service: Service;
  readonly report: () => AuditQueryReport;
}

// There are variants for workloads, and none for Copilot.
const roles = ['AuditLogsQuery.Read.All'];
const listed = { usual: 100, most: 999 };

const denied = (): Outcome =>
  refused(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
const notFound = (): Outcome => refused(404, 'NotFound', 'The audit log query was not found.');
/** Audit queries of a tenant, none so far. */
export function auditQueries(options: AuditQueryOptions): AuditQueries {
  const { switches, sides, faults, countFault, seed, origin, nowMs } = options;
  const { log } = sides;
  const ledger = auditQueryLedger(switches);
  const hasFault = (name: string): boolean => faults.has(name);
  const book = queryBook({ seed, switches, log, nowMs, hasFault, countFault });
  const pages = recordPages({ seed, switches, log, origin, ledger, hasFault, countFault });

  function injected(target: FaultTarget, key: string, real: () => Outcome): Outcome {
    if (!faults.isActive) return real();
    const about = { target, key: `audit-query ${key}`, publisherId: '', pageToken: '', acceptsGzip: false };
    // Not through a reply when nothing happens: a page of records would be parsed again.
    let whole: Outcome | undefined;
    const { reply, fault } = faults.inject({ ...about, nowMs: nowMs(), foreignOrigin: '' }, () =>
      toReply((whole = real())),
    );
    return fault === undefined && whole !== undefined ? whole : toOutcome(reply);
  }

  const shown = (query: AuditQuery, status = book.status(query)): WireObject =>
    shownQuery(query, status, () => book.result(query), switches);

  function create({ body = '' }: Ask): Outcome {
    const filter = toFilter(body);
    if ('status' in filter) return filter;
    const query = book.make(filter);
    if ('status' in query) {
      ledger.throttled();
      return query;
    }
    // One that ends at once took a slot, too.
    ledger.submitted(Math.max(1, book.running()), filter.operations);
    // However fast it runs, the first answer says no more.
    return { ...found(shown(query, 'notStarted')), status: 201 };
  }

  function collection(ask: Ask): Outcome {
    if (ask.method === 'GET')
      return injected('audit-query-read', ask.url, () =>
        page(ask, book.all(), listed, origin(), (query) => shown(query)),
      );
    const key = createHash('sha256')
      .update(ask.body ?? '')
      .digest('hex');
    return injected('audit-query-create', key, () => create(ask));
  }

  function one(ask: Ask, id: string): Outcome {
    if (ask.method === 'DELETE') {
      if (!book.delete(id)) return notFound();
      ledger.deleted();
      return { status: 204, headers: {}, value: undefined };
    }
    return injected('audit-query-read', ask.url, () => {
      const query = book.get(id);
      return query === undefined ? notFound() : found(shown(query));
    });
  }

  function records(ask: Ask, id: string): Outcome {
    return injected('audit-query-read', ask.url, () => {
      const query = book.get(id);
      if (query === undefined) return notFound();
      // UNVERIFIED what the service says before the end.
      if (book.status(query) !== 'succeeded') return refused(400, 'BadRequest', 'Query is not completed');
      return pages.page(ask, query, book.result(query));
    });
  }

  function resource(ask: Ask, kind: ResourceKind, methods: readonly string[], answer: () => Outcome): Resource {
    return {
      kind,
      key: ask.url,
      roles,
      denied,
      cost: { of: 'directory', units: 1 },
      methods,
      answer: () => (isServed(ask, switches) ? answer() : unserved(switches)),
    };
  }

  return {
    service: (ask) => {
      const [security, auditLog, queries, id, last, ...more] = ask.segments.map((segment) => segment.toLowerCase());
      if (security !== 'security' || auditLog !== 'auditlog' || queries !== 'queries' || more.length > 0)
        return undefined;
      if (id === undefined) return resource(ask, 'audit-queries', ['GET', 'POST'], () => collection(ask));
      if (last === undefined) return resource(ask, 'audit-query', ['GET', 'DELETE'], () => one(ask, id));
      return last === 'records' ? resource(ask, 'audit-records', ['GET'], () => records(ask, id)) : undefined;
    },
    report: () => ({
      ...ledger.counts(),
      left: book.all().length,
      poisonIds: pages.poisonIds(),
      withheldIds: [...sides.withheld].sort(),
      withheldByDay: log.byDay(sides.withheld),
      feedOnlyIds: [...sides.feedOnly].sort(),
      feedOnlyByDay: log.byDay(sides.feedOnly),
    }),
  };
}
