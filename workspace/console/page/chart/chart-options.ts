import type { EChartsCoreOption } from 'echarts/core';
import { formatNumber } from '../grid/format-cell.ts';
import { fitsLying, isBar, isLying } from './bars.ts';
import { colorPlaces, pageColors } from './color-places.ts';
import { type Drawing, legend } from './drawing.ts';
import { isStacked, oneSeries } from './one-series.ts';
import { pieOptions } from './pie-options.ts';
import { filled, type Series } from './series.ts';

const number = (value: unknown): string => (typeof value === 'number' ? formatNumber(value, undefined) : String(value));
// UTC, as everything here is.
const timeLabels = {
  year: '{yyyy}',
  month: '{d} {MMM}',
  day: '{d} {MMM}',
  hour: '{HH}:{mm}',
  minute: '{HH}:{mm}',
  second: '{HH}:{mm}:{ss}',
};
const DAY_MS = 86_400_000;
const short = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** The options of the drawing library for a chart. Names stay text: tooltips are drawn, not HTML. */
export function chartOptions(drawing: Drawing): EChartsCoreOption {
  const { kind, read, fontFamily } = drawing;
  const common: EChartsCoreOption = {
    animation: false,
    useUTC: true,
    textStyle: { fontFamily, fontSize: 12, color: read('--color-muted') },
    tooltip: {
      trigger: kind === 'piechart' || kind === 'scatterchart' ? 'item' : 'axis',
      renderMode: 'richText',
      confine: true,
      order: 'valueDesc',
      valueFormatter: number,
      axisPointer: {
        type: isBar(kind) ? 'shadow' : 'line',
        shadowStyle: { color: read('--color-shadow') },
        lineStyle: { color: read('--color-border-strong') },
      },
      backgroundColor: read('--color-card'),
      borderColor: read('--color-border'),
      textStyle: { color: read('--color-text'), fontSize: 12, fontFamily },
    },
  };
  return { ...common, ...(kind === 'piechart' ? pieOptions(drawing) : cartesian(drawing)) };
}

function cartesian(drawing: Drawing): EChartsCoreOption {
  const { kind, axes, data, settings, read, height } = drawing;
  const yLabel = settings?.yLabel;
  const lies = isLying(kind, axes, data);
  // One series is told by the title. Several are not, whatever the file says.
  const hasLegend = data.series.length > 1;
  const keys = data.series.map(({ key }) => key);
  // Groups are named by the data, and look the same in every chart; columns are a chart's own, in its order.
  const places =
    axes.group.length > 0 ? colorPlaces(keys.toSorted(), settings, pageColors) : colorPlaces(keys, settings, new Map());
  const line = { lineStyle: { color: read('--color-border') } };
  const label = { color: read('--color-muted'), fontSize: 12, hideOverlap: true };
  const place = {
    type: axes.xType === 'time' ? 'time' : axes.xType === 'number' ? 'value' : 'category',
    ...(axes.xType === 'time' && hasDaysOnly(data.series) ? { minInterval: DAY_MS } : {}),
    ...(axes.xType === 'category' ? { data: data.categories } : { boundaryGap: false }),
    ...(settings?.xLabel === undefined ? {} : { name: settings.xLabel }),
    nameLocation: 'middle',
    nameGap: 26,
    axisLine: line,
    axisTick: { show: false },
    splitLine: { show: false },
    axisLabel: {
      ...label,
      ...(lies ? { width: 160, overflow: 'truncate', ...(fitsLying(data, height) ? { interval: 0 } : {}) } : {}),
      ...(axes.xType === 'time' ? { formatter: timeLabels } : {}),
    },
    inverse: lies,
    ...(axes.xType === 'number' ? { scale: true } : {}),
  };
  const value = {
    type: 'value',
    ...(yLabel === undefined
      ? {}
      : lies
        ? { name: yLabel, nameLocation: 'middle', nameGap: 24 }
        : { name: yLabel, nameTextStyle: { color: read('--color-muted'), align: 'right' } }),
    axisLine: { show: false },
    axisTick: { show: false },
    splitNumber: 4,
    minInterval: isWhole(data.series) ? 1 : 0,
    splitLine: { lineStyle: { color: read('--color-border'), opacity: 0.6 } },
    axisLabel: { ...label, formatter: (at: number) => short.format(at) },
  };
  return {
    legend: legend(drawing, hasLegend ? 'shown' : 'hidden'),
    grid: {
      left: 4,
      right: 14,
      top: 8,
      bottom: hasLegend ? 28 : 6,
      outerBoundsMode: 'same',
    },
    xAxis: lies ? value : place,
    yAxis: lies ? place : value,
    series: (isStacked(kind) ? filled(data.series) : data.series).map((series, at) =>
      oneSeries(drawing, series, places.get(series.key) ?? at, lies),
    ),
  };
}

// Days have no hours to name between them.
function hasDaysOnly(series: readonly Series[]): boolean {
  return series.every(({ points }) => points.every(([x]) => x % DAY_MS === 0));
}

function isWhole(series: readonly Series[]): boolean {
  return series.every(({ points }) => points.every(([, value]) => Number.isInteger(value)));
}
