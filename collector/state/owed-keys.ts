import type { EntityKind, OwedEntity } from '../entities/entity-note.ts';

// 50,000 files with addresses of 160 characters are 27 MB. Graph gives a thousand of them in a pass.
const owedMax = 50_000;
// Leaving one by one would walk over the holes of those before, each time.
const leavingMax = owedMax / 100;
// The log has two bytes for the length in bytes, of which each character takes two.
const lengthMax = 0x7fff - 1;
// There are most of them, each matters least, and the address alone tells much.
const giveWay: ReadonlySet<EntityKind> = new Set<EntityKind>(['file', 'site', 'meeting']);

const lengthOf = ({ key, owedAs }: OwedEntity): number => key.length + owedAs.length;

/** The entities whose look-up is owed, by id: the only ones whose keys are kept. */
export interface OwedKeys {
  readonly size: number;
  /** UTF-16 code units of all keys and of what look-ups need beside them. */
  readonly length: number;
  /** Those that were not kept, or are not any more, because there are too many, or the key is empty or too long for the log. */
  readonly givenUpCount: number;
  get(id: string): OwedEntity | undefined;
  /** True when that is a change. Users, agents and labels take the places of others when there are too many. */
  add(id: string, owed: OwedEntity): boolean;
  /** True when it was owed. */
  remove(id: string): boolean;
  /** All, the one first that was not given for longest. */
  inTurn(): Iterable<OwedEntity>;
}

/** None yet. `onGivenUp` gets the ids that leave for others. */
export function owedKeys(onGivenUp: (id: string) => void): OwedKeys {
  const owed = new Map<string, OwedEntity>();
  let length = 0;
  let yielding = 0;
  let givenUp = 0;

  function remove(id: string): boolean {
    const one = owed.get(id);
    if (one === undefined) return false;
    length -= lengthOf(one);
    if (giveWay.has(one.kind)) yielding--;
    return owed.delete(id);
  }

  function makeRoom(): void {
    let left = Math.min(yielding, leavingMax);
    for (const [id, { kind }] of owed) {
      if (left === 0) return;
      if (!giveWay.has(kind)) continue;
      remove(id);
      onGivenUp(id);
      givenUp++;
      left--;
    }
  }

  return {
    get size() {
      return owed.size;
    },
    get length() {
      return length;
    },
    get givenUpCount() {
      return givenUp;
    },
    get: (id) => owed.get(id),
    add(id, one) {
      const before = owed.get(id);
      if (before?.owedAs === one.owedAs) return false;
      const isYielding = giveWay.has(one.kind);
      if (before === undefined && owed.size >= owedMax && !isYielding) makeRoom();
      if ((before === undefined && owed.size >= owedMax) || one.key === '' || lengthOf(one) > lengthMax) {
        givenUp++;
        return remove(id);
      }
      owed.set(id, one);
      length += lengthOf(one) - (before === undefined ? 0 : lengthOf(before));
      if (before === undefined && isYielding) yielding++;
      return true;
    },
    remove,
    *inTurn() {
      let left = owed.size;
      for (const [id, one] of owed) {
        if (left-- === 0) return;
        owed.delete(id);
        owed.set(id, one);
        yield one;
      }
    },
  };
}
