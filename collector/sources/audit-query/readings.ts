import { createHash } from 'node:crypto';
import { setTimeout as timersSleep } from 'node:timers/promises';
import type { Batch, SourceError } from '../../contracts.ts';
import type { AuditQueryApi, Trouble } from './api.ts';
import { toSourceError } from './find-version.ts';
import type { Query } from './place.ts';
import { toFound } from './to-element.ts';
import { idOf, type Window } from './windows.ts';

/** How the reading of a query ended. */
export type Ending =
  /** The same ids in two readings; `readings` of them were needed. */
  | { readonly kind: 'agreed'; readonly readings: number; readonly records: number }
  | { readonly kind: 'disagreed'; readonly readings: number; readonly records: number }
  /** As many records as a query can give: there may be more. */
  | { readonly kind: 'truncated' }
  /** A page that cannot be read while the query itself can be asked for. */
  | { readonly kind: 'broken'; readonly detail: string }
  /** The service no longer knows the query. */
  | { readonly kind: 'gone' };

/** What reading needs; times in milliseconds. */
export interface ReadingOptions {
  readonly api: AuditQueryApi;
  readonly name: string;
  readonly maxReadings: number;
  /** Pause before a page is tried again; doubles with each try. */
  readonly retryMs: number;
  /** Longest pause asked for that is waited out within a reading. */
  readonly maxWaitMs: number;
  readonly sleep: Sleep;
}

/** Waits, or rejects when the signal aborts. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits in real time. */
export const realSleep: Sleep = (ms, signal) => timersSleep(ms, undefined, { signal });

const PAGE_TRIES = 4;
// One reader asks for page after page: so many pauses before one page are no accident.
const PAUSES = 10;
const HOUR_MS = 3_600_000;

/**
 * Reads a query again until two readings give the same ids, because pages of one and the same query have been seen to
 * leave records out. Yields each record once, whichever reading had it. Memory: about 70 bytes for each record.
 */
export async function* readQuery(
  window: Window,
  { query, limit }: { readonly query: Query; readonly limit: number },
  options: ReadingOptions,
  signal: AbortSignal,
): AsyncGenerator<Batch, Ending> {
  // By record, the last reading that had it.
  const known = new Map<string, number>();
  const digests = new Set<string>();
  for (let reading = 1; reading <= options.maxReadings; reading++) {
    const digest = new Uint32Array(4);
    let count = 0;
    let next: string | undefined;
    const visited = new Set<string>();
    do {
      const page = await pageOf(query, next, options, signal);
      if ('kind' in page) return page;
      const fresh = page.items.map(toFound).filter(({ key }) => {
        const last = known.get(key);
        known.set(key, reading);
        if (last === reading) return false;
        count++;
        mix(digest, key);
        return last === undefined;
      });
      yield* batchesOf(window, fresh);
      next = page.next;
      if (next !== undefined && visited.has(next)) return { kind: 'broken', detail: 'pages lead in a circle' };
      if (next !== undefined) visited.add(next);
    } while (next !== undefined);
    if (count >= limit) return { kind: 'truncated' };
    const text = `${count} ${digest.join(' ')}`;
    if (digests.has(text)) return { kind: 'agreed', readings: reading, records: known.size };
    digests.add(text);
  }
  return { kind: 'disagreed', readings: options.maxReadings, records: known.size };
}

/** Adds an id to the sum of a set of ids, in which their order does not count. */
function mix(digest: Uint32Array, key: string): void {
  const hash = createHash('sha256').update(key, 'latin1').digest();
  for (let word = 0; word < digest.length; word++) digest[word] = (digest[word] ?? 0) + hash.readUInt32LE(word * 4);
}

/** Records by the hour of their event; one without a time within the window counts at its nearest end. */
function* batchesOf(window: Window, found: readonly ReturnType<typeof toFound>[]): Generator<Batch, void> {
  const hourIn = (ms: number): number =>
    Math.floor(Math.min(Math.max(Number.isNaN(ms) ? window.fromMs : ms, window.fromMs), window.toMs - 1) / HOUR_MS);
  for (const [hour, items] of Map.groupBy(found, ({ eventMs }) => hourIn(eventMs))) {
    const elements = items.map(({ element }) => element);
    yield { kind: 'records', item: idOf(window), hour, contentCreated: null, seen: items.length, foreign: 0, elements };
  }
}

/** A page, after as many tries as are worth while. Throws a SourceError when it is the service that is away. */
async function pageOf(
  query: Query,
  next: string | undefined,
  { api, name, retryMs, maxWaitMs, sleep }: ReadingOptions,
  signal: AbortSignal,
): Promise<{ readonly items: readonly unknown[]; readonly next: string | undefined } | Ending> {
  const away = (trouble: Trouble): SourceError => toSourceError(name, 'the records of a query cannot be read', trouble);
  let last: Trouble | undefined;
  let pauses = 0;
  for (let attempt = 1; attempt <= PAGE_TRIES;) {
    const page = await api.page(query, next, signal);
    if (page.ok) return page.value;
    if (page.kind === 'gone') return { kind: 'gone' };
    if (page.kind === 'throttled' && (page.waitMs > maxWaitMs || ++pauses > PAUSES)) throw away(page);
    last = page;
    if (page.kind === 'throttled') await sleep(Math.max(page.waitMs, retryMs), signal);
    else await sleep(retryMs * 2 ** (attempt++ - 1), signal);
  }
  // Records are not missed for want of a permission: it is the same for all of them.
  if (last?.kind === 'forbidden') throw away(last);
  const status = await api.status(query, signal);
  if (status.ok) return { kind: 'broken', detail: last?.detail ?? '' };
  if (status.kind === 'gone') return { kind: 'gone' };
  throw away(status);
}
