/** Functions that tell season, trend and outliers of series. */
import { UnsupportedError } from '../errors.ts';
import type { ScalarFunction, Site } from '../scope.ts';
import { decompose, type Decomposition, seasonOf } from '../series/decompose.ts';
import { toFinite, toReals, toSeries } from '../series/elements.ts';
import { fences, outlierScores } from '../series/outliers.ts';
import { periodsOf, strongestPeriod } from '../series/periods.ts';
import { asReal } from '../values/convert.ts';
import type { Value } from '../values/types.ts';
import { any, variadic } from './define.ts';
import { numberOr, parts, tuple, wordOf } from './series-define.ts';

/** The score that a detected period must reach: `series_decompose` and its kin, by Kusto's documentation. */
const decomposeThreshold = 0.6;
/** The same of `series_seasonal`. */
const seasonalThreshold = 0.7;

const trends = ['avg', 'linefit', 'none'] as const;
const methods = ['ctukey', 'tukey'] as const;

/** The series of a decomposition in the order of their columns. */
const columnsOf = ({ baseline, seasonal, trend, residual }: Decomposition): readonly Value[] => [
  toReals(baseline),
  toReals(seasonal),
  toReals(trend),
  toReals(residual),
];

function decomposed([values = null, seasonality, trend, testPoints, threshold]: readonly Value[], site: Site) {
  const series = toFinite(values);
  return (
    series &&
    columnsOf(
      decompose(series, {
        seasonality: numberOr(seasonality, -1),
        trend: wordOf(trend, trends, site),
        testPoints: numberOr(testPoints, 0),
        threshold: numberOr(threshold, decomposeThreshold),
      }),
    )
  );
}

function forecast([values = null, points, seasonality, trend, threshold]: readonly Value[], site: Site) {
  const series = toFinite(values);
  return (
    series &&
    columnsOf(
      decompose(series, {
        seasonality: numberOr(seasonality, -1),
        trend: wordOf(trend, ['linefit', 'avg', 'none'], site),
        testPoints: numberOr(points, 0),
        threshold: numberOr(threshold, decomposeThreshold),
      }),
    )
  );
}

function anomalies(args: readonly Value[], site: Site): readonly Value[] | null {
  const [values = null, threshold, seasonality, trend, testPoints, method, seasonalityThreshold] = args;
  const series = toFinite(values);
  if (series === null) return null;
  const limit = numberOr(threshold, 1.5);
  const tested = numberOr(testPoints, 0);
  const { baseline, residual } = decompose(series, {
    seasonality: numberOr(seasonality, -1),
    trend: wordOf(trend, trends, site),
    testPoints: tested,
    threshold: numberOr(seasonalityThreshold, decomposeThreshold),
  });
  const learnt = residual.slice(0, Math.max(0, residual.length - tested));
  const scores = outlierScores(residual, fences[wordOf(method, methods, site)], learnt);
  const flags = scores.map((score) => {
    if (score > limit) return 1;
    return score < -limit ? -1 : 0;
  });
  return [flags, toReals(scores), toReals(baseline)];
}

const outliers: ScalarFunction = variadic(any, 'dynamic', (args, site) => {
  const [values = null, kind, ignored = null, low, high] = args;
  const series = toSeries(values);
  if (series === null) return null;
  const method = wordOf(kind, methods, site);
  if (method === 'ctukey' && (numberOr(low, 10) !== 10 || numberOr(high, 90) !== 90))
    throw new UnsupportedError(`${site.name} with other percentiles than 10 and 90`, site.node.position);
  const missing = asReal(ignored);
  const known = missing === null ? series.values : series.values.map((value) => (value === missing ? null : value));
  return toReals(outlierScores(known, fences[method]));
});

const seasonal: ScalarFunction = variadic(any, 'dynamic', ([values = null, period]) => {
  const series = toFinite(values);
  if (series === null) return null;
  const given = Math.trunc(numberOr(period, -1));
  return toReals(seasonOf(series, given === -1 ? strongestPeriod(series, seasonalThreshold) : given, series.length));
});

function detected([values = null, from, to, count]: readonly Value[]): readonly Value[] | null {
  const series = toFinite(values);
  if (series === null) return null;
  const [least, most] = [numberOr(from, 0), numberOr(to, series.length)];
  const found = periodsOf(series)
    .filter(({ length }) => length >= least && length <= most)
    .sort((a, b) => b.score - a.score);
  const places = Array.from({ length: Math.max(0, Math.trunc(numberOr(count, 1))) }, (_, index) => found[index]);
  return [toReals(places.map((period) => period?.length ?? 0)), toReals(places.map((period) => period?.score ?? 0))];
}

function validated([values = null, ...lengths]: readonly Value[]): readonly Value[] | null {
  const series = toFinite(values);
  if (series === null) return null;
  const found = periodsOf(series);
  const asked = lengths.map((length) => numberOr(length, 0));
  return [toReals(asked), toReals(asked.map((wanted) => found.find(({ length }) => length === wanted)?.score ?? 0))];
}

const decompositionParts = parts('dynamic', 'baseline', 'seasonal', 'trend', 'residual');

export const seriesSeasons: Readonly<Record<string, ScalarFunction>> = {
  series_decompose: tuple(decompositionParts, decomposed),
  series_decompose_forecast: tuple(decompositionParts, forecast),
  series_decompose_anomalies: tuple(parts('dynamic', 'ad_flag', 'ad_score', 'baseline'), anomalies),
  series_outliers: outliers,
  series_seasonal: seasonal,
  series_periods_detect: tuple(parts('dynamic', 'periods', 'scores'), detected),
  series_periods_validate: tuple(parts('dynamic', 'periods', 'scores'), validated),
};
