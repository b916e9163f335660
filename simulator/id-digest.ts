/** A digest of many ids in which their order does not count: two sets with the same digest hold the same ids. */
export interface IdDigest {
  readonly add: (guid: string) => void;
  /** How many were added, and the sum of them all as 128 bits in hexadecimal digits. */
  readonly value: () => string;
}

/** An empty digest of GUIDs; an id that comes twice is added twice. */
export function idDigest(): IdDigest {
  const sums = new Uint32Array(4);
  let count = 0;
  return {
    add: (guid) => {
      const hex = guid.replaceAll('-', '');
      for (let word = 0; word < sums.length; word += 1)
        sums[word] = (sums[word] ?? 0) + Number.parseInt(hex.slice(word * 8, word * 8 + 8), 16);
      count += 1;
    },
    value: () => `${count} ${Array.from(sums, (sum) => sum.toString(16).padStart(8, '0')).join('')}`,
  };
}
