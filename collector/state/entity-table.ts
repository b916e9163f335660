/** The notes of entities in memory: about 100 bytes each, whatever the length of their keys. */
import type { EntityKind, EntityNotes } from '../entities/entity-note.ts';
import {
  bodyBytes,
  entityId,
  headBytes,
  owedBytes,
  readBody,
  readKind,
  readOwed,
  writeBody,
  writeGone,
  writeOwed,
} from './entity-record.ts';
import { owedKeys } from './owed-keys.ts';

// Leaving one by one would walk over the holes of those before, each time.
const keptShare = 0.99;
const firstSlots = 64;

/** Notes, and what a log needs of them. Ids are those of `entityId`. */
export interface EntityTable extends EntityNotes {
  /** Bytes of a log that has every note once. */
  readonly logBytes: number;
  /** Ids whose notes changed since they were asked for last; those that are forgotten, too. */
  takeChanged(): Set<string>;
  /** Records of these, in the form of the log; of all, least recently set first, when none are named. */
  records(ids?: ReadonlySet<string>): Buffer;
  /** Applies whole records, without noting a change; returns how many bytes those were. */
  apply(records: Buffer): number;
  /** Lets those leave that are too many. */
  fit(): void;
}

/** From id to slot, least recently set first. */
type Tier = Map<string, number>;

/** An empty table for at most `max` notes. */
export function entityTable(max: number): EntityTable {
  const things: Tier = new Map();
  const sites: Tier = new Map();
  const users: Tier = new Map();
  const agents: Tier = new Map();
  const tierOf = { file: things, meeting: things, site: sites, user: users, agent: agents, label: agents };
  // Files and meetings leave first: there are most of them, and they are used least again.
  const tiers = [things, sites, users, agents];
  const owed = owedKeys((id) => void changed.add(id));
  let slots = Buffer.alloc(firstSlots * bodyBytes);
  let slotsUsed = 0;
  const freeSlots: number[] = [];
  let changed = new Set<string>();
  let evicted = 0;
  const scratch = Buffer.alloc(bodyBytes);
  let last = { kind: '', key: '', id: '' };

  const count = (): number => things.size + sites.size + users.size + agents.size;
  const tierWith = (id: string): Tier | undefined => tiers.find((tier) => tier.has(id));

  /** A note is mostly set right after it was got. */
  function idOf(kind: EntityKind, key: string): string {
    if (last.kind !== kind || last.key !== key) last = { kind, key, id: entityId(kind, key) };
    return last.id;
  }

  function newSlot(): number {
    const free = freeSlots.pop();
    if (free !== undefined) return free;
    if ((slotsUsed + 1) * bodyBytes > slots.length) slots = Buffer.concat([slots], slots.length * 2);
    return slotsUsed++;
  }

  /** Makes `id` the one set last; true when that changes what is noted. */
  function put(id: string, kind: EntityKind, body: Buffer): boolean {
    const tier = tierOf[kind];
    const known = tier.get(id);
    if (known !== undefined) tier.delete(id);
    const slot = known ?? newSlot();
    tier.set(id, slot);
    const at = slot * bodyBytes;
    if (known !== undefined && body.compare(slots, at, at + bodyBytes) === 0) return false;
    body.copy(slots, at);
    return true;
  }

  function forget(id: string): boolean {
    const tier = tierWith(id);
    const slot = tier?.get(id);
    if (slot !== undefined) freeSlots.push(slot);
    owed.remove(id);
    return tier?.delete(id) === true;
  }

  function fit(): void {
    if (count() <= max) return;
    let surplus = count() - Math.floor(max * keptShare);
    for (const tier of tiers) {
      for (const id of tier.keys()) {
        if (surplus-- <= 0) return;
        forget(id);
        changed.add(id);
        evicted++;
      }
    }
  }

  return {
    get size() {
      return count();
    },
    get owedCount() {
      return owed.size;
    },
    get evictedCount() {
      return evicted;
    },
    get givenUpCount() {
      return owed.givenUpCount;
    },
    get logBytes() {
      return count() * (headBytes + bodyBytes) + owedBytes(owed.size, owed.length);
    },
    get(kind, key) {
      const id = idOf(kind, key);
      const slot = tierOf[kind].get(id);
      if (slot === undefined) return undefined;
      return readBody(slots, slot * bodyBytes, { owedAs: owed.get(id)?.owedAs ?? null });
    },
    set(kind, key, note) {
      const id = idOf(kind, key);
      writeBody(scratch, 0, kind, note);
      const isOther = put(id, kind, scratch);
      const { owedAs } = note;
      const isOwedOther = owedAs === null ? owed.remove(id) : owed.add(id, { kind, key, owedAs });
      if (isOther || isOwedOther) changed.add(id);
      fit();
    },
    delete(kind, key) {
      const id = idOf(kind, key);
      if (forget(id)) changed.add(id);
    },
    owed: () => owed.inTurn(),
    takeChanged() {
      const taken = changed;
      changed = new Set();
      return taken;
    },
    records(ids = new Set(tiers.flatMap((tier) => [...tier.keys()]))) {
      let length = ids.size * (headBytes + bodyBytes);
      for (const id of ids) {
        const one = owed.get(id);
        if (one !== undefined) length += owedBytes(1, one.key.length + one.owedAs.length);
      }
      const bytes = Buffer.alloc(length);
      let at = 0;
      for (const id of ids) {
        const one = owed.get(id);
        const slot = tierWith(id)?.get(id);
        const body = at + headBytes;
        bytes.write(id, at, 'latin1');
        if (slot === undefined) writeGone(bytes, body);
        else slots.copy(bytes, body, slot * bodyBytes, (slot + 1) * bodyBytes);
        const length = one === undefined ? 0 : writeOwed(bytes, body + bodyBytes, one);
        bytes.writeUInt16LE(length, at + 16);
        at = body + bodyBytes + length;
      }
      return bytes;
    },
    apply(records) {
      let at = 0;
      while (at + headBytes + bodyBytes <= records.length) {
        const body = at + headBytes;
        const text = body + bodyBytes;
        const end = text + records.readUInt16LE(at + 16);
        if (end > records.length) break;
        const id = records.toString('latin1', at, at + 16);
        const kind = readKind(records, body);
        if (kind === null) forget(id);
        else {
          put(id, kind, records.subarray(body, text));
          const one = readOwed(records, text, end, kind);
          if (one === undefined) owed.remove(id);
          else owed.add(id, one);
        }
        at = end;
      }
      return at;
    },
    fit,
  };
}
