/** Sends one chunk: tries it until it is accepted, refused for what is in it, or given up. */
import PQueue from 'p-queue';
import pRetry, { AbortError } from 'p-retry';
import { SinkError } from '../contracts.ts';
import type { Log } from '../log.ts';
import type { Table } from '../schema/index.ts';
import { sharedPause } from '../shared-pause.ts';
import { ingestionProblem, type IngestionProblem, type IngestionTarget } from './ingestion-problem.ts';
import { rolePatience } from './role-patience.ts';
import type { SizedRow } from './sized-row.ts';
import { stamp, type WireRow } from './wire-row.ts';

/** One request per call; rejects with the error of that request. Its token lives as long as it does. */
export interface IngestionClient {
  readonly upload: (stream: string, rows: readonly WireRow[], signal: AbortSignal) => Promise<void>;
}

/** What became of a request. `refused`: of a single row; `split`: of several, of which some may be good. */
export type RequestOutcome = 'accepted' | 'throttled' | 'failed' | 'refused' | 'split';

/** Told of each request and of the rows that were accepted. */
export interface IngestionMetrics {
  readonly request: (outcome: RequestOutcome) => void;
  readonly rows: (table: string, accepted: number) => void;
}

/** One call of write(): its chunks share signal and deadline. */
export interface WriteUnderWay {
  readonly table: Table;
  readonly signal: AbortSignal;
  /** Epoch milliseconds; set by the first failure after an acceptance. */
  giveUpAt: number | undefined;
}

/** How chunks are delivered; every time in milliseconds. */
export interface DeliveryOptions {
  readonly newClient: () => IngestionClient;
  readonly target: Omit<IngestionTarget, 'stream'>;
  readonly log: Log;
  readonly now: () => number;
  /** Gives the event loop a turn. */
  readonly breathe: () => Promise<void>;
  readonly concurrency: number;
  readonly tries: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly maxPauseMs: number;
  readonly timeoutMs: number;
  readonly deadlineMs: number;
  readonly forbiddenPatienceMs: number;
  readonly forbiddenWaitsMs: readonly number[];
  readonly onWaiting: () => void;
  readonly metrics: IngestionMetrics;
}

const LOG_EVERY_MS = 60_000;

/** A failure that another try may mend. */
class Again extends Error {
  readonly problem: IngestionProblem;
  constructor(problem: IngestionProblem, cause: unknown) {
    super(problem.message, { cause });
    this.problem = problem;
  }
}

/** Tries until the rows are accepted, or returns why the service will not take them as they are. */
export type ChunkSender = (rows: readonly SizedRow[], write: WriteUnderWay) => Promise<string | undefined>;

/** An error of the sink, whose message says that it is Azure Monitor's. */
export const sinkError = (message: string, cause?: unknown): SinkError =>
  new SinkError(`Azure Monitor: ${message}`, cause === undefined ? undefined : { cause });

/**
 * Makes the function that sends chunks; all that it sends share connections, pause, token and patience. It rejects with
 * a SinkError, or with the reason of the abort.
 */
