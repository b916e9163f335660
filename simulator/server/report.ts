import type { FeedBlob } from '../feed-blob.ts';
import type { AuditQueryReport } from './graph/audit-query-report.ts';
import type { GraphReport } from './graph/ledger.ts';
import type { IngestionReport } from './ingestion-ledger.ts';

/** What a request is for. */
export type RequestKind = 'discovery' | 'token' | 'list' | 'start' | 'stop' | 'listing' | 'page' | 'blob' | 'other';

/** A start or stop of a subscription as it was asked for. */
export interface SubscriptionCall {
  readonly contentType: string;
  /** ISO 8601 UTC, simulated clock. */
  readonly time: string;
  /** HTTP status that it got. */
  readonly status: number;
}

/** What a client did, as properties that a test can assert. Ids are sorted. */
export interface Report {
  readonly requests: { readonly total: number; readonly byKind: Readonly<Record<string, number>> };
  /** Requests to the feed without a PublisherIdentifier that is a GUID. */
  readonly withoutPublisherIdentifier: number;
  readonly publisherIdentifiers: readonly string[];
  readonly foreignHost: { readonly requests: number; readonly withToken: number };
  /** Requests that carried an Authorization header to the foreign host; a correct client has 0. */
  readonly tokensAtForeignHosts: number;
  readonly tokensIssued: number;
  readonly listings: {
    readonly count: number;
    /** Distinct ranges asked, first pages only. */
    readonly ranges: readonly { readonly start: string; readonly end: string; readonly count: number }[];
    readonly widestHours: number;
    /** Listings refused because of their times. */
    readonly invalidRanges: number;
  };
  /** Announced page links by (window, offset): followed to an answer never, once, repeatedly. */
  readonly pages: { readonly never: number; readonly once: number; readonly repeatedly: number };
  readonly blobs: {
    /** Distinct blobs that answered listings showed. */
    readonly listed: number;
    /** Listed, readable, and never served to the end. */
    readonly never: readonly string[];
    readonly once: number;
    readonly repeatedly: number;
    /** Cannot be read by any client because of expired, missing, broken-forever or foreign-url. */
    readonly unavailable: readonly string[];
  };
  /** Of blobs served to the end, each blob once: elements, Copilot records that cannot be stored, elements no JSON. */
  readonly elementsServed: { readonly records: number; readonly unstorable: number; readonly malformed: number };
  readonly idsServed: number;
  readonly idsExpected: number;
  readonly ids: {
    /** Distinct Copilot record ids in bodies that were served to the end. */
    readonly served: readonly string[];
    /** Distinct Copilot record ids of every visible, listable, readable blob. */
    readonly expected: readonly string[];
    /** Expected and not served. */
    readonly missing: readonly string[];
    /** Distinct RecordIds in CopilotAudit_CL. */
    readonly stored: readonly string[];
    /** Rows of CopilotAudit_CL beyond the first of each RecordId. */
    readonly storedTwice: number;
    /** Expected and not stored; what `ingestion.rowsRefused` names is among them. */
    readonly notStored: readonly string[];
  };
  readonly ingestion: IngestionReport;
  readonly graph: GraphReport;
  readonly auditQueries: AuditQueryReport;
  readonly starts: readonly SubscriptionCall[];
  readonly stops: readonly SubscriptionCall[];
  /** How often each fault happened; a blob that is spoilt for good counts each time it is asked for. */
  readonly faults: Readonly<Record<string, number>>;
  readonly maxConcurrentRequests: number;
  /** Most requests to the feed in any 60 s of the machine's clock. */
  readonly peakRequestsPerMinute: number;
}

/** What came to Azure, and what was asked of Graph. */
export interface Elsewhere extends Stored {
  readonly graph: GraphReport;
  readonly auditQueries: AuditQueryReport;
}

/** What came to Azure. */
export interface Stored {
  readonly ingestion: IngestionReport;
  /** How often each RecordId is in CopilotAudit_CL. */
  readonly idCounts: ReadonlyMap<string, number>;
}

/** Counts what clients do; the servers tell it, `report` sums it up. */
export interface Ledger {
  /** A request arrives; call the result when its answer is over. */
  request(kind: RequestKind, publisherIdentifier: string | undefined): () => void;
  tokenIssued(): void;
  listing(range: { readonly startMs: number; readonly endMs: number } | undefined, status: number): void;
  pageAnnounced(key: string): void;
  pageServed(key: string): void;
  blobsListed(ids: readonly string[]): void;
  blobServed(id: string): void;
  started(call: SubscriptionCall): void;
  stopped(call: SubscriptionCall): void;
  fault(name: string): void;
  foreign(hasToken: boolean): void;
  report(asOfMs: number, blobs: readonly FeedBlob[], unavailable: readonly string[], elsewhere: Elsewhere): Report;
}

const dayMs = 86_400_000;
// A client keeps away from the 7 day limit: its clock and its call take time, and `clock-skew` adds 10 minutes.
const listingMarginMs = 15 * 60_000;
const guid = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const isFeedKind = (kind: RequestKind): boolean => kind !== 'discovery' && kind !== 'token' && kind !== 'other';

