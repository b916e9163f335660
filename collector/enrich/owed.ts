/** Look-ups that are owed: done a few at a time, so that those of new records go first. */
import PQueue from 'p-queue';
import type { OwedLookUp } from './contract.ts';
import type { EntityFacts, EntityKind } from './facts.ts';
import { readAliases, readDocument, readMeeting, readSite } from './owed-text.ts';
import type { Slot } from './slot.ts';
import type { Slots } from './slots.ts';

const MAX_A_PASS = 1_000;
// Of those that may not be asked for now, many can lie before one that may.
const MAX_SEEN_A_PASS = 10_000;
// One $batch of Graph.
const AT_ONCE = 20;

/** The slot of a look-up that is owed; null when its key names nothing that can be looked up. */
function toSlot({ kind, key, owedAs }: OwedLookUp, make: Slots): Slot<EntityFacts> | null {
  switch (kind) {
    case 'user':
      return make.user({ key, aliases: [] });
    case 'agent':
      return make.agent({ key, aliases: readAliases(owedAs) });
    case 'label':
      return make.label(key);
    case 'meeting':
      return make.meeting(readMeeting(key, owedAs));
    case 'file': {
      const document = readDocument(key, owedAs);
      return document === null ? null : make.file(document);
    }
    case 'site': {
      const site = readSite(key, owedAs);
      return site === null ? null : make.site(site);
    }
    default:
      return kind satisfies never;
  }
}

/** True when there is an answer that asking again would not change. */
function isKnown(one: Slot<EntityFacts>): boolean {
  return one.get()?.isOwed === false;
}

/** Look-ups that nobody waits for. */
export interface Owed {
  look(owed: Iterable<OwedLookUp>): void;
  idle(): Promise<void>;
}

/**
 * `onAsked` gets each slot whose look-up has begun, `onKnown` those that turn out to be known, `onGone` what cannot be
 * looked up any more.
 */
export function owed(options: {
  readonly make: Slots;
  readonly canFind: (kind: EntityKind) => boolean;
  readonly onAsked: (one: Slot<EntityFacts>, pending: Promise<void>) => void;
  readonly onKnown: (one: Slot<EntityFacts>) => void;
  readonly onGone: (one: OwedLookUp) => void;
}): Owed {
  const { make, canFind, onAsked, onKnown, onGone } = options;
  const queue = new PQueue({ concurrency: AT_ONCE });
  const run = async (one: Slot<EntityFacts>): Promise<void> => {
    const asked = one.ask();
    if (asked === undefined) {
      // It became known while this waited for its turn: a list is read for all at once.
      if (isKnown(one)) onKnown(one);
      return;
    }
    onAsked(one, asked.done);
    await asked.done;
  };

  /** False when nothing comes of it: it failed a moment ago or is forbidden, and stays owed. */
  function take(owed: OwedLookUp): boolean {
    const one = canFind(owed.kind) ? toSlot(owed, make) : null;
    if (one === null) onGone(owed);
    else if (!one.isAskable || isKnown(one)) onKnown(one);
    else if (one.mayAsk()) void queue.add(() => run(one));
    else return false;
    return true;
  }

  return {
    look(owed) {
      let left = MAX_A_PASS - queue.size - queue.pending;
      let seen = 0;
      if (left <= 0) return;
      for (const one of owed) {
        if (take(one)) left--;
        seen++;
        if (left === 0 || seen === MAX_SEEN_A_PASS) return;
      }
    },
    idle: () => queue.onIdle(),
  };
}
