import type { EntityKind } from '../entities.ts';

// 50,000 keys of 120 characters are about 15 MB. Graph gives a thousand of them in a pass.
const owedMax = 50_000;
// The log has two bytes for the length in bytes, of which each character takes two.
const lengthMax = 0x7fff;

export interface OwedKey {
  readonly kind: EntityKind;
  readonly key: string;
}

/** The entities whose look-up is owed, by id: the only ones whose keys are kept. */
export interface OwedKeys {
  readonly size: number;
  /** Bytes of all keys in UTF-16. */
  readonly bytes: number;
  get(id: string): OwedKey | undefined;
  /** True when that is a change. When there are too many, or the key is empty or too long for the log, nothing is kept. */
  add(id: string, key: OwedKey): boolean;
  /** True when it was owed. */
  remove(id: string): boolean;
  values(): Iterable<OwedKey>;
}

/** None yet. */
export function owedKeys(): OwedKeys {
  const owed = new Map<string, OwedKey>();
  let bytes = 0;
  return {
    get size() {
      return owed.size;
    },
    get bytes() {
      return bytes;
    },
    get: (id) => owed.get(id),
    add(id, { kind, key }) {
      if (owed.has(id) || owed.size >= owedMax || key === '' || key.length > lengthMax) return false;
      owed.set(id, { kind, key });
      bytes += key.length * 2;
      return true;
    },
    remove(id) {
      bytes -= (owed.get(id)?.key.length ?? 0) * 2;
      return owed.delete(id);
    },
    values: () => owed.values(),
  };
}
