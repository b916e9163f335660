import type { Hour, ParkedBlob, Unread } from './contracts.ts';
import type { Trouble } from './enrich/contract.ts';
import type { LedgerSnapshot } from './ledger.ts';
import { type ComparedHour, reconciledSources } from './reconciliation/views.ts';
import { copilotHealth, type CopilotHealthRow, emptyRow, type Json } from './schema/index.ts';

/** Builds rows of `CopilotHealth_CL`: what happened, to what, and what to do about it. No identities. */
export interface HealthRows {
  ledger(source: string, snapshot: LedgerSnapshot): CopilotHealthRow;
  heartbeat(
    source: string,
    facts: { readonly lagSeconds: number | null; readonly oldestExpiryMs: number | null },
  ): CopilotHealthRow;
  gap(source: string, item: string, reason: string): CopilotHealthRow;
  parked(source: string, blob: ParkedBlob): CopilotHealthRow;
  deadLetter(source: string, record: string, reason: string): CopilotHealthRow;
  oversize(source: string, record: string, reason: string): CopilotHealthRow;
  unread(source: string, blob: string, unread: Unread): CopilotHealthRow;
  otherTenants(source: string, item: string, count: number): CopilotHealthRow;
  unparsable(source: string, blob: string, reason: string, count: number): CopilotHealthRow;
  drift(source: string, counts: ReadonlyMap<string, number>): CopilotHealthRow;
  sourceError(source: string, reason: string): CopilotHealthRow;
  archiveError(source: string, reason: string): CopilotHealthRow;
  seenEvicted(source: string, count: number, oldestHour: Hour | undefined): CopilotHealthRow;
  enrichment(source: string, trouble: Trouble): CopilotHealthRow;
  entitiesEvicted(source: string, count: number): CopilotHealthRow;
  entitiesRefused(source: string, count: number, reason: string): CopilotHealthRow;
  lookUpsGivenUp(source: string, count: number): CopilotHealthRow;
  concealed(source: string, count: number): CopilotHealthRow;
  reconciliation(compared: ComparedHour): CopilotHealthRow;
}

// The cell is cut at 64 KB; a tenant that drifts further is told so by ItemCount.
const MAX_DRIFT_PATHS = 200;

const isoHour = (hour: Hour): string => new Date(hour * 3_600_000).toISOString();

