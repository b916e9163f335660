/** Counts what clients ask of Graph. */
import type { ResourceKind } from './resource.ts';

/** Look-ups of one kind. */
export interface KeyCounts {
  /** Different things that were looked up to a definite answer: found, or known to be absent. */
  readonly distinct: number;
  /** Those of them that got more than one such answer. */
  readonly repeated: number;
}

/** What clients asked of Graph; a correct one has no violations. */
export interface GraphReport {
  /** HTTP requests, batches included. */
  readonly requests: number;
  readonly batches: number;
  /** Requests alone or inside batches, by kind; `unknown` for paths that name nothing. */
  readonly subRequests: { readonly total: number; readonly byKind: Readonly<Record<string, number>> };
  /** Sub-requests by status. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly keys: Readonly<Record<string, KeyCounts>>;
  /** Most sub-requests in any 10 s of the machine's clock. */
  readonly peakPer10s: number;
  /** Requests that were refused because of their token. */
  readonly unauthorized: number;
  /** Reports fetched from the address that a redirect named. */
  readonly reportDownloads: number;
  /** Those fetched with an Authorization header. */
  readonly tokensAtReportHost: number;
  /** Attempts to change something in the tenant. */
  readonly writes: number;
  /** What no client may do, in words, with how often. */
  readonly violations: readonly string[];
}

/** The counters. */
export interface GraphLedger {
  request(): void;
  batch(): void;
  subRequest(kind: ResourceKind | 'unknown', key: string, status: number): void;
  unauthorized(): void;
  write(): void;
  download(hasToken: boolean): void;
  report(): GraphReport;
}

const spanMs = 10_000;

/** Empty counters. */
export function graphLedger(): GraphLedger {
  let [requests, batches, total, unauthorized, writes, downloads, tokens] = [0, 0, 0, 0, 0, 0, 0];
  const byKind = new Map<string, number>();
  const statuses = new Map<string, number>();
  const keys = new Map<string, Map<string, number>>();
  let arrivals: number[] = [];
  let [from, peak] = [0, 0];

  function arrived(): void {
    const now = performance.now();
    arrivals.push(now);
    while ((arrivals[from] ?? now) <= now - spanMs) from += 1;
    peak = Math.max(peak, arrivals.length - from);
    if (from < 100_000) return;
    arrivals = arrivals.slice(from);
    from = 0;
  }

  return {
    request: () => void (requests += 1),
    batch: () => void (batches += 1),
    subRequest: (kind, key, status) => {
      total += 1;
      arrived();
      add(byKind, kind);
      add(statuses, String(status));
      if (status !== 200 && status !== 302 && status !== 404) return;
      const known = keys.get(kind) ?? new Map<string, number>();
      add(known, key);
      keys.set(kind, known);
    },
    unauthorized: () => void (unauthorized += 1),
    write: () => void (writes += 1),
    download: (hasToken) => {
      downloads += 1;
      if (hasToken) tokens += 1;
    },
    report: () => ({
      requests,
      batches,
      subRequests: { total, byKind: Object.fromEntries(byKind) },
      statuses: Object.fromEntries(statuses),
      keys: Object.fromEntries(
        Array.from(keys, ([kind, counts]) => [
          kind,
          { distinct: counts.size, repeated: [...counts.values()].filter((count) => count > 1).length },
        ]),
      ),
      peakPer10s: peak,
      unauthorized,
      reportDownloads: downloads,
      tokensAtReportHost: tokens,
      writes,
      violations: [
        ...(tokens > 0 ? [`the bearer token was sent to the host of a redirect: ${tokens}`] : []),
        ...(writes > 0 ? [`a request that would change the tenant: ${writes}`] : []),
      ],
    }),
  };
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
