import type { EChartsCoreOption } from 'echarts/core';
import { formatNumber } from '../grid/format-cell.ts';
import { colorPlaces, pageColors } from './color-places.ts';
import { colorOf, type Drawing, legend } from './drawing.ts';
import { pieParts } from './pie-parts.ts';
import { seriesName } from './series.ts';

// As many as the palette has colours.
const pieSlices = 8;
const percent = { unit: '%', maximumFractionDigits: 1 };
// Of a letter at 12 pixels, on average.
const letterWidth = 5.9;

/** A ring, with names and figures beside it. */
export function pieOptions(drawing: Drawing): EChartsCoreOption {
  const { data, settings, read, width, height } = drawing;
  const parts = pieParts(data, pieSlices).map((part) => ({ ...part, name: seriesName(part.name, settings) }));
  const total = parts.reduce((sum, { value }) => sum + value, 0);
  const figures = new Map(
    parts.map(({ name, value }) => [
      name,
      `${formatNumber(value, undefined)} (${formatNumber(total === 0 ? 0 : (value / total) * 100, percent)})`,
    ]),
  );
  const names = parts.flatMap(({ key }) => (key === '' ? [] : [key])).toSorted();
  const places = colorPlaces(names, settings, pageColors, names.length < parts.length ? ['--data-gray'] : []);
  const ring = Math.min(width * 0.42, height + 16);
  const radius = Math.min(ring, height) * 0.42;
  return {
    legend: {
      ...legend(drawing, 'shown'),
      orient: 'vertical',
      bottom: 'auto',
      top: 'middle',
      left: ring,
      // The figures stand beside the names: a ring shows shares, not values.
      formatter: (name: string) => withFigure(name, figures.get(name) ?? '', (width - ring - 30) / letterWidth),
      textStyle: { color: read('--color-text'), fontSize: 12 },
    },
    series: [
      {
        type: 'pie',
        radius: [radius * 0.62, radius],
        center: [ring / 2, '50%'],
        label: { show: false },
        itemStyle: { borderColor: read('--color-card'), borderWidth: 1.5 },
        data: parts.map(({ key, name, value }) => ({
          name,
          value,
          itemStyle: { color: key === '' ? read('--data-gray') : colorOf(drawing, key, places.get(key) ?? 0) },
        })),
      },
    ],
  };
}

/** A name and its figure in one line of so many letters: the name is cut. */
export function withFigure(name: string, figure: string, most: number): string {
  const room = Math.max(6, Math.floor(most) - figure.length - 2);
  return `${name.length > room ? `${name.slice(0, room - 1)}…` : name}  ${figure}`;
}
