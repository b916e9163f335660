import { UnsupportedError } from '../errors.ts';
import type { Aggregate } from '../scope.ts';

const refused: Aggregate = (_args, { name, node }) => {
  throw new UnsupportedError(`aggregate ${name}`, node.position);
};

/** Sketches, whose contents are Kusto's own and cannot be had exactly: refused by name. */
export const sketches: Readonly<Record<string, Aggregate>> = {
  hll: refused,
  hll_if: refused,
  hll_merge: refused,
  tdigest: refused,
  tdigest_merge: refused,
  merge_tdigest: refused,
};
