/** The records of a query that succeeded, page by page; a reading starts with each first page. */
import { chance } from '../chance.ts';
import type { Switches } from '../switches.ts';
import type { Ask } from './ask.ts';
import type { AuditQuery, QueryResult } from './audit-query-book.ts';
import { textOf, type WireObject } from './audit-query-elements.ts';
import type { AuditEntry, AuditLog } from './audit-query-log.ts';
import { userTypeName } from './audit-query-names.ts';
import type { AuditQueryLedger } from './audit-query-report.ts';
import { found, refused, type Outcome } from './outcome.ts';

/** Readings of queries. */
export interface RecordPages {
  readonly page: (ask: Ask, query: AuditQuery, result: QueryResult) => Outcome;
  /** Ids of records that make their page fail. */
  readonly poisonIds: () => readonly string[];
}

const driftingReadings = 2;
const driftShare = 0.05;
const mostDrifts = 20;
const mostDuplicates = 100;

const bad = (message: string): Outcome => refused(400, 'BadRequest', message);

/** Pages over results. */
export function recordPages(options: {
  readonly seed: number | string;
  readonly switches: Switches;
  readonly log: AuditLog;
  readonly origin: () => string;
  readonly ledger: AuditQueryLedger;
  readonly hasFault: (name: string) => boolean;
  readonly countFault: (name: string) => void;
}): RecordPages {
  const { seed, switches, log, ledger, hasFault, countFault } = options;
  const readings = new Map<string, number>();
  const drifted = new Map<string, readonly AuditEntry[]>();
  let [drifts, duplicates] = [0, 0];
  let poison: string | undefined;

  /** Which entries the first readings lack: none that another one lacks, or both would agree on too little. */
  function lacksIn(reading: number, { id }: AuditEntry): boolean {
    const draw = chance(seed, 'audit-query-drift', id);
    return draw < driftShare * reading && draw >= driftShare * (reading - 1);
  }

  function entriesOf(query: AuditQuery, reading: number, { entries }: QueryResult): readonly AuditEntry[] {
    const key = `${query.id} ${reading}`;
    const known = drifted.get(key);
    if (known) return known;
    if (!hasFault('audit-query-drift') || reading > driftingReadings || drifts >= mostDrifts) return entries;
    // A small result lacks something in its first reading, too: its first record, which the second one has.
    const kept = entries.filter((entry, nth) => (nth === 0 && reading > 1) || !lacksIn(reading, entry));
    const shown = kept.length === entries.length && reading === 1 ? entries.slice(1) : kept;
    if (shown.length === entries.length) return entries;
    drifts += 1;
    countFault('audit-query-drift');
    drifted.set(key, shown);
    return shown;
  }

  function isPoisoned(entries: readonly AuditEntry[], all: readonly AuditEntry[]): boolean {
    if (!hasFault('audit-query-poison-page')) return false;
    poison ??= all
      .map(({ id }) => ({ id, draw: chance(seed, 'audit-query-poison', id) }))
      .sort((a, b) => a.draw - b.draw)[0]?.id;
    return entries.some(({ id }) => id === poison);
  }

  function withDuplicate(
    entries: readonly AuditEntry[],
    all: readonly AuditEntry[],
    from: number,
  ): readonly AuditEntry[] {
    const before = all[from - 1];
    if (before === undefined || !hasFault('audit-query-duplicates') || duplicates >= mostDuplicates) return entries;
    duplicates += 1;
    countFault('audit-query-duplicates');
    return [before, ...entries];
  }

  return {
    poisonIds: () => (poison === undefined ? [] : [poison]),
    page: (ask, query, result) => {
      const top = ask.options.get('$top');
      const asked = top === undefined ? switches.auditRecordsPerPage : Number(top);
      if (!Number.isInteger(asked) || asked < 1) return bad(`Invalid page size specified: '${top}'.`);
      // UNVERIFIED whether more than the largest page is refused; 500 was seen to be taken.
      const size = Math.min(asked, switches.auditRecordsMostPerPage);
      const place = toPlace(ask.options.get('$skiptoken'));
      if (place === undefined) return bad('The specified page token value is not valid.');
      const reading = place.reading ?? (readings.get(query.id) ?? 0) + 1;
      const all = entriesOf(query, reading, result);
      const plain = all.slice(place.from, place.from + size);
      if (isPoisoned(plain, result.entries)) {
        countFault('audit-query-poison-page');
        return refused(500, 'UnknownError', '');
      }
      if (place.reading === undefined) readings.set(query.id, reading);
      const shown = withDuplicate(plain, all, place.from);
      const { filterStartDateTime, filterEndDateTime } = query.filter.shown;
      ledger.page(
        { query: query.id, reading, start: textOf(filterStartDateTime), end: textOf(filterEndDateTime) },
        shown.map(({ id }) => id),
      );
      const base = `${options.origin()}/${ask.version}`;
      const nextFrom = place.from + size;
      const link = `${base}/security/auditLog/queries/${query.id}/records?${top === undefined ? '' : `$top=${top}&`}$skiptoken=${toToken(reading, nextFrom)}`;
      return found({
        '@odata.context': `${base}/$metadata#security/auditLog/queries('${query.id}')/records`,
        '@odata.count': all.length,
        ...(nextFrom < all.length ? { '@odata.nextLink': link } : {}),
        value: shown.map((entry) => toRecord(entry, log.record(entry))),
      });
    },
  };
}

/** The envelope: its user fields are crossed, and the client's address is never there. */
function toRecord({ id, timeMs, operation, recordType }: AuditEntry, data: WireObject): WireObject {
  return {
    id,
    createdDateTime: `${new Date(timeMs).toISOString().slice(0, 19)}Z`,
    auditLogRecordType: recordType,
    operation,
    organizationId: textOf(data['OrganizationId']),
    userType: userTypeName(data['UserType']),
    userId: textOf(data['UserKey']),
    service: textOf(data['Workload']),
    objectId: textOf(data['ObjectId']),
    userPrincipalName: textOf(data['UserId']),
    clientIp: null,
    administrativeUnits: [''],
    auditData: { '@odata.type': '#microsoft.graph.security.defaultAuditData', ...data },
  };
}

interface Place {
  readonly reading: number | undefined;
  readonly from: number;
}

const toToken = (reading: number, from: number): string => Buffer.from(`${reading}:${from}`).toString('base64url');

function toPlace(token: string | undefined): Place | undefined {
  if (token === undefined) return { reading: undefined, from: 0 };
  const match = /^(\d+):(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  return match ? { reading: Number(match[1]), from: Number(match[2]) } : undefined;
}
