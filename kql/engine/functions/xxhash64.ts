/** xxHash64 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md): what Kusto's `hash` is. js-xxhash has the 32-bit one only. */

const mask = 0xffff_ffff_ffff_ffffn;
const prime1 = 11_400_714_785_074_694_791n;
const prime2 = 14_029_467_366_897_019_727n;
const prime3 = 1_609_587_929_392_839_161n;
const prime4 = 9_650_029_242_287_828_579n;
const prime5 = 2_870_177_450_012_600_261n;

const rotate = (value: bigint, by: bigint): bigint => ((value << by) | (value >> (64n - by))) & mask;
const round = (lane: bigint, input: bigint): bigint => (rotate((lane + input * prime2) & mask, 31n) * prime1) & mask;
const merge = (hash: bigint, lane: bigint): bigint => ((hash ^ round(0n, lane)) * prime1 + prime4) & mask;

/** The hash of bytes with seed 0, unsigned. */
export function xxHash64(bytes: Buffer): bigint {
  const { length } = bytes;
  let at = 0;
  let hash = prime5;
  if (length >= 32) {
    let lane1 = (prime1 + prime2) & mask;
    let lane2 = prime2;
    let lane3 = 0n;
    let lane4 = -prime1 & mask;
    for (; at <= length - 32; at += 32) {
      lane1 = round(lane1, bytes.readBigUInt64LE(at));
      lane2 = round(lane2, bytes.readBigUInt64LE(at + 8));
      lane3 = round(lane3, bytes.readBigUInt64LE(at + 16));
      lane4 = round(lane4, bytes.readBigUInt64LE(at + 24));
    }
    hash = (rotate(lane1, 1n) + rotate(lane2, 7n) + rotate(lane3, 12n) + rotate(lane4, 18n)) & mask;
    hash = merge(merge(merge(merge(hash, lane1), lane2), lane3), lane4);
  }
  hash = (hash + BigInt(length)) & mask;
  for (; at + 8 <= length; at += 8)
    hash = (rotate(hash ^ round(0n, bytes.readBigUInt64LE(at)), 27n) * prime1 + prime4) & mask;
  if (at + 4 <= length) {
    hash = (rotate(hash ^ ((BigInt(bytes.readUInt32LE(at)) * prime1) & mask), 23n) * prime2 + prime3) & mask;
    at += 4;
  }
  for (; at < length; at += 1)
    hash = (rotate(hash ^ ((BigInt(bytes.readUInt8(at)) * prime5) & mask), 11n) * prime1) & mask;
  hash = ((hash ^ (hash >> 33n)) * prime2) & mask;
  hash = ((hash ^ (hash >> 29n)) * prime3) & mask;
  return hash ^ (hash >> 32n);
}
