/** Look-ups that are owed: done a few at a time, so that those of new records go first. */
import PQueue from 'p-queue';
import { toDocument, toSite } from '../records/document.ts';
import type { Slots } from './collect.ts';
import type { EntityFacts, EntityKind } from './facts.ts';
import type { Slot } from './slot.ts';

const MAX_A_PASS = 1_000;
// One $batch of Graph.
const AT_ONCE = 20;

/** A slot from the key of an entity alone; null when the key is none. */
function toSlot(kind: EntityKind, key: string, make: Slots): Slot<EntityFacts> | null {
  switch (kind) {
    case 'user':
      return make.user({ key, aliases: [] });
    case 'agent':
      return make.agent({ key, aliases: [] });
    case 'label':
      return make.label(key);
    case 'meeting':
      return make.meeting({ key, organizerId: null });
    case 'file': {
      const document = toDocument(key, { name: null, type: null, listItemId: null });
      return document === null ? null : make.file(document);
    }
    case 'site': {
      const site = toSite(key);
      return site === null ? null : make.site(site);
    }
    default:
      return kind satisfies never;
  }
}

/** Look-ups that nobody waits for. */
export interface Owed {
  look(owed: Iterable<{ readonly kind: EntityKind; readonly key: string }>): void;
  idle(): Promise<void>;
}

/** `onAsked` gets each slot whose look-up has begun, `onKnown` those that turn out to be known. */
export function owed(options: {
  readonly make: Slots;
  readonly canFind: (kind: EntityKind) => boolean;
  readonly onAsked: (one: Slot<EntityFacts>, pending: Promise<void>) => void;
  readonly onKnown: (one: Slot<EntityFacts>) => void;
}): Owed {
  const { make, canFind, onAsked, onKnown } = options;
  const queue = new PQueue({ concurrency: AT_ONCE });
  const run = async (one: Slot<EntityFacts>): Promise<void> => {
    const pending = one.ask();
    if (pending === undefined) return;
    onAsked(one, pending);
    await pending;
  };
  return {
    look(keys) {
      let left = MAX_A_PASS - queue.size - queue.pending;
      for (const { kind, key } of keys) {
        if (left <= 0) return;
        const one = canFind(kind) ? toSlot(kind, key, make) : null;
        if (one === null) continue;
        const outcome = one.get()?.outcome;
        if (one.isAskable && outcome === undefined) void queue.add(() => run(one));
        else if (!one.isAskable || outcome?.kind === 'found' || outcome?.reason === 'not-found') onKnown(one);
        // Failed or forbidden a moment ago: it stays owed.
        else continue;
        left--;
      }
    },
    idle: () => queue.onIdle(),
  };
}
