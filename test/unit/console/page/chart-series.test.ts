import { expect, test } from 'vitest';
import type { ChartSettings } from '../../../../kql/workbook/workbook.ts';
import type { Cell, ColumnView } from '../../../../workspace/console/api.ts';
import type { ChartKind } from '../../../../kql/workbook/workbook.ts';
import { chooseAxes } from '../../../../workspace/console/page/chart/axes.ts';
import { barsWithRoom, chartHeight, isLying } from '../../../../workspace/console/page/chart/bars.ts';
import { seriesColor } from '../../../../workspace/console/page/chart/chart-colors.ts';
import { withFigure } from '../../../../workspace/console/page/chart/pie-options.ts';
import { chartSummary } from '../../../../workspace/console/page/chart/chart-summary.ts';
import { pieParts } from '../../../../workspace/console/page/chart/pie-parts.ts';
import { type ChartData, filled, toSeries } from '../../../../workspace/console/page/chart/series.ts';

const time = { name: 'EventTime', type: 'datetime' };
const app = { name: 'AppHost', type: 'string' };
const turns = { name: 'Turns', type: 'long' };
const people = { name: 'People', type: 'long' };
const noSettings: ChartSettings = {
  xAxis: undefined,
  yAxis: [],
  group: undefined,
  xLabel: undefined,
  yLabel: undefined,
  colors: {},
  labels: {},
  showLegend: true,
};
const day = (number: number): string => `2026-11-0${number}T00:00:00Z`;

function draw(
  kind: ChartKind,
  columns: readonly ColumnView[],
  rows: readonly (readonly Cell[])[],
  settings?: ChartSettings,
): ChartData {
  const axes = chooseAxes(kind, columns, settings);
  if ('problem' in axes) throw new Error(axes.problem);
  return toSeries(axes, columns, rows, settings);
}

test('in wide form each number is a series over the time', () => {
  const { series } = draw(
    'timechart',
    [turns, time, people],
    [
      [3, day(2), 2],
      [1, day(1), 1],
    ],
  );
  expect(series.map(({ name, points }) => [name, points.map(([, value]) => value)])).toEqual([
    ['Turns', [1, 3]],
    ['People', [1, 2]],
  ]);
});

test('in long form each text is a series, and values of the same place are added up', () => {
  const { series } = draw(
    'timechart',
    [time, app, turns],
    [
      [day(1), 'Teams', 1],
      [day(1), 'Word', 5],
      [day(1), 'Teams', 2],
    ],
  );
  expect(series).toEqual([
    { key: 'Teams', name: 'Teams', points: [[Date.parse(day(1)), 3]] },
    { key: 'Word', name: 'Word', points: [[Date.parse(day(1)), 5]] },
  ]);
});

test('several numbers of several texts are told apart', () => {
  const { series } = draw('timechart', [time, app, turns, people], [[day(1), 'Teams', 1, 2]]);
  expect(series.map(({ key }) => key)).toEqual(['Teams: Turns', 'Teams: People']);
});

test('bars without a time stand on the first text, in the order of the rows', () => {
  const { categories, series } = draw(
    'categoricalbar',
    [app, turns],
    [
      ['Word', 2],
      ['Teams', 9],
    ],
  );
  expect(categories).toEqual(['Word', 'Teams']);
  expect(series[0]?.points).toEqual([
    [0, 2],
    [1, 9],
  ]);
});

test('the parts of a pie are its group, the largest first, and the rest is one part', () => {
  const rows = Array.from({ length: 12 }, (_, at) => [`App ${at}`, at + 1]);
  const parts = pieParts(
    draw('piechart', [app, turns], rows, { ...noSettings, yAxis: ['Turns'], group: 'AppHost' }),
    10,
  );
  expect(parts[0]).toEqual({ key: 'App 11', name: 'App 11', value: 12 });
  expect(parts.at(-1)).toEqual({ key: '', name: '3 others', value: 1 + 2 + 3 });
  expect(parts).toHaveLength(10);
});

test('a column that the answer has not is named', () => {
  expect(chooseAxes('barchart', [app, turns], { ...noSettings, xAxis: 'Host' })).toEqual({
    problem: 'The chart names a column Host, which the query does not answer.',
  });
});

test('an answer without a number cannot be drawn, and says what there is', () => {
  expect(chooseAxes('timechart', [time, app], undefined)).toEqual({
    problem:
      'A timechart needs a column for its axis and a number, and the query answers EventTime (datetime), AppHost (string).',
  });
});

test('beyond 100 series the rest is left out, and said', () => {
  const rows = Array.from({ length: 130 }, (_, at) => [day(1), `App ${at}`, 1]);
  const { series, cut } = draw('timechart', [time, app, turns], rows);
  expect(series).toHaveLength(100);
  expect(cut).toBe('There are 30 more series than the 100 drawn: narrow the query.');
});

test('beyond 10,000 points the rest is left out, and said', () => {
  const rows = Array.from({ length: 10_005 }, (_, at) => [new Date(at * 1000).toISOString(), 1]);
  expect(draw('timechart', [time, turns], rows).cut).toBe(
    'There are 5 more points than the 10,000 drawn: narrow the query.',
  );
});

