/** All functions on series. */
import type { ScalarFunction } from '../scope.ts';
import { seriesArithmetic } from './series-arithmetic.ts';
import { seriesFill } from './series-fill.ts';
import { seriesFilters } from './series-filters.ts';
import { seriesFits } from './series-fits.ts';
import { seriesSeasons } from './series-seasons.ts';
import { seriesStatistics } from './series-statistics.ts';

export const seriesFunctions: Readonly<Record<string, ScalarFunction>> = {
  ...seriesArithmetic,
  ...seriesFill,
  ...seriesFilters,
  ...seriesStatistics,
  ...seriesFits,
  ...seriesSeasons,
};
