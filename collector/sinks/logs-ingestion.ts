/** The sink that writes rows to Azure Monitor through the Logs Ingestion API. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TokenCredential } from '@azure/core-auth';
import { isAggregateLogsUploadError, LogsIngestionClient } from '@azure/monitor-ingestion';
import type { Refusal, Sink } from '../contracts.ts';
import type { Log } from '../log.ts';
import type { Row, Table } from '../schema/index.ts';
import { chunks } from './chunks.ts';
import { chunkDelivery } from './chunk-delivery.ts';
import type { IngestionClient, IngestionMetrics, WriteUnderWay } from './chunk-sender.ts';
import { sizedRow, type SizedRow } from './sized-row.ts';

/** Where rows go, and how hard it is tried; every time in milliseconds. */
export interface LogsIngestionOptions {
  /** Origin of the data collection endpoint. */
  readonly url: string;
  /** Immutable id of the data collection rule, `dcr-` and 32 hexadecimal digits. */
  readonly ruleId: string;
  /** Audience of the token, for example https://monitor.azure.com. */
  readonly audience: string;
  /** Makes a credential; asked again after a 401, because the old one would answer from its cache. */
  readonly credential: () => TokenCredential;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** Chunks on the wire at once, over all writes. */
  readonly concurrency?: number;
  /** Longest body of a request as JSON, in bytes. */
  readonly chunkBytes?: number;
  /** Tries of one chunk that fails for no reason that says how long to wait. */
  readonly tries?: number;
  readonly backoffMs?: number;
  readonly maxBackoffMs?: number;
  /** Longest wait for one Retry-After; then it is tried, and the service may say so again. */
  readonly maxPauseMs?: number;
  /** From the start of a request until its answer. */
  readonly timeoutMs?: number;
  /** How long a write is tried without any acceptance. */
  readonly deadlineMs?: number;
  /** How long a write is tried while the service says 403; 0: it fails at once. */
  readonly forbiddenPatienceMs?: number;
  readonly forbiddenWaitsMs?: readonly number[];
  /** Called at least once a minute while rows wait for the service: the process is alive. */
  readonly onWaiting?: () => void;
  readonly metrics?: IngestionMetrics;
}

// 1 MB counts before and after compression; whether it is 1,000,000 or 1,048,576 bytes is said nowhere. The SDK splits
// at a sum of 1,000,000 bytes of rows, which this many with brackets and commas never reach.
const CHUNK_BYTES = 1_000_000;
// About 1 ms of work: others get their turn.
const ROWS_PER_TURN = 256;
const BYTES_PER_TURN = 256 * 1024;

const defaults = {
  now: Date.now,
  concurrency: 4,
  chunkBytes: CHUNK_BYTES,
  tries: 10,
  backoffMs: 1000,
  maxBackoffMs: 30_000,
  maxPauseMs: 120_000,
  timeoutMs: 30_000,
  deadlineMs: 600_000,
  // A new role assignment takes up to 30 minutes (tutorial of the Logs Ingestion API), and often less.
  forbiddenPatienceMs: 30 * 60_000,
  forbiddenWaitsMs: [15_000, 30_000, 60_000],
  onWaiting: () => undefined,
  metrics: { request: () => undefined, rows: () => undefined },
} as const satisfies Partial<LogsIngestionOptions>;

/** The SDK, with one request per call, no retry of its own and a timeout. */
function sdkClient(options: LogsIngestionOptions, timeoutMs: number): IngestionClient {
  const { url, ruleId, audience, credential } = options;
  const client = new LogsIngestionClient(url, credential(), {
    audience,
    // It retries by rules of its own, a Retry-After of any length included, and does not know of other chunks.
    retryOptions: { maxRetries: 0 },
    // Rows go to no other address.
    redirectOptions: { maxRetries: 0 },
    additionalPolicies: [
      {
        position: 'perCall',
        policy: {
          name: 'timeout',
          sendRequest(request, next) {
            // Without it a server that never answers is waited for without end.
            request.timeout = timeoutMs;
            return next(request);
          },
        },
      },
    ],
  });
  return {
    async upload(stream, rows, abortSignal) {
      try {
        await client.upload(ruleId, stream, [...rows], { maxConcurrency: 1, abortSignal });
      } catch (error) {
        // Its own message is "undefined", and its failedLogs are rows; a single request has a single cause.
        throw isAggregateLogsUploadError(error) ? (error.errors[0]?.cause ?? error) : error;
      }
    },
  };
}

/**
 * A sink that writes to the stream `Custom-<Table>` of a data collection rule, in chunks of at most 1 MB. Rows are
 * stamped before each request; fields above 64 KB are cut and returned as `oversize`. A write that fails or is aborted
 * may have had some of its rows accepted: written again, they arrive twice, with the same RecordId.
 */
export function logsIngestion(options: LogsIngestionOptions): Sink {
  const settings = { ...defaults, ...options };
  const { now, chunkBytes } = settings;
  const target = { url: options.url, ruleId: options.ruleId, audience: options.audience };
  const underWay = new Set<Promise<unknown>>();
  let turn: Promise<unknown> = Promise.resolve();

  /** One at a time: immediates that are due together run without a turn of the event loop in between. */
  async function breathe(): Promise<void> {
    turn = turn.then(() => nextTurn());
    await turn;
  }

  const newClient = (): IngestionClient => sdkClient(options, settings.timeoutMs);
  const deliver = chunkDelivery({ ...settings, target, newClient, breathe });

  /** Cuts the rows into chunks; `start` gets each as soon as it is full. */
  async function cut(
    { table, signal }: WriteUnderWay,
    rows: readonly Row[],
    start: (chunk: readonly SizedRow[]) => void,
  ): Promise<readonly Refusal[]> {
    const gathered = chunks<SizedRow>(chunkBytes);
    const refusals: Refusal[] = [];
    let count = 0;
    let bytes = 0;
    for (const row of rows) {
      const sized = sizedRow(table, row, now(), chunkBytes);
      if (typeof sized === 'string') refusals.push({ kind: 'refused', row, reason: sized });
      else {
        const full = gathered.add(sized, sized.bytes);
        if (full !== undefined) start(full);
        bytes += sized.bytes;
      }
      if (++count < ROWS_PER_TURN && bytes < BYTES_PER_TURN) continue;
      count = 0;
      bytes = 0;
      await breathe();
      signal.throwIfAborted();
    }
    const rest = gathered.end();
    if (rest !== undefined) start(rest);
    return refusals;
  }

  async function writeAll(table: Table, rows: readonly Row[], signal: AbortSignal): Promise<readonly Refusal[]> {
    signal.throwIfAborted();
    const stop = new AbortController();
    const onAbort = (): void => stop.abort(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const write: WriteUnderWay = { table, signal: stop.signal, giveUpAt: undefined };
    const delivered: Promise<readonly Refusal[]>[] = [];
    try {
      const start = (chunk: readonly SizedRow[]): void => {
        const delivery = deliver(chunk, write);
        delivered.push(delivery);
        // The write has failed: its other chunks need not be tried for long.
        delivery.catch((error: unknown) => stop.abort(error));
      };
      const refusals = await cut(write, rows, start);
      return [...refusals, ...(await Promise.all(delivered)).flat()];
    } finally {
      stop.abort();
      await Promise.allSettled(delivered);
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    write(table, rows, signal) {
      const work = writeAll(table, rows, signal);
      underWay.add(work);
      void work.catch(() => undefined).finally(() => underWay.delete(work));
      return work;
    },
    async close() {
      await Promise.allSettled(underWay);
    },
  };
}