test('a stack has a value of every series at every place', () => {
  const { series } = draw(
    'areachart',
    [time, app, turns],
    [
      [day(1), 'Teams', 1],
      [day(2), 'Word', 5],
    ],
  );
  expect(filled(series).map(({ points }) => points.map(([, value]) => value))).toEqual([
    [1, 0],
    [0, 5],
  ]);
});

test('severities have their colours, in their order, whatever the order of the rows', () => {
  const { series } = draw(
    'barchart',
    [time, { name: 'Severity', type: 'string' }, turns],
    [
      [day(1), 'Low', 1],
      [day(1), 'High', 2],
      [day(1), 'Informational', 2],
    ],
  );
  expect(series.map(({ key }, at) => [key, seriesColor(key, at, undefined)])).toEqual([
    ['High', { property: '--data-red' }],
    ['Low', { property: '--data-yellow' }],
    ['Informational', { property: '--data-gray' }],
  ]);
});

test('groups stand in the order of their names, columns in that of the query', () => {
  const grouped = draw(
    'barchart',
    [time, app, turns],
    [
      [day(1), 'Word', 1],
      [day(1), 'Excel 10', 1],
      [day(1), 'Excel 9', 1],
    ],
  );
  expect(grouped.series.map(({ key }) => key)).toEqual(['Excel 9', 'Excel 10', 'Word']);
  expect(draw('barchart', [time, turns, people], [[day(1), 1, 1]]).series.map(({ key }) => key)).toEqual([
    'Turns',
    'People',
  ]);
});

test('a workbook names colours of the palette or as #hex; another text is no colour', () => {
  const settings = { ...noSettings, colors: { a: 'orange', b: '#123abc', c: 'url(https://contoso.example)' } };
  expect(seriesColor('a', 0, settings)).toEqual({ property: '--data-orange' });
  expect(seriesColor('b', 0, settings)).toEqual({ value: '#123abc' });
  expect(seriesColor('c', 0, settings)).toEqual({ property: '--data-blue' });
});

test('a summary names the span and the largest series', () => {
  const columns = [time, app, turns];
  const axes = chooseAxes('timechart', columns, undefined);
  if ('problem' in axes) throw new Error(axes.problem);
  const data = toSeries(
    axes,
    columns,
    [
      [day(1), 'Teams', 1],
      [day(2), 'Word', 1500],
    ],
    undefined,
  );
  expect(chartSummary('Turns', data, axes)).toBe('Turns. From 2026-11-01 to 2026-11-02. Word 1,500, Teams 1.');
});

test('a name gives way to its figure', () => {
  expect(withFigure('Copilot in Microsoft Purview', '13 (4%)', 24)).toBe('Copilot in Mic…  13 (4%)');
  expect(withFigure('Teams', '13 (4%)', 24)).toBe('Teams  13 (4%)');
});

test('names that every object has are names like any other', () => {
  const settings = { ...noSettings, colors: { Teams: 'orange' }, labels: { Teams: 'Meetings' } };
  const { series } = draw(
    'timechart',
    [time, app, turns],
    [
      [day(1), 'constructor', 1],
      [day(1), '__proto__', 1],
      [day(1), 'Teams', 1],
    ],
    settings,
  );
  expect(series.map(({ name }) => name)).toEqual(['__proto__', 'constructor', 'Meetings']);
  expect(seriesColor('constructor', 0, settings)).toEqual({ property: '--data-blue' });
});

test('bars lie where their names are too long to stand side by side, and get room', () => {
  const axes = chooseAxes('barchart', [app, turns], undefined);
  if ('problem' in axes) throw new Error(axes.problem);
  const bars = (names: readonly string[]): ChartData =>
    toSeries(
      axes,
      [app, turns],
      names.map((name) => [name, 1]),
      undefined,
    );
  const people = bars(Array.from({ length: 20 }, (_, at) => `someone.else${at}@contoso.example`));
  expect(isLying('barchart', axes, people)).toBe(true);
  expect(chartHeight('barchart', axes, people, 230)).toBe(20 * 16 + 52);
  const hours = bars(Array.from({ length: 24 }, (_, at) => String(at).padStart(2, '0')));
  expect(isLying('barchart', axes, hours)).toBe(false);
  expect(chartHeight('barchart', axes, hours, 230)).toBe(230);
});

test('of hundreds of lying bars the largest are drawn in their order, and the chart says so', () => {
  const axes = chooseAxes('categoricalbar', [app, turns], undefined);
  if ('problem' in axes) throw new Error(axes.problem);
  const rows = Array.from({ length: 300 }, (_, at): [string, number] => [`a site with a name ${at}`, at]);
  const data = barsWithRoom('categoricalbar', axes, toSeries(axes, [app, turns], rows, undefined), 230);
  expect(data.categories).toEqual(Array.from({ length: 25 }, (_, at) => `a site with a name ${275 + at}`));
  expect(data.series[0]?.points[0]).toEqual([0, 275]);
  expect(data.cut).toBe('The 25 largest of 300 are drawn: the table has all.');
});
