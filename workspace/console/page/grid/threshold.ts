import type { Threshold } from '../../../../kql/workbook/workbook.ts';
import type { Cell } from '../../api.ts';
import { toNumber } from './format-cell.ts';

type Comparison = (cell: Cell, value: string) => boolean;

const lowerText = (cell: Cell): string =>
  (cell === null ? '' : typeof cell === 'object' ? JSON.stringify(cell) : String(cell)).toLowerCase();

/** Compares numbers; what is no number has no order. */
const ordered =
  (holds: (left: number, right: number) => boolean): Comparison =>
  (cell, value) => {
    const [left, right] = [toNumber(cell), toNumber(value)];
    return left !== undefined && right !== undefined && holds(left, right);
  };

const isEqual: Comparison = (cell, value) => {
  const [left, right] = [toNumber(cell), toNumber(value)];
  return left !== undefined && right !== undefined ? left === right : lowerText(cell) === value.toLowerCase();
};

const comparisons: Readonly<Record<Exclude<Threshold['operator'], 'Default'>, Comparison>> = {
  '==': isEqual,
  '!=': (cell, value) => !isEqual(cell, value),
  '<': ordered((left, right) => left < right),
  '<=': ordered((left, right) => left <= right),
  '>': ordered((left, right) => left > right),
  '>=': ordered((left, right) => left >= right),
  contains: (cell, value) => lowerText(cell).includes(value.toLowerCase()),
};

/** The first threshold whose comparison holds for a cell; `Default` holds always and is asked last. */
export function chooseThreshold(thresholds: readonly Threshold[], cell: Cell): Threshold | undefined {
  return (
    thresholds.find(({ operator, value }) => operator !== 'Default' && comparisons[operator](cell, value)) ??
    thresholds.find((threshold) => threshold.operator === 'Default')
  );
}

/** The text of a threshold: `{0}` is the value as it is shown, `{1}` the unit. */
export function thresholdText(threshold: Threshold, shown: string, unit: string): string {
  return threshold.text.replaceAll(/\{([01])\}/gu, (_, place) => (place === '0' ? shown : unit)).trim();
}
