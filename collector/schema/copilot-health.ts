import { boolean, datetime, dynamic, long, real, string, table, type Row } from './table.ts';

/** The collector's account of itself. A ledger row is a cumulative snapshot: the newest revision of an hour counts. */
export const copilotHealth = table({
  name: 'CopilotHealth_CL',
  description: 'The ledger of the collector, its heartbeats, gaps, parked blobs, dead letters and schema drift.',
  columns: {
    TimeGenerated: datetime('When the row was sent.'),
    HealthKind: string(
      'ledger, heartbeat, gap, parked, dead-letter, oversize, unparsable, drift, source-error, seen-evicted, enrichment, entities-evicted, concealed-names or reconciliation.',
    ),
    Source: string('Source that the row speaks of.'),
    OrganizationId: string('Tenant id of the organisation.'),
    CollectorVersion: string('Version of the collector.'),
    Role: string('owner or standby.'),
    // Ledger: listed = fetched + expired + parked + pending; seen = foreign + selected + unparsable;
    // selected = accepted + duplicate + dead-lettered.
    Hour: datetime(
      'Hour that a ledger row counts: of contentCreated, of the event for audit queries, of reading for imports; hour of the event of a comparison.',
    ),
    Revision: long('Counts up with every snapshot of the hour.'),
    Listed: long('Blobs that the feed announced for the hour.'),
    Fetched: long('Blobs read to their end.'),
    Expired: long('Blobs that were gone before they could be read: a gap.'),
    Parked: long('Blobs set aside for another try.'),
    Pending: long('Blobs listed and not yet read.'),
    Seen: long('Audit records in the blobs.'),
    Foreign: long('Records of other workloads.'),
    Selected: long('Records of the Copilot family.'),
    Unparsable: long('Elements that are not valid JSON objects.'),
    Accepted: long('Rows that the sink accepted.'),
    Duplicate: long('Records seen before.'),
    DeadLettered: long('Records kept as dead letters.'),
    IsBalanced: boolean('True when the three sums of the ledger hold.'),
    // Position and age.
    LagSeconds: real('Seconds between now and the contentCreated up to which everything is read.'),
    OldestUnfetchedExpiryTime: datetime('Earliest contentExpiration among blobs listed and not yet read.'),
    // Incidents.
    ItemId: string('Blob or record that the row speaks of.'),
    Reason: string('What happened, and what to do about it.'),
    ItemCount: long('How many items the row stands for.'),
    Detail: dynamic('Further facts, by name.'),
  },
});

/** A row of `CopilotHealth_CL`. */
export type CopilotHealthRow = Row<typeof copilotHealth>;
