/** An audit query as answers show it, and how a tenant answers that has none. */
import type { Switches } from '../switches.ts';
import type { Ask } from './ask.ts';
import type { AuditQuery, QueryResult, QueryStatus } from './audit-query-book.ts';
import type { WireObject } from './audit-query-elements.ts';
import { refused, type Outcome } from './outcome.ts';

/** The resource in a state; `result` is asked once it succeeded. */
export function shownQuery(
  query: AuditQuery,
  status: QueryStatus,
  result: () => QueryResult,
  switches: Switches,
): WireObject {
  const hasCounts = switches.auditQueryCounts === 'present' && status === 'succeeded';
  return {
    '@odata.type': '#microsoft.graph.security.auditLogQuery',
    id: query.id,
    ...query.filter.shown,
    status: statusWord(status, switches.auditQueryStatuses),
    ...(hasCounts ? counts(result(), switches) : {}),
  };
}

function counts({ entries, isTruncated }: QueryResult, switches: Switches): WireObject {
  return {
    approximateReturnedRecordCount: entries.length,
    recordCountLimit: switches.auditQueryRecordLimit,
    isRecordCountLimitExceeded: isTruncated && switches.auditQueryTruncation === 'flagged',
  };
}

/** Words beyond the documented ones: "queued" was seen, and the sentinel of the enumeration may come at any time. */
function statusWord(status: QueryStatus, words: Switches['auditQueryStatuses']): string {
  if (words === 'documented' || (status !== 'notStarted' && status !== 'running')) return status;
  if (words === 'queued') return status === 'notStarted' ? 'queued' : status;
  return 'unknownFutureValue';
}

/** Whether this version has audit queries. */
export function isServed({ version }: Ask, { auditQueryVersions }: Switches): boolean {
  return auditQueryVersions === 'both' || auditQueryVersions === version;
}

/** The answer of a version that has none. */
export function unserved({ auditQueryUnserved }: Switches): Outcome {
  if (auditQueryUnserved === 'empty-404') return refused(404, 'UnknownError', '');
  return refused(
    auditQueryUnserved === 'segment-404' ? 404 : 400,
    'BadRequest',
    "Resource not found for the segment 'auditLog'.",
  );
}
