/** What a fault is, as data. */
import type { Reply } from './reply.ts';

/** Changes an answer, or says with undefined that it offers nothing to change; `nth` counts from 0. */
export type Alteration = (reply: Reply, call: FaultCall, nth: number) => Reply | undefined;

/** Reads of the feed. Start, stop and tokens are never hit: a client may start only every 15 minutes. */
export type FeedTarget = 'list' | 'listing' | 'page' | 'blob';

/** Requests to Microsoft Graph: alone, a whole batch, or one of a batch. */
export type GraphTarget = 'graph' | 'graph-batch' | 'graph-item';

/** Audit queries, inside a request to Graph: a new one, and reads of queries and their records. */
export type AuditQueryTarget = 'audit-query-create' | 'audit-query-read';

/** Requests that faults may hit; `ingestion-half` is one of which half of the body is read. */
export type FaultTarget = FeedTarget | GraphTarget | AuditQueryTarget | 'ingestion' | 'ingestion-half';

/** What a fault may know of the request that it hits. */
export interface FaultCall {
  readonly target: FaultTarget;
  /** The same for every try of the same request. */
  readonly key: string;
  readonly publisherId: string;
  /** nextPage of the request; empty elsewhere. */
  readonly pageToken: string;
  readonly acceptsGzip: boolean;
  /** Epoch milliseconds, simulated. */
  readonly nowMs: number;
  /** Origin of the foreign host. */
  readonly foreignOrigin: string;
  /** Rows of an ingestion request. */
  readonly rows?: number;
}

/** A fault that passes: it hits a share of the requests, each at most once, and at most `limit` in all. */
export interface PassingFault {
  readonly targets: readonly FaultTarget[];
  /** Share of requests hit, 0 to 1; the first request it could hit is always hit. */
  readonly share: number;
  readonly limit: number;
  /** The answer instead of the real one, undefined when this request cannot be hit; `nth` counts from 0. */
  readonly answer?: (call: FaultCall, nth: number) => Reply | undefined;
  /** Changes the real answer; undefined when this answer offers nothing to change. */
  readonly alter?: Alteration;
}

/** A blob that is spoilt for good, and how. */
export type BlobFate =
  | 'expired'
  | 'missing'
  | 'broken-forever'
  | 'foreign-url'
  | 'bad-created-time'
  | 'bad-expiration-time';

/** One line of the menu. */
export interface Fault {
  /** What it strikes: reads of the feed, what is sent to Azure, reads of Microsoft Graph, or its audit queries. */
  readonly side: 'feed' | 'ingestion' | 'graph' | 'audit-query';
  readonly description: string;
  readonly passing?: PassingFault;
  /** Fates that a few blobs meet, chosen by the seed. */
  readonly fates?: readonly BlobFate[];
  /** Done by the generator of the feed, not by the servers. */
  readonly inContent?: true;
}
