import { sharedPause } from '../shared-pause.ts';
import { bars } from './bars.ts';
import { batchQueue } from './batch-queue.ts';
import { BATCH_SIZE, type Item } from './batch.ts';
import type { BatchReply, BatchSender } from './batch-sender.ts';
import type { Answer, GraphVersion } from './contract.ts';
import { lookUp, type LookUp } from './look-up.ts';
import { again, type Again, failed, toNoAnswer } from './outcome.ts';
import type { Pace } from './pace.ts';

/** Every time in milliseconds. */
export interface LookUpOptions {
  readonly send: BatchSender;
  readonly pace: Pace;
  readonly tries: number;
  readonly deadlineMs: number;
  readonly maxPauseMs: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly now: () => number;
}

/** Look-ups that wait, are sent in batches, and are asked again one by one. One promise of a caller each: no other bound. */
export interface LookUps {
  /** Never rejects. */
  readonly get: (version: GraphVersion, path: string) => Promise<Answer>;
  /** Ends every look-up as unavailable, now and from now on. */
  readonly close: () => void;
}

const MAX_IN_FLIGHT = 4;
// So long a look-up waits for others to share its batch.
const LINGER_MS = 5;
// Longest sleep before the clock is read again, which may have been set.
const NAP_MS = 1000;
// From 0.8 of its limit on Graph says how much is used up; above 1 it throttles.
const NEAR_LIMIT = 0.8;
const NEAR_LIMIT_PAUSE_MS = 1000;
// A Retry-After of years must not outlast the fault that sent it.
const LONGEST_PAUSE_MS = 3_600_000;

const closed = failed('unavailable', 'the client is closed');
const found = (body: unknown): Answer => ({ kind: 'found', body });
const askedToWait = (ms: number): Answer => failed('throttled', `asked to wait ${Math.ceil(ms / 1000)} s`);

/** Makes empty queues, one for each version, since a batch is of one version. */
export function lookUps(options: LookUpOptions): LookUps {
  const { send, pace, tries, deadlineMs, maxPauseMs, backoffMs, maxBackoffMs, now } = options;
  const pause = sharedPause({ backoffMs, maxBackoffMs, longestMs: LONGEST_PAUSE_MS, now });
  const barred = bars(now);
  const closing = new AbortController();
  const open = new Set<LookUp>();
  const queue = () => batchQueue<LookUp>({ size: Math.min(BATCH_SIZE, pace.most), lingerMs: LINGER_MS, onReady: pump });
  const queues = { 'v1.0': queue(), beta: queue() };
  let turns: readonly GraphVersion[] = ['v1.0', 'beta'];
  let inFlight = 0;
  let wake: NodeJS.Timeout | undefined;

  const backoff = (tried: number): number => Math.min(maxBackoffMs, backoffMs * 2 ** tried * (0.5 + Math.random()));

  function enqueue(asked: LookUp, to: 'back' | 'front'): void {
    if (!asked.isOpen()) return;
    const sharedMs = pause.leftMs();
    const waitMs = sharedMs > maxPauseMs ? sharedMs : barred.leftMs(asked.path);
    if (waitMs > 0) asked.end(askedToWait(waitMs));
    else queues[asked.version].add(asked, to);
  }

  /** A long pause has begun: those who wait for their turn would wait in vain. */
  function sweep(): void {
    for (const version of turns) for (const asked of queues[version].drain()) enqueue(asked, 'back');
  }

  function pump(): void {
    while (inFlight < MAX_IN_FLIGHT) {
      const version = turns.find((each) => queues[each].ready() > 0);
      if (version === undefined) return;
      const waitMs = Math.max(pause.leftMs(), pace.waitMs(queues[version].ready()));
      if (waitMs > 0) {
        clearTimeout(wake);
        wake = setTimeout(pump, Math.min(Math.ceil(waitMs), NAP_MS));
        return;
      }
      turns = [...turns.filter((each) => each !== version), version];
      // Some have ended in the queue, by their deadline.
      const batch = queues[version].take().filter((asked) => asked.isOpen());
      if (batch.length > 0) void run(version, batch);
    }
  }

  async function run(version: GraphVersion, batch: readonly LookUp[]): Promise<void> {
    inFlight++;
    await exchange(version, batch);
    inFlight--;
    pump();
  }

  async function exchange(version: GraphVersion, batch: readonly LookUp[]): Promise<void> {
    pace.take(batch.length);
    for (const asked of batch) asked.begin();
    const paths = batch.map(({ path }) => path);
    const reply = await send(version, paths, AbortSignal.any([closing.signal, AbortSignal.timeout(deadlineMs)]));
    if (reply.kind !== 'malformed' || batch.length === 1) {
      conclude(batch, reply);
      return;
    }
    const half = batch.length >> 1;
    await exchange(version, batch.slice(0, half));
    await exchange(version, batch.slice(half));
  }

  function conclude(batch: readonly LookUp[], reply: BatchReply): void {
    if (reply.kind === 'answered') {
      pause.succeeded();
      batch.forEach((asked, index) => settle(asked, reply.items.get(String(index + 1))));
    } else if (reply.kind === 'again') {
      concludeAgain(batch, reply);
    } else {
      const answer = reply.kind === 'ended' ? reply.answer : failed('refused', reply.detail);
      for (const asked of batch) asked.end(answer);
    }
  }

  function concludeAgain(batch: readonly LookUp[], why: Again): void {
    // One wait for all of them keeps them together.
    let waitMs = backoff(batch[0]?.tried() ?? 0);
    if (why.failure !== 'unreadable') {
      if (why.waitMs === undefined) pause.throttled(undefined);
      else pause.hold(why.waitMs);
      // The pause, which all share, is their wait.
      waitMs = 0;
    }
    for (const asked of batch) retry(asked, why, waitMs);
    if (pause.leftMs() > maxPauseMs) sweep();
  }

  function settle(asked: LookUp, item: Item | undefined): void {
    if (item === undefined) {
      retry(asked, again('unreadable', 'no answer in the batch'), backoff(asked.tried()));
      return;
    }
    if (item.usedShare >= NEAR_LIMIT) pause.hold(NEAR_LIMIT_PAUSE_MS);
    const outcome = item.problem === undefined ? found(item.body) : toNoAnswer(item.problem, now());
    if (outcome.kind !== 'again') asked.end(outcome);
    else if (outcome.waitMs === undefined) retry(asked, outcome, backoff(asked.tried()));
    else if (outcome.waitMs <= Math.min(maxPauseMs, deadlineMs)) retry(asked, outcome, outcome.waitMs);
    else {
      barred.bar(asked.path, Math.min(outcome.waitMs, LONGEST_PAUSE_MS));
      asked.end(askedToWait(outcome.waitMs));
      sweep();
    }
  }

  const retry = (asked: LookUp, why: Again, waitMs: number): void =>
    asked.retry(why, waitMs, () => enqueue(asked, 'front'));

  function get(version: GraphVersion, path: string): Promise<Answer> {
    if (closing.signal.aborted) return Promise.resolve(closed);
    return new Promise((resolve) => {
      const onEnd = (answer: Answer): void => {
        open.delete(asked);
        resolve(answer);
      };
      const asked: LookUp = lookUp({ version, path, tries, deadlineMs, onEnd });
      open.add(asked);
      enqueue(asked, 'back');
    });
  }

  function close(): void {
    closing.abort();
    for (const version of turns) queues[version].drain();
    for (const asked of open) asked.end(closed);
    clearTimeout(wake);
  }
  return { get, close };
}
