import type { IntakeCounts } from './row-intake.ts';

/** What clients of the Logs Ingestion API did. */
export interface IngestionReport {
  /** Requests by HTTP status; `reset` and `hang` are those whose client saw no answer. */
  readonly requests: Readonly<Record<string, number>>;
  readonly rowsAccepted: number;
  readonly rowsByStream: Readonly<Record<string, number>>;
  /** RecordIds that `ingestion-400-row` refused, sorted: they can never be stored. */
  readonly rowsRefused: readonly string[];
  /** Accepted with a 204 and then dropped, as switches say. */
  readonly rowsDropped: number;
  /** Of accepted bodies, inflated. */
  readonly bytes: number;
  /** Of accepted bodies as sent. */
  readonly wireBytes: number;
  /** Columns that the stream does not declare: how many values were dropped. */
  readonly columnsDropped: Readonly<Record<string, number>>;
  /** Values that did not fit their column. */
  readonly valuesNulled: number;
  /** Values above 64 KB. */
  readonly valuesCut: number;
  /** TimeGenerated too old or too far ahead. */
  readonly timeGeneratedReplaced: number;
  /** Rows whose TimeGenerated was older than 48 hours at receipt; a right collector has 0. */
  readonly olderThan48hAtReceipt: number;
  /** The longest body that came, inflated where it could be, refused ones included. */
  readonly largestBodyBytes: number;
  /** Answers 401. */
  readonly unauthorized: number;
  readonly maxConcurrentRequests: number;
}

/** Counts ingestion requests. */
export interface IngestionLedger {
  /** A request arrives; call the result when its answer is over. */
  readonly request: () => () => void;
  /** How it ended: a status, `reset` or `hang`. */
  readonly ended: (outcome: string) => void;
  readonly bodySeen: (bytes: number) => void;
  readonly accepted: (chunk: {
    readonly stream: string;
    readonly rows: number;
    readonly bytes: number;
    readonly wireBytes: number;
  }) => void;
  readonly refused: (id: string) => void;
  readonly report: () => IngestionReport;
}

/** An empty ledger over the counts of the tables' intake. */
export function ingestionLedger(counts: IntakeCounts): IngestionLedger {
  const requests = new Map<string, number>();
  const rowsByStream = new Map<string, number>();
  const refused = new Set<string>();
  let [rowsAccepted, bytes, wireBytes, largest, concurrent, maxConcurrent] = [0, 0, 0, 0, 0, 0];

  return {
    request: () => {
      concurrent += 1;
      maxConcurrent = Math.max(maxConcurrent, concurrent);
      return () => {
        concurrent -= 1;
      };
    },
    ended: (outcome) => void requests.set(outcome, (requests.get(outcome) ?? 0) + 1),
    bodySeen: (size) => {
      largest = Math.max(largest, size);
    },
    accepted: (chunk) => {
      rowsAccepted += chunk.rows;
      bytes += chunk.bytes;
      wireBytes += chunk.wireBytes;
      rowsByStream.set(chunk.stream, (rowsByStream.get(chunk.stream) ?? 0) + chunk.rows);
    },
    refused: (id) => void refused.add(id),
    report: () => ({
      requests: Object.fromEntries(requests),
      rowsAccepted,
      rowsByStream: Object.fromEntries(rowsByStream),
      rowsRefused: [...refused].sort(),
      rowsDropped: counts.rowsDropped,
      bytes,
      wireBytes,
      columnsDropped: Object.fromEntries(counts.columnsDropped),
      valuesNulled: counts.valuesNulled,
      valuesCut: counts.valuesCut,
      timeGeneratedReplaced: counts.timeGeneratedReplaced,
      olderThan48hAtReceipt: counts.olderThan48h,
      largestBodyBytes: largest,
      unauthorized: requests.get('401') ?? 0,
      maxConcurrentRequests: maxConcurrent,
    }),
  };
}
