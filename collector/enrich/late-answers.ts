import type { SeenEntity } from './contract.ts';
import type { EntityFacts } from './facts.ts';
import { addAliases, type Slot } from './slot.ts';

/** Answers that came after the records had gone on. */
export interface LateAnswers {
  /** The look-up of this slot is under way, and nobody waits for it. */
  readonly expect: (one: Slot<EntityFacts>, pending: Promise<void>) => void;
  readonly add: (seen: SeenEntity) => void;
  /** These are returned otherwise now: the same entities, once each, with the earliest time of all. */
  readonly withdraw: (seen: readonly SeenEntity[]) => readonly SeenEntity[];
  readonly isEmpty: () => boolean;
  readonly take: () => readonly SeenEntity[];
}

const idOf = ({ kind, key }: Pick<Slot<EntityFacts>, 'kind' | 'key'>): string => `${kind}/${key}`;

function earlier(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b);
}

const rank = { pending: 0, partial: 1, complete: 2 } as const;

/** Of two sightings of one entity the newer, unless the older knows more. */
function merge(older: SeenEntity | undefined, newer: SeenEntity): SeenEntity {
  if (older === undefined) return newer;
  const isLess =
    rank[newer.lookUp] < rank[older.lookUp] || (newer.entity.facts === null && older.entity.facts !== null);
  return {
    ...(isLess ? older : newer),
    firstEventMs: earlier(older.firstEventMs, newer.firstEventMs),
    owedAs: older.owedAs === null ? null : newer.owedAs,
    namedAs: older.namedAs.length === 0 ? newer.namedAs : [...new Set([...older.namedAs, ...newer.namedAs])],
  };
}

/** Nothing is late yet. `onArrival` settles a slot whose look-up has ended. */
export function lateAnswers(onArrival: (one: Slot<EntityFacts>) => SeenEntity): LateAnswers {
  const expected = new Map<string, Slot<EntityFacts>>();
  const ready = new Map<string, SeenEntity>();
  const add = (seen: SeenEntity): void => {
    const id = idOf(seen.entity);
    ready.set(id, merge(ready.get(id), seen));
  };
  return {
    expect(one, pending) {
      const id = idOf(one);
      const before = expected.get(id);
      if (before !== undefined) {
        before.firstEventMs = earlier(before.firstEventMs, one.firstEventMs);
        addAliases(before, one.aliases);
        return;
      }
      expected.set(id, one);
      void pending.then(() => {
        expected.delete(id);
        const seen = onArrival(one);
        // It may still come: that is known already.
        if (seen.lookUp !== 'pending') add(seen);
      });
    },
    add,
    withdraw(seen) {
      const once = new Map<string, SeenEntity>();
      for (const one of seen) {
        const id = idOf(one.entity);
        once.set(id, merge(once.get(id) ?? ready.get(id), one));
        ready.delete(id);
      }
      return [...once.values()];
    },
    isEmpty: () => ready.size === 0,
    take() {
      const taken = [...ready.values()];
      ready.clear();
      return taken;
    },
  };
}
