import { setTimeout as sleep } from 'node:timers/promises';
import { type Batch, type Hour, type ParkedBlob, type Position, type Source, SourceError } from '../../contracts.ts';
import { ThrottledError, UnreachableError } from '../../http.ts';
import type { RecordTypeOptions } from '../../records/record-types.ts';
import { BrokenListing, type FeedApi, type Listed, Unsubscribed } from './api.ts';
import { inParallel } from '../../in-parallel.ts';
import { blobReader } from './read-blob.ts';
import { stopwatch } from './stopwatch.ts';
import { halves, lastOf, listable, type Place, plan, toCursor, toPlace, upToNow, type Window } from './windows.ts';

/** How the feed is read. */
export interface ActivityFeedOptions {
  readonly api: FeedApi;
  /** Blobs fetched at once. */
  readonly concurrency: number;
  /** Pause before the second try of a blob; doubles with each try. */
  readonly retryMs?: number;
  readonly recordTypes?: RecordTypeOptions;
}

const BLOB_TRIES = 3;
// Longest time for one try at one blob, however slowly it trickles.
const BLOB_TIMEOUT_MS = 10 * 60_000;
// So many failures with no success between them are the feed's trouble, not the blobs'. A network that is gone shows
// sooner: each such failure has been retried for long already.
const MAX_FAILURES_IN_A_ROW = 32;
const UNREACHABLE_WEIGHT = 8;
// "Do not repeat start within 15 minutes" (API reference).
const START_AGAIN_MS = 15 * 60_000;

type Gap = Extract<Batch, { kind: 'gap' }>;

const hourOf = (ms: number): Hour => Math.floor(ms / 3_600_000);
const iso = (ms: number): string => new Date(ms).toISOString();

/**
 * Audit.General of the Office 365 Management Activity API. Lists by contentCreated with an hour of overlap, everything
 * that can be listed once a day, and remembers blobs rather than times, so that late and repeated ones are normal.
 */
