import type { FeedBlob } from '../feed-blob.ts';
import { chance } from './chance.ts';
import type { BlobFate, Fault, FaultCall, FaultTarget } from './fault.ts';
import { assertFaults, faultMenu } from './faults.ts';
import type { Reply } from './reply.ts';

/** Decides which request meets which fault; the same seed decides the same for the same requests. */
export interface FaultInjector {
  readonly has: (name: string) => boolean;
  /** Whether there are any faults at all. */
  readonly isActive: boolean;
  /** The answer to a request: `real` is not called when a fault answers instead. */
  readonly inject: (call: FaultCall, real: () => Reply) => { readonly reply: Reply; readonly fault?: string };
  /** What is wrong with a blob for good. */
  readonly fate: (contentId: string) => BlobFate | undefined;
  /** Ids of the blobs that no client can read. */
  readonly unavailable: () => readonly string[];
}

// A client that retries twice gets through, whatever the mix of faults.
const maxFaultsPerRequest = 2;
const maxFaultsInARow = 2;
const maxBlobsPerFate = 3;
const listableMs = 6 * 86_400_000;

/** What an injector is made of; `count` is told the name of each fault that happens. */
interface FaultInjectorOptions {
  readonly seed: number | string;
  readonly names: readonly string[];
  readonly blobs: readonly FeedBlob[];
  readonly nowMs: number;
  readonly count: (name: string) => void;
}

/** An injector whose passing faults can be exchanged. What is spoilt for good stays so, and content does not change. */
export function changingFaults(
  options: FaultInjectorOptions,
): FaultInjector & { readonly change: (names: readonly string[]) => void } {
  const first = faultInjector(options);
  let current = first;
  let changes = 0;
  return {
    has: (name) => current.has(name),
    get isActive() {
      return current.isActive;
    },
    inject: (call, real) => current.inject(call, real),
    fate: first.fate,
    unavailable: first.unavailable,
    change(names) {
      changes += 1;
      // Another seed: other requests are hit, and limits begin anew.
      current = faultInjector({ ...options, names, seed: `${options.seed}|${changes}` });
    },
  };
}

/** Builds the injector; throws when a name is not on the menu. */
function faultInjector(options: FaultInjectorOptions): FaultInjector {
  assertFaults(options.names);
  const active = Object.entries(faultMenu).filter(([name]) => options.names.includes(name));
  const fates = chooseFates(active, options);
  const hits = new Map<string, number>();
  const hitPairs = new Set<string>();
  const total = new Map<string, number>();
  const inARow = new Map<FaultTarget, number>();

  function inject(call: FaultCall, real: () => Reply): { readonly reply: Reply; readonly fault?: string } {
    const row = inARow.get(call.target) ?? 0;
    inARow.set(call.target, 0);
    const tired = call.target !== 'blob' && row >= maxFaultsInARow;
    let reply: Reply | undefined;
    if (!tired && (hits.get(call.key) ?? 0) < maxFaultsPerRequest) {
      for (const [name, fault] of inTurn(active, options.seed, call.key)) {
        const { passing } = fault;
        const nth = total.get(name) ?? 0;
        const pair = `${name}|${call.key}`;
        if (!passing?.targets.includes(call.target) || nth >= passing.limit || hitPairs.has(pair)) continue;
        if (nth > 0 && chance(options.seed, name, call.key) >= passing.share) continue;
        let spoilt: Reply | undefined;
        if (passing.answer) spoilt = passing.answer(call, nth);
        else {
          reply ??= real();
          spoilt = reply.status < 300 ? passing.alter?.(reply, call, nth) : undefined;
        }
        if (!spoilt) continue;
        hits.set(call.key, (hits.get(call.key) ?? 0) + 1);
        hitPairs.add(pair);
        total.set(name, nth + 1);
        inARow.set(call.target, row + 1);
        options.count(name);
        return { reply: spoilt, fault: name };
      }
    }
    return { reply: reply ?? real() };
  }

  return {
    has: (name) => options.names.includes(name),
    isActive: active.length > 0,
    inject,
    fate: (contentId) => fates.get(contentId),
    unavailable: () => [...fates].filter(([, fate]) => !fate.startsWith('bad-')).map(([id]) => id),
  };
}

/** The active faults in an order of the request's own, those that never happened first being tried by `inject`. */
function inTurn(active: readonly (readonly [string, Fault])[], seed: number | string, key: string) {
  return active
    .map(([name, fault]) => ({ name, fault, order: chance(seed, 'order', name, key) }))
    .sort((a, b) => a.order - b.order)
    .map(({ name, fault }) => [name, fault] as const);
}

function chooseFates(
  active: readonly (readonly [string, Fault])[],
  options: { readonly seed: number | string; readonly blobs: readonly FeedBlob[]; readonly nowMs: number },
): ReadonlyMap<string, BlobFate> {
  const wanted = active.flatMap(([, fault]) => fault.fates ?? []);
  const candidates = options.blobs
    .filter((blob) => blob.createdMs >= options.nowMs - listableMs && blob.visibleMs <= options.nowMs)
    .map((blob) => ({ id: blob.contentId, order: chance(options.seed, 'fate', blob.contentId) }))
    .sort((a, b) => a.order - b.order);
  // At least half of the blobs stay good.
  const each = Math.min(maxBlobsPerFate, Math.max(1, Math.floor(candidates.length / (2 * wanted.length || 1))));
  const fates = new Map<string, BlobFate>();
  for (const fate of wanted) for (const { id } of candidates.splice(0, each)) fates.set(id, fate);
  return fates;
}