/** Health rows of one collector. */
export function healthRows(options: {
  readonly organizationId: string | undefined;
  readonly version: string;
}): HealthRows {
  const base = {
    ...emptyRow(copilotHealth),
    OrganizationId: options.organizationId ?? null,
    CollectorVersion: options.version,
    Role: 'owner',
  };
  const row = (HealthKind: string, Source: string, rest: Partial<CopilotHealthRow>): CopilotHealthRow => ({
    ...base,
    HealthKind,
    Source,
    ...rest,
  });
  return {
    ledger: (source, { hour, revision, isBalanced, counts }) =>
      row('ledger', source, {
        Hour: isoHour(hour),
        Revision: revision,
        IsBalanced: isBalanced,
        Listed: counts.listed,
        Fetched: counts.fetched,
        Expired: counts.expired,
        Parked: counts.parked,
        Pending: counts.pending,
        Seen: counts.seen,
        Foreign: counts.foreign,
        Selected: counts.selected,
        Unparsable: counts.unparsable,
        Accepted: counts.accepted,
        Duplicate: counts.duplicate,
        DeadLettered: counts.deadLettered,
      }),
    heartbeat: (source, { lagSeconds, oldestExpiryMs }) =>
      row('heartbeat', source, {
        LagSeconds: lagSeconds,
        OldestUnfetchedExpiryTime: oldestExpiryMs === null ? null : new Date(oldestExpiryMs).toISOString(),
      }),
    gap: (source, item, reason) => row('gap', source, { ItemId: item, Reason: reason, ItemCount: 1 }),
    parked: (source, { id, reason, created, expires, tries }) =>
      row('parked', source, {
        ItemId: id,
        Reason: `${reason}; tried again at every pass until it expires`,
        ItemCount: 1,
        OldestUnfetchedExpiryTime: expires,
        Detail: { created, tries },
      }),
    deadLetter: (source, record, reason) =>
      row('dead-letter', source, {
        ItemId: record,
        Reason: `${reason}; kept for 30 days, send it again with replay`,
        ItemCount: 1,
      }),
    oversize: (source, record, reason) =>
      row('oversize', source, {
        ItemId: record,
        Reason: `${reason}; the whole record is kept for 30 days`,
        ItemCount: 1,
      }),
    unread: (source, blob, { etag, from, to, count, reason }) =>
      row('dead-letter', source, {
        ItemId: blob,
        Reason: `${reason}; the letter names the file for 30 days and holds nothing of it`,
        ItemCount: count ?? 1,
        Detail: { etag, from, to },
      }),
    otherTenants: (source, item, count) =>
      row('source-error', source, {
        ItemId: item,
        Reason:
          'records of another tenant were left out: see that the source belongs to TENANT_ID; if they are wanted, set OTHER_TENANTS=keep and read it again',
        ItemCount: count,
      }),
    unparsable: (source, blob, reason, count) =>
      row('unparsable', source, { ItemId: blob, Reason: reason, ItemCount: count }),
    drift: (source, counts) => {
      const paths: Record<string, Json> = Object.create(null);
      for (const [path, count] of [...counts].sort((a, b) => b[1] - a[1]).slice(0, MAX_DRIFT_PATHS))
        paths[path] = count;
      return row('drift', source, {
        Reason: 'records carry fields or record types that this version does not know; they are kept in UnknownFields',
        ItemCount: counts.size,
        Detail: paths,
      });
    },
    sourceError: (source, reason) => row('source-error', source, { Reason: reason, ItemCount: 1 }),
    archiveError: (source, reason) =>
      row('source-error', source, {
        ItemId: 'archive',
        Reason: `${reason}; nothing is taken as read before it is archived, so the pass is repeated`,
        ItemCount: 1,
      }),
    seenEvicted: (source, count, oldestHour) =>
      row('seen-evicted', source, {
        Reason: 'more record ids than SEEN_IDS_MAX: the oldest hours left memory; functions still de-duplicate',
        ItemCount: count,
        Hour: oldestHour === undefined ? null : isoHour(oldestHour),
      }),
    enrichment: (source, { enricher, reason, count, detail }) =>
      row('enrichment', source, {
        ItemId: enricher,
        Reason: `${reason}: ${detail}`,
        ItemCount: count,
        Detail: { enricher, reason },
      }),
    entitiesEvicted: (source, count) =>
      row('entities-evicted', source, {
        Reason: 'more entities than ENTITIES_MAX: the first-seen times of those not named for longest were forgotten',
        ItemCount: count,
      }),
    entitiesRefused: (source, count, reason) =>
      row('enrichment', source, {
        ItemId: 'entities',
        Reason: `refused-row: ${reason}; rows of CopilotEntities_CL that are refused are tried again after an hour`,
        ItemCount: count,
        Detail: { reason: 'refused-row' },
      }),
    lookUpsGivenUp: (source, count) =>
      row('enrichment', source, {
        ItemId: 'entities',
        Reason: 'given-up: more look-ups are owed than are remembered; the next event that names the thing asks again',
        ItemCount: count,
        Detail: { reason: 'given-up' },
      }),
    reconciliation: ({ hour, reason, queried, added, given, feedOnly }) =>
      row('reconciliation', reconciledSources.query, {
        Hour: isoHour(hour),
        Reason: reason === null ? null : `not comparable: ${reason}`,
        ItemCount: added,
        Detail:
          reason === null
            ? { isComparable: true, queried, given, repaired: added, feedOnly }
            : { isComparable: false, queried, added },
      }),
    concealed: (source, count) =>
      row('concealed-names', source, {
        Reason:
          'the tenant conceals names in reports (admin centre, Org settings, Reports): rows of users cannot be joined with events',
        ItemCount: count,
      }),
  };
}