export function activityFeed({ api, concurrency, retryMs = 1000, recordTypes = {} }: ActivityFeedOptions): Source {
  const name = 'activity-feed';
  const readBlob = blobReader(recordTypes);

  async function* read(position: Position, signal: AbortSignal): AsyncGenerator<Batch, void> {
    try {
      yield* pass(position, signal);
    } catch (error) {
      const isOurs = [ThrottledError, UnreachableError, BrokenListing].some((kind) => error instanceof kind);
      if (!(isOurs && error instanceof Error)) throw error;
      throw new SourceError(`${name}: ${error.message}`, { cause: error });
    }
  }

  async function* pass(position: Position, signal: AbortSignal): AsyncGenerator<Batch, void> {
    let at = toPlace(position.cursor);
    const moved = (change: Partial<Place>): Batch => {
      at = { ...at, ...change };
      return { kind: 'position', cursor: toCursor(at), readUpTo: at.readUpToMs === null ? null : iso(at.readUpToMs) };
    };
    const start = async function* (): AsyncGenerator<Batch, void> {
      const nowMs = api.serverNow();
      if (at.startedAtMs !== null && Math.abs(nowMs - at.startedAtMs) < START_AGAIN_MS) {
        throw new SourceError(
          `${name}: no subscription, started at ${iso(at.startedAtMs)}: waiting 15 minutes before another start`,
        );
      }
      // An attempt counts even when it fails.
      yield moved({ startedAtMs: nowMs });
      await api.start(signal);
    };

    // The lag is known even when nothing can be reached.
    if (at.readUpToMs !== null) yield moved({});
    if (!(await api.isSubscribed(signal))) {
      yield* start();
      if (at.readUpToMs !== null) {
        const reason = 'there was no subscription: Microsoft does not give what became available meanwhile';
        yield { kind: 'gap', from: iso(at.readUpToMs), to: iso(api.serverNow()), reason };
      }
    }
    const failures = { inARow: 0 };
    const again = position.parked.map((parked) => (ending: AbortSignal) => retryParked(parked, failures, ending));
    yield* inParallel(again, concurrency, signal);

    const nowMs = api.serverNow();
    at = upToNow(at, nowMs);
    const { windows, isSweep, gap } = plan(at, nowMs);
    if (gap !== undefined) {
      const reason =
        'not read within 7 days: the API no longer lists it; export it from Microsoft Purview and use import';
      yield { kind: 'gap', from: iso(gap.fromMs), to: iso(gap.toMs), reason };
      yield moved({ readUpToMs: gap.toMs });
    }
    const known = new Map(position.parked.map(({ id, uri }) => [id, uri]));
    for (const window of windows) {
      try {
        yield* readWindow(window, position, known, failures, signal);
      } catch (error) {
        if (!(error instanceof Unsubscribed)) throw error;
        yield* start();
        yield* readWindow(window, position, known, failures, signal);
      }
      yield moved({ readUpToMs: Math.max(window.toMs, at.readUpToMs ?? 0) });
    }
    if (isSweep) yield moved({ sweptAtMs: nowMs });
  }

  /** Lists a window whole, then fetches what is new in it. */
  async function* readWindow(
    window: Window,
    position: Position,
    known: Map<string, string>,
    failures: { inARow: number },
    signal: AbortSignal,
  ): AsyncGenerator<Batch, void> {
    const fresh = new Map<string, Listed>();
    const moved = new Map<string, Listed>();
    for await (const found of listed(window, signal)) {
      if ('kind' in found) yield found;
      else if (!position.isDone(found.id)) {
        const uri = known.get(found.id);
        // An entry may come twice, once without its contentUri.
        if (uri === undefined) {
          if (!fresh.get(found.id)?.uri) fresh.set(found.id, found);
          // Parked under another address, perhaps a useless one: this one deserves a try.
        } else if (found.uri !== '' && found.uri !== uri) moved.set(found.id, found);
      }
    }
    const inOrder = [...fresh.values()].sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
    for (const [hour, blobs] of Map.groupBy(inOrder, ({ createdMs }) => hourOf(createdMs))) {
      const earliestExpiry = iso(Math.min(...blobs.map(({ expiresMs }) => expiresMs)));
      yield { kind: 'listed', hour, count: blobs.length, earliestExpiry };
    }
    const fetches = [
      ...[...moved.values()].map((blob) => (ending: AbortSignal) => readListed(blob, 1, failures, ending)),
      ...inOrder.map((blob) => (ending: AbortSignal) => readListed(blob, 0, failures, ending)),
    ];
    yield* inParallel(fetches, concurrency, signal);
    // Parked in this pass: the next window must not take them for new.
    for (const { id, uri } of [...inOrder, ...moved.values()]) known.set(id, uri);
  }

  /** What a window holds; where it cannot be listed it is cut in half, down to a gap of a few minutes. */
  async function* listed(window: Window, signal: AbortSignal): AsyncGenerator<Listed | Gap, void> {
    try {
      yield* await listWindow(window, signal);
    } catch (error) {
      if (!(error instanceof BrokenListing)) throw error;
      // Rejects when nothing can be listed now: an outage is no gap.
      await listWindow(lastOf(window), signal);
      yield* listedInParts(window, signal);
    }
  }

  async function* listedInParts(window: Window, signal: AbortSignal): AsyncGenerator<Listed | Gap, void> {
    for (const part of halves(window) ?? []) {
      try {
        yield* await listWindow(part, signal);
      } catch (error) {
        if (!(error instanceof BrokenListing)) throw error;
        if (halves(part) !== undefined) yield* listedInParts(part, signal);
        else yield { kind: 'gap', from: iso(part.fromMs), to: iso(part.toMs), reason: error.message };
      }
    }
  }

  async function listWindow(whole: Window, signal: AbortSignal): Promise<readonly Listed[]> {
    const window = listable(whole, api.serverNow());
    if (window.fromMs >= window.toMs) return [];
    for (let attempt = 1; ; attempt++) {
      try {
        return (await Array.fromAsync(api.list(window, signal))).flat();
      } catch (error) {
        // A stale page link or a proxy's page is over in a moment; what lasts is cut in half.
        if (!(error instanceof BrokenListing) || attempt === 2) throw error;
        await sleep(retryMs, undefined, { signal });
      }
    }
  }

  const retryParked = (
    parked: ParkedBlob,
    failures: { inARow: number },
    signal: AbortSignal,
  ): AsyncGenerator<Batch, void> =>
    readListed(
      { id: parked.id, uri: parked.uri, createdMs: Date.parse(parked.created), expiresMs: Date.parse(parked.expires) },
      parked.tries,
      failures,
      signal,
    );

  /** A blob that resets every connection is parked like any other. */
  async function openBlob({ uri }: Listed, signal: AbortSignal): ReturnType<FeedApi['open']> {
    try {
      return await api.open(uri, signal);
    } catch (error) {
      if (!(error instanceof UnreachableError)) throw error;
      return { gone: false, isUnreachable: true, reason: error.message };
    }
  }

  /** Yields a blob's records and then how it ended. */
  async function* readListed(
    blob: Listed,
    triesBefore: number,
    failures: { inARow: number },
    signal: AbortSignal,
  ): AsyncGenerator<Batch, void> {
    const origin = { id: blob.id, hour: hourOf(blob.createdMs), contentCreated: iso(blob.createdMs) };
    const ended = (outcome: Extract<Batch, { kind: 'ended' }>['outcome']): Batch => ({
      kind: 'ended',
      id: blob.id,
      hour: origin.hour,
      outcome,
    });
    if (blob.expiresMs <= api.serverNow()) {
      yield ended({ kind: 'expired', reason: `contentExpiration ${iso(blob.expiresMs)} has passed` });
      return;
    }
    let reason = '';
    let weight = 1;
    // A parked blob has had its tries; now each pass brings one more, after a rehearsal.
    const tries = triesBefore === 0 ? BLOB_TRIES : 2;
    for (let attempt = 1; attempt <= tries; attempt++) {
      // What stands before a break was yielded once. Yielded at every pass, it would be stored again when its ids, which
      // are kept for 8 days, are forgotten.
      const isRehearsal = triesBefore > 0 && attempt === 1;
      const opened = await openBlob(blob, signal);
      if ('gone' in opened) {
        if (opened.gone) {
          yield ended({ kind: 'expired', reason: opened.reason });
          return;
        }
        reason = opened.reason;
        weight = opened.isUnreachable === true ? UNREACHABLE_WEIGHT : 1;
        break; // the client has retried what can be retried
      }
      try {
        const limit = stopwatch(BLOB_TIMEOUT_MS, () =>
          opened.body.destroy(new Error(`not read in ${BLOB_TIMEOUT_MS / 60_000} minutes`)),
        );
        try {
          const isLastTry = triesBefore === 0 && attempt === tries;
          for await (const batch of readBlob(opened.body, { ...origin, isLastTry })) {
            if (isRehearsal) continue;
            // A sink that makes us wait is no fault of the blob.
            limit.stop();
            yield batch;
            limit.go();
          }
        } finally {
          limit.stop();
        }
        if (isRehearsal) continue;
        failures.inARow = 0;
        yield ended({ kind: 'fetched' });
        return;
      } catch (error) {
        signal.throwIfAborted();
        reason = error instanceof Error ? error.message : String(error);
        if (isRehearsal) break;
        if (attempt < tries) await sleep(retryMs * 2 ** (attempt - 1), undefined, { signal });
      }
    }
    // Only new blobs tell of the feed: those that were parked before are expected to fail, and must not stop it.
    if (triesBefore === 0) failures.inARow += weight;
    if (triesBefore === 0 && failures.inARow > MAX_FAILURES_IN_A_ROW) {
      throw new SourceError(
        `${name}: one blob after the other could not be read, the last one: ${reason}: trying later`,
      );
    }
    const { id, uri } = blob;
    const parked = {
      id,
      uri,
      created: iso(blob.createdMs),
      expires: iso(blob.expiresMs),
      reason,
      tries: triesBefore + 1,
    };
    yield ended({ kind: 'parked', parked });
  }

  return { name, read };
}
