/** Spares what is seen again and again the cost of its note: hashing key and facts takes longer than comparing them. */
import { LRUCache } from 'lru-cache';
import type { SeenEntity } from '../enrich/contract.ts';
import type { EntityFacts } from '../enrich/facts.ts';

// About the files that are in use at one time in a large tenant; facts are mostly the same objects that a cache holds.
const recentMax = 20_000;

interface Recent {
  readonly seen: SeenEntity;
  readonly firstSeenMs: number | null;
  readonly untilMs: number;
}

/** Sightings for which nothing was due, by the id that the caller has for the entity. */
export interface RecentSightings {
  /** True when an equal one was added, of no later event, and that still holds. */
  has(id: string, seen: SeenEntity): boolean;
  /** `firstSeenMs` is what is noted; it holds until `untilMs` (epoch milliseconds). */
  add(id: string, recent: Recent): void;
  forget(id: string): void;
}

function haveSameFacts(a: EntityFacts | null, b: EntityFacts | null): boolean {
  if (a === b) return true;
  if (a === null || b === null) return false;
  const others = new Map<string, unknown>(Object.entries(b));
  const own = Object.entries(a);
  return own.length === others.size && own.every(([name, value]) => others.get(name) === value);
}

const haveSameAliases = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((alias, n) => alias === b[n]));

/** None yet. */
export function recentSightings(now: () => number): RecentSightings {
  const recents = new LRUCache<string, Recent>({ max: recentMax });
  return {
    has(id, { entity, firstEventMs, lookUp, owedAs }) {
      const recent = recents.get(id);
      if (recent === undefined || now() >= recent.untilMs) return false;
      const { seen, firstSeenMs } = recent;
      return (
        lookUp === seen.lookUp &&
        owedAs === seen.owedAs &&
        (firstEventMs === null || (firstSeenMs !== null && firstEventMs >= firstSeenMs)) &&
        haveSameAliases(entity.aliases, seen.entity.aliases) &&
        haveSameFacts(entity.facts, seen.entity.facts)
      );
    },
    add: (id, recent) => void recents.set(id, recent),
    forget: (id) => void recents.delete(id),
  };
}