/** An empty ledger. `nowMs` is the simulated clock. */
export function ledger(nowMs: () => number): Ledger {
  const byKind = new Map<string, number>();
  const publishers = new Set<string>();
  const ranges = new Map<string, { start: string; end: string; count: number }>();
  const pages = new Map<string, number>();
  const listed = new Set<string>();
  const served = new Map<string, number>();
  const faults = new Map<string, number>();
  const starts: SubscriptionCall[] = [];
  const stops: SubscriptionCall[] = [];
  const arrivals: number[] = [];
  let [withoutPublisher, foreignRequests, foreignTokens, tokens] = [0, 0, 0, 0];
  let [listings, widestHours, invalidRanges, concurrent, maxConcurrent] = [0, 0, 0, 0, 0];
  let firstListingMs: number | undefined;

  function idsExpected(asOfMs: number, blobs: readonly FeedBlob[], unavailable: readonly string[]): Set<string> {
    const gone = new Set(unavailable);
    const oldestMs = (firstListingMs ?? asOfMs) - 7 * dayMs + listingMarginMs;
    const listable = blobs.filter(
      (blob) =>
        !gone.has(blob.contentId) &&
        blob.visibleMs <= asOfMs &&
        blob.createdMs < asOfMs &&
        blob.createdMs >= oldestMs &&
        blob.visibleMs < blob.createdMs + 7 * dayMs,
    );
    return new Set(listable.flatMap((blob) => blob.copilotIds));
  }

  return {
    request: (kind, publisherIdentifier) => {
      add(byKind, kind);
      if (isFeedKind(kind)) {
        arrivals.push(performance.now());
        if (publisherIdentifier !== undefined) publishers.add(publisherIdentifier);
        if (!guid.test(publisherIdentifier ?? '')) withoutPublisher += 1;
      }
      concurrent += 1;
      maxConcurrent = Math.max(maxConcurrent, concurrent);
      return () => {
        concurrent -= 1;
      };
    },
    tokenIssued: () => {
      tokens += 1;
    },
    listing: (range, status) => {
      listings += 1;
      firstListingMs ??= nowMs();
      if (status === 400) invalidRanges += 1;
      if (!range) return;
      const [start, end] = [new Date(range.startMs).toISOString(), new Date(range.endMs).toISOString()];
      widestHours = Math.max(widestHours, (range.endMs - range.startMs) / 3_600_000);
      const known = ranges.get(`${start}|${end}`);
      if (known) known.count += 1;
      else ranges.set(`${start}|${end}`, { start, end, count: 1 });
    },
    pageAnnounced: (key) => {
      if (!pages.has(key)) pages.set(key, 0);
    },
    pageServed: (key) => add(pages, key),
    blobsListed: (ids) => {
      for (const id of ids) listed.add(id);
    },
    blobServed: (id) => add(served, id),
    started: (call) => void starts.push(call),
    stopped: (call) => void stops.push(call),
    fault: (name) => add(faults, name),
    foreign: (hasToken) => {
      foreignRequests += 1;
      if (hasToken) foreignTokens += 1;
    },
    report: (asOfMs, blobs, unavailable, { ingestion, idCounts, graph, auditQueries }) => {
      const expected = idsExpected(asOfMs, blobs, unavailable);
      const read = blobs.filter((blob) => served.has(blob.contentId));
      const idsServed = new Set(read.flatMap((blob) => blob.copilotIds));
      const gone = new Set(unavailable);
      return {
        requests: { total: sum(byKind.values()), byKind: Object.fromEntries(byKind) },
        withoutPublisherIdentifier: withoutPublisher,
        publisherIdentifiers: [...publishers].sort(),
        foreignHost: { requests: foreignRequests, withToken: foreignTokens },
        tokensAtForeignHosts: foreignTokens,
        tokensIssued: tokens,
        listings: { count: listings, ranges: [...ranges.values()], widestHours, invalidRanges },
        pages: tally(pages.values()),
        blobs: {
          listed: listed.size,
          never: [...listed].filter((id) => !served.has(id) && !gone.has(id)).sort(),
          once: tally(served.values()).once,
          repeatedly: tally(served.values()).repeatedly,
          unavailable: [...unavailable].sort(),
        },
        elementsServed: {
          records: sum(read.map((blob) => blob.recordCount)),
          unstorable: sum(read.map((blob) => blob.unstorable ?? 0)),
          malformed: sum(read.map((blob) => blob.malformed ?? 0)),
        },
        idsServed: idsServed.size,
        idsExpected: expected.size,
        ids: {
          served: [...idsServed].sort(),
          expected: [...expected].sort(),
          missing: [...expected].filter((id) => !idsServed.has(id)).sort(),
          stored: [...idCounts.keys()].sort(),
          storedTwice: sum(idCounts.values()) - idCounts.size,
          notStored: [...expected].filter((id) => !idCounts.has(id)).sort(),
        },
        ingestion,
        graph,
        auditQueries,
        starts: [...starts],
        stops: [...stops],
        faults: Object.fromEntries(faults),
        maxConcurrentRequests: maxConcurrent,
        peakRequestsPerMinute: peak(arrivals, 60_000),
      };
    },
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sum(counts: Iterable<number>): number {
  let total = 0;
  for (const count of counts) total += count;
  return total;
}

function tally(counts: Iterable<number>): {
  readonly never: number;
  readonly once: number;
  readonly repeatedly: number;
} {
  const all = [...counts];
  return {
    never: all.filter((count) => count === 0).length,
    once: all.filter((count) => count === 1).length,
    repeatedly: all.filter((count) => count > 1).length,
  };
}

/** Most of the ascending times that fall into any span of `spanMs`. */
function peak(times: readonly number[], spanMs: number): number {
  let most = 0;
  let from = 0;
  times.forEach((time, index) => {
    while ((times[from] ?? time) <= time - spanMs) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
}
