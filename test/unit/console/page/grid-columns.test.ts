import { expect, test } from 'vitest';
import type { ColumnFormat, GridSettings } from '../../../../kql/workbook/workbook.ts';
import type { Cell } from '../../../../workspace/console/api.ts';
import { columnScale, scaleShare } from '../../../../workspace/console/page/grid/column-scale.ts';
import { formatTime } from '../../../../workspace/console/page/grid/format-cell.ts';
import { hasText, shownColumns } from '../../../../workspace/console/page/grid/grid-columns.ts';
import { nextPlace } from '../../../../workspace/console/page/grid/row-keys.ts';
import { compareKeys, sortKey } from '../../../../workspace/console/page/grid/sort-key.ts';
import { sparkPoints, sparkText, sparkValues } from '../../../../workspace/console/page/grid/spark-line.ts';

const format = (column: string, formatter: ColumnFormat['formatter'], label?: string): ColumnFormat => ({
  column,
  formatter,
  label,
  number: undefined,
  width: undefined,
});
const settings = (formats: readonly ColumnFormat[]): GridSettings => ({
  formats,
  rowLimit: 250,
  hasFilter: true,
  sortBy: [],
});
const columns = [
  { name: 'ActorName', type: 'string' },
  { name: 'ActorUserId', type: 'string' },
  { name: 'Turns', type: 'long' },
];
const rows: readonly (readonly Cell[])[] = [
  ['bela@contoso.example', '7f', 1200],
  ['dana@contoso.example', '8a', 3],
];

test('hidden columns are left out and labels replace names', () => {
  const shown = shownColumns(
    columns,
    rows,
    settings([format('ActorUserId', { kind: 'hidden' }), format('ActorName', { kind: 'text' }, 'Person')]),
  );
  expect(shown.map(({ label }) => label)).toEqual(['Person', 'Turns']);
});

test('a bar is measured against the largest value of its column', () => {
  const [, , turns] = shownColumns(columns, rows, settings([format('Turns', { kind: 'bar', palette: 'blue' })]));
  expect(turns?.scale).toEqual({ min: 0, max: 1200 });
});

test('settings fix a scale, and values beyond it end at its ends', () => {
  const scale = columnScale([5, 700], { max: 100 });
  expect([5, 700, -3].map((value) => scaleShare(value, scale))).toEqual([0.05, 1, 0]);
});

test('the filter finds what is shown and what it stands for, not what is hidden', () => {
  const shown = shownColumns(columns, rows, settings([format('ActorUserId', { kind: 'hidden' })]));
  const found = (text: string): readonly number[] => rows.flatMap((row, at) => (hasText(row, shown, text) ? [at] : []));
  expect(found('BELA')).toEqual([0]);
  expect(found('1,200')).toEqual([0]);
  expect(found('1200')).toEqual([0]);
  expect(found('7f')).toEqual([]);
});

test('numbers that came as text sort as numbers, timespans by their length, nothing has no key', () => {
  const sorted = (cells: readonly Cell[], type: string): readonly Cell[] =>
    cells.toSorted((left, right) => compareKeys(sortKey(left, type), sortKey(right, type)));
  expect(sorted(['10', '9', '2'], 'long')).toEqual(['2', '9', '10']);
  expect(sorted(['1.00:00:00', '02:00:00', '-03:00:00'], 'timespan')).toEqual(['-03:00:00', '02:00:00', '1.00:00:00']);
  expect(sorted(['user10', 'User9'], 'string')).toEqual(['User9', 'user10']);
  expect(sortKey(null, 'long')).toBeUndefined();
});

test('arrow keys stay within the rows', () => {
  expect([
    nextPlace('ArrowDown', 4, 5),
    nextPlace('ArrowUp', 0, 5),
    nextPlace('End', 1, 5),
    nextPlace('a', 1, 5),
  ]).toEqual([4, 0, 4, undefined]);
});

test('a spark line is drawn from a list or its JSON and told in words', () => {
  expect(sparkValues('[1, 2, 4]')).toEqual([1, 2, 4]);
  expect(sparkValues('not a list')).toBeUndefined();
  expect(sparkPoints([0, 4, 2], 100, 20)).toBe('0.0,20.0 50.0,0.0 100.0,10.0');
  expect(sparkText([0, 4, 2])).toBe('3 values from 0 to 4, last 2');
});

test('times of a column are written alike, as exactly as one of them needs', () => {
  const form = (...times: readonly string[]) =>
    shownColumns(
      [{ name: 'Time', type: 'datetime' }],
      times.map((time) => [time]),
      undefined,
    )[0]?.timeForm;
  expect(form('2026-11-20T05:06:00Z', '2026-11-20T07:01:12.5Z')).toBe('second');
  expect(form('2026-11-20T05:06:00Z', '2026-11-20T00:00:00Z')).toBe('minute');
  expect(form('2026-11-20T00:00:00Z')).toBe('day');
  expect(formatTime('2026-11-20T05:06:00Z', 'second')).toBe('2026-11-20 05:06:00');
});
