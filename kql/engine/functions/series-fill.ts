/** Functions that fill the gaps of series. A gap is a null or what the query says to be a placeholder. */
import type { Cells } from '../relation.ts';
import type { ScalarFunction } from '../scope.ts';
import { element, isWhole, realElement, toReals, toWholes } from '../series/elements.ts';
import { isArray, type Type, type Value } from '../values/types.ts';
import { pure } from './define.ts';

type Fill = (values: readonly Value[], isGap: (value: Value) => boolean, row: number) => readonly Value[];

const isGapFor = (placeholder: Value): ((value: Value) => boolean) => {
  const number = element(placeholder);
  return number === null ? (value) => value === null : (value) => value === null || element(value) === number;
};

/** A scalar as element of a series: a real stays one. */
const asElement = (value: Value, type: Type): Value =>
  type === 'real' && typeof value === 'number' ? realElement(value) : value;

function filling(args: readonly Cells[], placeholder: Cells | undefined, fill: Fill): Cells {
  const [first] = args;
  return pure(args, 'dynamic', (row) => {
    const values = first?.at(row) ?? null;
    return isArray(values) ? fill(values, isGapFor(placeholder?.at(row) ?? null), row) : null;
  });
}

function carried(values: readonly Value[], isGap: (value: Value) => boolean): readonly Value[] {
  let last: Value = null;
  let known = false;
  return values.map((value) => {
    if (isGap(value)) return known ? last : value;
    last = value;
    known = true;
    return value;
  });
}

/** Numbers on straight lines between their neighbours; gaps at an edge take the nearest number, or stay. */
function interpolated(
  values: readonly Value[],
  isGap: (value: Value) => boolean,
  edges: 'fill' | 'keep',
): readonly Value[] {
  const known = values.map((value) => (isGap(value) ? null : element(value)));
  const whole = values.every((value, index) => known[index] === null || isWhole(value));
  let before = -1;
  for (let index = 0; index <= known.length; index += 1) {
    const right = known[index] ?? null;
    if (right === null && index < known.length) continue;
    const left = before < 0 ? null : (known[before] ?? null);
    for (let gap = before + 1; gap < index; gap += 1)
      if (left !== null && right !== null) known[gap] = left + ((right - left) * (gap - before)) / (index - before);
      else if (edges === 'fill') known[gap] = left ?? right;
    before = index;
  }
  // Measured: 73.5 between integers is 73.
  const filled = whole ? toWholes(known.map((value) => (value === null ? null : Math.trunc(value)))) : toReals(known);
  return filled.map((value, index) => value ?? values[index] ?? null);
}

export const seriesFill: Readonly<Record<string, ScalarFunction>> = {
  series_fill_forward: (args) => filling(args, args[1], carried),
  series_fill_backward: (args) =>
    filling(args, args[1], (values, isGap) => [...carried([...values].reverse(), isGap)].reverse()),
  series_fill_const: (args) => {
    const filler = args[1];
    return filling(args, args[2], (values, isGap, row) => {
      const value = filler === undefined ? null : asElement(filler.at(row), filler.type);
      return values.map((item) => (isGap(item) ? value : item));
    });
  },
  series_fill_linear: (args) => {
    const [, placeholder, edges, filler] = args;
    return filling(args, placeholder, (values, isGap, row) => {
      if (values.every(isGap)) {
        const value = filler === undefined ? realElement(0) : asElement(filler.at(row), filler.type);
        return values.map(() => value);
      }
      return interpolated(values, isGap, edges?.at(row) === false ? 'keep' : 'fill');
    });
  },
};
