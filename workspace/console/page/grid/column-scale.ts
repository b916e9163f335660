import type { Cell } from '../../api.ts';
import { toNumber } from './format-cell.ts';

/** The ends of a column's numbers. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

/** The scale of a column: what its settings say, else from 0 (or lower) to its largest value. */
export function columnScale(
  cells: Iterable<Cell | undefined>,
  settings: { readonly min?: number; readonly max?: number },
): Scale {
  let [min, max] = [0, 0];
  for (const cell of cells) {
    const value = toNumber(cell);
    if (value === undefined) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  return { min: settings.min ?? min, max: settings.max ?? max };
}

/** Where a value stands on a scale, from 0 to 1. */
export function scaleShare(value: number, scale: Scale): number {
  if (scale.max <= scale.min) return 0;
  return Math.min(1, Math.max(0, (value - scale.min) / (scale.max - scale.min)));
}
