import type { BlobLeaseClient } from '@azure/storage-blob';
import { blobError, codeOf, isRefusal, withoutRequest } from './blob-error.ts';
import { TakenError } from './place.ts';

// What a request on its way, and the difference between two clocks in a minute, can cost at most.
const marginMs = 5000;
const retryEveryMs = 3000;
// A renewal that hangs must leave time for others.
const renewTimeoutMs = 8000;

interface LeaseOptions {
  /** URL of the blob, for errors. */
  readonly url: string;
  /** Makes the blob where it is missing. */
  readonly make: () => Promise<void>;
  /** Takes the lease; may try several times. */
  readonly taker: BlobLeaseClient;
  /** Renews and releases it, under the same id; tries once. */
  readonly keeper: BlobLeaseClient;
  /** 15 to 60, the service's limits. */
  readonly seconds: number;
  readonly renewEveryMs: number;
  /** Deadline for taking it, with all tries. */
  readonly timeoutMs: number;
  /** Milliseconds of a clock that only goes forward, also while the process is stopped. */
  readonly now: () => number;
  /** Told of renewals that failed and are tried again. */
  readonly onTrouble: (error: Error) => void;
}

/** A lease that is renewed until it is released or lost. */
export interface BlobLease {
  readonly id: string;
  /** Aborts when the lease is gone, or can no longer be known to be ours. */
  readonly lost: AbortSignal;
  /** Throws the reason when it is lost; asks the clock, not the service. */
  check(): void;
  /** Asks the service, by a renewal: when it resolves, the lease was ours all the time until then. */
  confirm(): Promise<void>;
  /** To be called by who learns otherwise that it is lost. */
  lose(reason: Error): void;
  /** Ends it. Never rejects: what cannot be released ends by itself. */
  release(): Promise<void>;
}

/** Takes the lease of a blob, which is made where it is missing; rejects with a TakenError when somebody else has it. */
export async function blobLease(options: LeaseOptions): Promise<BlobLease> {
  const { url, make, taker, keeper, seconds, renewEveryMs, timeoutMs, now, onTrouble } = options;
  const loss = new AbortController();
  const requests = new AbortController();
  let timer: NodeJS.Timeout | undefined;

  let sureUntil = 0;
  let end: NodeJS.Timeout | undefined;
  let trouble: unknown;

  /** From the start of a request, not its end: the service may have begun to count at once. */
  function sureFrom(startedAt: number): void {
    sureUntil = startedAt + seconds * 1000 - marginMs;
    clearTimeout(end);
    // Whatever a renewal is doing then.
    end = setTimeout(loseIfOver, Math.max(0, Math.ceil(sureUntil - now())));
    end.unref();
  }

  function lose(reason: Error): void {
    clearTimeout(timer);
    clearTimeout(end);
    if (!requests.signal.aborted) loss.abort(reason);
  }

  function loseByTime(): void {
    const why = trouble === undefined ? 'this process stood still for too long' : 'it could not be renewed in time';
    lose(
      new TakenError(
        `state: ${url}: the lease may be over, ${why}; nothing more is saved: load the state again to stand in line`,
        { cause: trouble },
      ),
    );
  }

  function loseIfOver(): void {
    if (now() >= sureUntil) loseByTime();
  }

  function check(): void {
    loseIfOver();
    loss.signal.throwIfAborted();
  }

  function renewIn(ms: number): void {
    if (requests.signal.aborted) return;
    clearTimeout(timer);
    timer = setTimeout(() => void renew(), Math.max(0, Math.min(ms, sureUntil - now())));
    timer.unref();
  }

  /** One renewal; rejects when it failed, and with the reason when the lease is lost. */
  async function confirm(): Promise<void> {
    check();
    const startedAt = now();
    const timeout = AbortSignal.timeout(Math.max(1, Math.min(renewTimeoutMs, Math.trunc(sureUntil - startedAt))));
    try {
      await keeper.renewLease({ abortSignal: AbortSignal.any([timeout, requests.signal]) });
    } catch (error) {
      if (isRefusal(error)) lose(refused(url, error));
      loss.signal.throwIfAborted();
      throw blobError(url, error);
    }
    loss.signal.throwIfAborted();
    sureFrom(startedAt);
  }

  async function renew(): Promise<void> {
    try {
      await confirm();
      trouble = undefined;
      renewIn(renewEveryMs);
    } catch (error) {
      if (requests.signal.aborted || loss.signal.aborted) return;
      trouble = error;
      onTrouble(error instanceof Error ? error : new Error(String(error)));
      renewIn(retryEveryMs);
    }
  }

  async function take(): Promise<void> {
    sureFrom(now());
    await taker.acquireLease(seconds, { abortSignal: AbortSignal.timeout(timeoutMs) });
  }

  try {
    await take().catch(async (error: unknown) => {
      if (codeOf(error) !== 'BlobNotFound') throw error;
      await make();
      await take();
    });
  } catch (error) {
    // LeaseAlreadyPresent, or LeaseIsBreakingAndCannotBeAcquired.
    if (codeOf(error)?.startsWith('Lease') !== true) throw blobError(url, error);
    throw new TakenError(
      `state: ${url} is in use by another process (${codeOf(error)}): wait (its lease ends at most 60 s after it ` +
        'stops), stop that process, or point STATE_URL elsewhere',
      { cause: withoutRequest(error) },
    );
  }
  renewIn(renewEveryMs);

  return {
    id: keeper.leaseId,
    lost: loss.signal,
    check,
    confirm,
    lose,
    async release() {
      clearTimeout(timer);
      clearTimeout(end);
      requests.abort();
      try {
        // Also when it is lost: what is still ours should not keep others waiting, and the id lets go of nothing else.
        await keeper.releaseLease({ abortSignal: AbortSignal.timeout(loss.signal.aborted ? 2000 : renewTimeoutMs) });
      } catch (error) {
        if (!loss.signal.aborted) onTrouble(blobError(url, error));
      }
    },
  };
}

/** Why a lease is lost that the service says is not ours. */
export function refused(url: string, cause: unknown): Error {
  return new TakenError(
    `state: ${url}: the lease was taken from this process (${codeOf(cause)}), nothing more is saved: ` +
      'start only one collector on it, or load the state again to stand in line',
    { cause: withoutRequest(cause) },
  );
}