export function chunkSender(options: DeliveryOptions): ChunkSender {
  const { newClient, target, log, now, breathe, backoffMs, onWaiting, metrics, deadlineMs } = options;
  const connections = new PQueue({ concurrency: options.concurrency });
  const pause = sharedPause({ backoffMs, maxBackoffMs: options.maxBackoffMs, longestMs: options.maxPauseMs, now });
  const patience = rolePatience({ patienceMs: options.forbiddenPatienceMs, waitsMs: options.forbiddenWaitsMs, now });
  const loggedAt = new Map<string, number>();
  let client = newClient();

  function warn(kind: string, fields: object, message: string): void {
    if (now() - (loggedAt.get(kind) ?? -Infinity) < LOG_EVERY_MS) return;
    loggedAt.set(kind, now());
    log.warn(fields, message);
  }

  async function send(rows: readonly SizedRow[], { table }: WriteUnderWay, by: IngestionClient, signal: AbortSignal) {
    const nowMs = now();
    for (const { wire, row } of rows) stamp(table, wire, row, nowMs);
    await by.upload(
      `Custom-${table.name}`,
      rows.map(({ wire }) => wire),
      signal,
    );
    // The SDK resolves, too, when an abort kept it from sending.
    signal.throwIfAborted();
  }

  async function sendUntilDecided(rows: readonly SizedRow[], write: WriteUnderWay): Promise<string | undefined> {
    const { table, signal } = write;
    const stream = `Custom-${table.name}`;
    let used = client;
    let rejected: IngestionClient | undefined;

    async function onConnection(own: AbortSignal): Promise<'sent' | 'paused'> {
      // First: what frees a connection may begin a pause, or take another token, right after.
      await breathe();
      own.throwIfAborted();
      if (pause.leftMs() > 0) return 'paused';
      used = client;
      await send(rows, write, used, own);
      return 'sent';
    }

    /** Returns the reason when it lies in the rows; else throws, for another try or for good. */
    function answerTo(error: unknown): string {
      const problem = ingestionProblem(error, { ...target, stream }, (word) => word in table.columns);
      if (problem.kind === 'rows') {
        metrics.request(rows.length === 1 ? 'refused' : 'split');
        return problem.message;
      }
      metrics.request(problem.kind === 'throttled' ? 'throttled' : 'failed');
      if (problem.kind === 'throttled') pause.throttled(problem.retryAfter);
      else if (problem.kind === 'unauthorised' && rejected === undefined) {
        rejected = used;
        // Its token may be revoked or for another role. Several requests may have met the same one.
        if (client === used) client = newClient();
      } else if (problem.kind === 'forbidden' && waitForRole(problem.message)) {
        write.giveUpAt = undefined;
      } else if (problem.kind !== 'transient') throw new AbortError(sinkError(problem.message, error));
      throw new Again(problem, error);
    }

    async function once(): Promise<string | undefined> {
      try {
        for (let state = 'paused'; state === 'paused';) {
          await pause.over(signal, onWaiting);
          state = await connections.add(({ signal: own = signal }) => onConnection(own), {
            signal,
            // A credential may hang, which no timeout of the request ends.
            timeout: 2 * options.timeoutMs,
          });
        }
      } catch (error) {
        signal.throwIfAborted();
        return answerTo(error);
      }
      metrics.request('accepted');
      return undefined;
    }

    try {
      return await pRetry(once, {
        retries: options.tries - 1,
        minTimeout: backoffMs,
        maxTimeout: options.maxBackoffMs,
        randomize: true,
        // Waiting as told, for a token or for the role is no fault of the request.
        shouldConsumeRetry: ({ error }) => error instanceof Again && error.problem.kind === 'transient',
        shouldRetry() {
          write.giveUpAt ??= now() + deadlineMs;
          return now() + Math.max(0, pause.leftMs()) < write.giveUpAt;
        },
        onFailedAttempt({ error }) {
          onWaiting();
          if (error instanceof Again && error.problem.kind !== 'forbidden') {
            warn(error.problem.kind, { stream, reason: error.message }, 'rows wait to be sent again');
          }
        },
        signal,
      });
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof Again ? sinkError(`gave up for now: ${error.message}`, error.cause) : error;
    }
  }

  /** All wait for the role; false when that has lasted long enough. */
  function waitForRole(reason: string): boolean {
    const wait = patience.refused();
    if (wait === undefined) return false;
    pause.hold(wait);
    const minutesLeft = Math.ceil(patience.leftMs() / 60_000);
    const why = patience.hasBeenAccepted()
      ? 'access to the data collection rule was taken away: rows wait'
      : 'access to the data collection rule is not granted yet (a new role assignment takes up to 30 minutes): rows wait';
    warn('forbidden', { reason, minutesLeft }, why);
    return true;
  }

  return async (rows, write) => {
    const problem = await sendUntilDecided(rows, write);
    if (problem === undefined) {
      pause.succeeded();
      patience.accepted();
      write.giveUpAt = undefined;
    }
    return problem;
  };
}
