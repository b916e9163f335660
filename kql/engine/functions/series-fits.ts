/** Functions that fit lines and polynomials to series. */
import type { ScalarFunction, Site } from '../scope.ts';
import { realElement, toFinite, toReals } from '../series/elements.ts';
import { type Line, lineThrough, polynomialThrough, type TwoLines, twoLinesThrough } from '../series/lines.ts';
import { toBag } from '../values/json.ts';
import type { Value } from '../values/types.ts';
import { unary } from './define.ts';
import { finite, numberOr, type Part, parts, tuple } from './series-define.ts';

const lineParts: readonly Part[] = [
  ...parts('real', 'rsquare', 'slope', 'variance', 'rvariance', 'interception'),
  { name: 'line_fit', type: 'dynamic' },
];

const side = (name: 'left' | 'right'): readonly Part[] =>
  parts('real', ...['rsquare', 'slope', 'interception', 'variance', 'rvariance'].map((part) => `${name}_${part}`));

const twoLinesParts: readonly Part[] = [
  { name: 'rsquare', type: 'real' },
  { name: 'split_idx', type: 'long' },
  ...parts('real', 'variance', 'rvariance'),
  { name: 'line_fit', type: 'dynamic' },
  ...side('right'),
  ...side('left'),
];

const polynomialParts: readonly Part[] = [
  { name: 'rsquare', type: 'real' },
  { name: 'coefficients', type: 'dynamic' },
  ...parts('real', 'variance', 'rvariance'),
  { name: 'poly_fit', type: 'dynamic' },
];

const sideValues = ({ rsquare, slope, interception, variance, rvariance }: Line): readonly number[] => [
  rsquare,
  slope,
  interception,
  variance,
  rvariance,
];

const sideBag = ({ rsquare, slope, interception, variance, rvariance }: Line): Value =>
  toBag(
    Object.entries({ rsquare, slope, interception, variance, rvariance }).map(([name, value]) => [
      name,
      realElement(value),
    ]),
  );

const twoLinesBag = ({ rsquare, split, variance, rvariance, fit, right, left }: TwoLines): Value =>
  toBag([
    ['rsquare', realElement(rsquare)],
    ['split_idx', split],
    ['variance', realElement(variance)],
    ['rvariance', realElement(rvariance)],
    ['line_fit', toReals(fit)],
    ['right', sideBag(right)],
    ['left', sideBag(left)],
  ]);

function fittedPolynomial(args: readonly Value[], { scope }: Site): readonly Value[] | null {
  const y = toFinite(args[0] ?? null);
  if (y === null) return null;
  const given = args[1] ?? null;
  const x = given === null ? y.map((_, index) => index + 1) : toFinite(given);
  const degree = Math.trunc(numberOr(args[2], 1));
  const fit =
    x === null || x.length !== y.length || degree < 0 ? null : polynomialThrough(y, x, degree, scope.run.budget.visit);
  return fit && [fit.rsquare, toReals(fit.coefficients), fit.variance, fit.rvariance, toReals(fit.fit)];
}

export const seriesFits: Readonly<Record<string, ScalarFunction>> = {
  series_fit_line: tuple(lineParts, ([values = null]) => {
    const read = toFinite(values);
    if (read === null || read.length === 0) return null;
    const { rsquare, slope, variance, rvariance, interception, fit } = lineThrough(read);
    return [rsquare, slope, variance, rvariance, interception, toReals(fit)];
  }),
  series_fit_line_dynamic: unary(finite, 'dynamic', (values) => {
    if (values.length === 0) return null;
    const { rsquare, slope, variance, rvariance, interception, fit } = lineThrough(values);
    return toBag([
      ['slope', realElement(slope)],
      ['interception', realElement(interception)],
      ['rsquare', realElement(rsquare)],
      ['variance', realElement(variance)],
      ['rvariance', realElement(rvariance)],
      ['line_fit', toReals(fit)],
    ]);
  }),
  series_fit_2lines: tuple(twoLinesParts, ([values = null]) => {
    const read = toFinite(values);
    const found = read && twoLinesThrough(read);
    if (found === null) return null;
    const { rsquare, split, variance, rvariance, fit, right, left } = found;
    return [rsquare, split, variance, rvariance, toReals(fit), ...sideValues(right), ...sideValues(left)];
  }),
  series_fit_2lines_dynamic: unary(finite, 'dynamic', (values) => {
    const found = twoLinesThrough(values);
    return found && twoLinesBag(found);
  }),
  series_fit_poly: tuple(polynomialParts, fittedPolynomial),
};
