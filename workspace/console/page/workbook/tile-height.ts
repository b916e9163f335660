import type { QueryItem } from '../../../../kql/workbook/workbook.ts';

// Azure's sizes: 0 medium, 1 small, 2 large, 3 full, 4 tiny. Pixels are ours: a laptop shows two rows of medium charts.
const chartHeights: Readonly<Record<number, number>> = { 0: 230, 1: 160, 2: 330, 3: 460, 4: 110 };
const gridHeights: Readonly<Record<number, number>> = { 0: 330, 1: 230, 2: 480, 3: 640, 4: 150 };

/** The height of a chart, and the most that a grid takes, in CSS pixels. */
export function tileHeight({ size, visualization }: QueryItem): number {
  const heights = visualization === 'table' ? gridHeights : chartHeights;
  return heights[size] ?? heights[0] ?? 0;
}
