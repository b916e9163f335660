import type { ChartKind, ChartSettings } from '../../../../kql/workbook/workbook.ts';
import type { Axes } from './axes.ts';
import { seriesColor } from './chart-colors.ts';
import type { ChartData } from './series.ts';

/** Turns a custom property into the colour that it has now. */
export type ReadColor = (property: string) => string;

/** What a chart is drawn from, and with. */
export interface Drawing {
  readonly kind: ChartKind;
  readonly axes: Axes;
  readonly data: ChartData;
  readonly settings: ChartSettings | undefined;
  readonly read: ReadColor;
  readonly fontFamily: string;
  /** Of the box, in CSS pixels. */
  readonly width: number;
  readonly height: number;
}

/** The colour of a series as the page shows it now. */
export function colorOf(drawing: Drawing, key: string, at: number): string {
  const color = seriesColor(key, at, drawing.settings);
  return 'value' in color ? color.value : drawing.read(color.property);
}

const legendLetters = 28;

/** The names below a chart. */
export function legend({ read }: Drawing, visibility: 'shown' | 'hidden'): Record<string, unknown> {
  return {
    show: visibility === 'shown',
    type: 'scroll',
    bottom: 0,
    left: 'center',
    icon: 'roundRect',
    itemWidth: 10,
    itemHeight: 10,
    itemGap: 10,
    // The height of a line: else the letters' tops are cut where the legend scrolls.
    textStyle: { color: read('--color-text'), fontSize: 12, lineHeight: 18, padding: [2, 0, 0, 0] },
    formatter: (name: string) => (name.length > legendLetters ? `${name.slice(0, legendLetters - 1)}…` : name),
    pageTextStyle: { color: read('--color-muted') },
    pageIconColor: read('--color-accent'),
    pageIconInactiveColor: read('--color-border'),
    pageIconSize: 10,
  };
}
