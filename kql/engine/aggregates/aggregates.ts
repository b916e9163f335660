import type { Aggregate } from '../scope.ts';
import { bits } from './bits.ts';
import { collections } from './collections.ts';
import { counts } from './counts.ts';
import { extremes } from './extremes.ts';
import { keptRows } from './kept-rows.ts';
import { percentileAggregates } from './percentiles.ts';
import { schemas } from './schemas.ts';
import { sketches } from './sketches.ts';
import { spread } from './spread.ts';
import { sums } from './sums.ts';

/** Aggregate functions by name. */
export const aggregates: ReadonlyMap<string, Aggregate> = new Map(
  Object.entries({
    ...counts,
    ...sums,
    ...extremes,
    ...spread,
    ...collections,
    ...percentileAggregates,
    ...keptRows,
    ...bits,
    ...schemas,
    ...sketches,
  }),
);
