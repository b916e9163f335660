import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { initialValues } from '../../../../kql/workbook/parameters.ts';
import { readWorkbook } from '../../../../kql/workbook/read-workbook.ts';
import { steps } from '../../../../kql/workbook/walk.ts';
import type { QueryItem } from '../../../../kql/workbook/workbook.ts';
import { asOfNow, asOfOpening } from '../../../../workspace/console/page/workbook/as-of.ts';
import { roundedNow } from '../../../../workspace/console/page/workbook/now.ts';
import { queryState } from '../../../../workspace/console/page/workbook/query-state.ts';
import { type Offer, resolveValues } from '../../../../workspace/console/page/workbook/resolve-values.ts';
import { rowChanges, selectedRows } from '../../../../workspace/console/page/workbook/row-exports.ts';
import { fieldText, fieldTime } from '../../../../workspace/console/page/workbook/time-field.ts';
import { tileParts } from '../../../../workspace/console/page/workbook/tile-parts.ts';
import {
  type Changes,
  decodeView,
  encodeView,
  withChange,
} from '../../../../workspace/console/page/workbook/view-hash.ts';
import { withoutTitle } from '../../../../workspace/console/page/workbook/without-title.ts';

const file = new URL('../../../fixtures/workbooks/every-feature.json', import.meta.url);
const workbook = readWorkbook('every-feature', JSON.parse(readFileSync(file, 'utf8')));
const initial = initialValues(workbook);
const now = new Date('2026-11-21T12:00:00Z');
const opened: Changes = new Map();
const waiting = (): Offer => ({ state: 'waiting' });
const known = (...values: readonly string[]): Offer => ({
  state: 'known',
  choices: values.map((value) => ({ value, label: value.toUpperCase(), isSelected: false })),
});

function queryItem(name: string): QueryItem {
  const item = steps(workbook).find(({ item }) => item.name === name)?.item;
  if (item?.kind !== 'query') throw new Error(`no query item ${name}`);
  return item;
}

test('a view goes into its address and comes back', () => {
  const changes: Changes = new Map([
    ['TimeRange', { kind: 'time', from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-02T00:00:00Z') }],
    ['User', { kind: 'choice', values: ["o'neil&co=x@contoso.example", 'b ä#?'], isAll: false }],
    ['Tab', { kind: 'text', text: 'grids' }],
    ['SelectedUser', { kind: 'text', text: '' }],
  ]);
  expect(decodeView(encodeView(changes), initial)).toEqual(changes);
});

test('an address with what the workbook does not know, or cannot be, opens without it', () => {
  const search = 'Nobody=1&__proto__=1&TimeRange=soon&TimeRange=5&Tab=grids';
  expect(decodeView(search, initial)).toEqual(new Map([['Tab', { kind: 'text', text: 'grids' }]]));
  expect(decodeView('TimeRange=2026-11-02T00:00:00Z/2026-11-01T00:00:00Z', initial)).toEqual(new Map());
});

test.for(['99999999999999', '-271821-04-20/2026-11-01', '2026-11-01/275760-09-13', '2026-11/2026-12'])(
  'a span that no query can name is none: %s',
  (span) => {
    expect(decodeView(`TimeRange=${span}`, initial)).toEqual(new Map());
  },
);

test('a time of an address without a zone is UTC', () => {
  const { TimeRange } = Object.fromEntries(decodeView('TimeRange=2026-11-01T09:30/2026-11-02', initial));
  expect(TimeRange).toEqual({
    kind: 'time',
    from: new Date('2026-11-01T09:30:00Z'),
    to: new Date('2026-11-02T00:00:00Z'),
  });
});

test('what a workbook opens with is not in its address', () => {
  const changed = withChange(opened, initial, 'Tab', { kind: 'text', text: 'grids' });
  expect(encodeView(changed)).toBe('Tab=grids');
  expect(encodeView(withChange(changed, initial, 'Tab', { kind: 'text', text: 'charts' }))).toBe('');
});

test('All needs no list of what there is, so tiles do not wait for it', () => {
  const view = resolveValues(workbook, initial, opened, now, waiting);
  expect(view.unsettled).toEqual(new Set(['App']));
  expect(queryState(queryItem('kpis').query, view, now).state).toBe('ready');
  expect(queryState(queryItem('time-chart').query, view, now)).toEqual({ state: 'waiting' });
});

test('choices of a parameter are asked with the values of those before it', () => {
  const asked: string[] = [];
  const ask = (query: string): Offer => {
    asked.push(query);
    return query.includes('value = AppHost') ? known('Teams', 'Word') : known('a@contoso.example', 'b@contoso.example');
  };
  const changes: Changes = new Map([
    ['User', { kind: 'choice', values: ['b@contoso.example', 'gone@contoso.example'], isAll: false }],
  ]);
  const { values, unsettled } = resolveValues(workbook, initial, changes, now, ask);
  expect(asked[1]).toContain("'*' in ('b@contoso.example') or ActorName in ('b@contoso.example')");
  expect(values.get('App')?.value).toMatchObject({ values: ['Teams'] });
  expect(unsettled.size).toBe(0);
});

test('a choice in the address waits for its list, and so does what depends on it', () => {
  const asked: string[] = [];
  const changes: Changes = new Map([['User', { kind: 'choice', values: ['b@contoso.example'], isAll: false }]]);
  const { unsettled } = resolveValues(workbook, initial, changes, now, (query) => {
    asked.push(query);
    return { state: 'waiting' };
  });
  expect(asked).toHaveLength(1);
  expect(unsettled).toEqual(new Set(['User', 'App']));
});

test('a query that needs a value tells which one', () => {
  const view = resolveValues(workbook, initial, opened, now, waiting);
  expect(queryState(queryItem('needs').query, view, now)).toEqual({ state: 'unset', labels: ['Needed'] });
});

test('a chosen row sets its parameter, and choosing it again takes it back', () => {
  const { exports } = queryItem('people');
  const columns = [{ name: 'ActorName', type: 'string' }];
  const rows = [['a@contoso.example'], ['b@contoso.example']] as const;
  expect(selectedRows(exports, columns, rows, initial)).toEqual([]);
  const [change] = rowChanges(exports, columns, rows[1], initial);
  expect(change).toEqual({ name: 'SelectedUser', value: { kind: 'text', text: 'b@contoso.example' } });
  const chosen = resolveValues(
    workbook,
    initial,
    new Map([['SelectedUser', { kind: 'text', text: 'b@contoso.example' }]]),
    now,
    waiting,
  ).values;
  expect(selectedRows(exports, columns, rows, chosen)).toEqual([1]);
  expect(rowChanges(exports, columns, rows[1], chosen)).toEqual([
    { name: 'SelectedUser', value: { kind: 'text', text: '' } },
  ]);
});

test('a row is exported as JSON where no column is named', () => {
  const exports = [{ field: undefined, parameter: 'SelectedUser', defaultValue: '' }];
  const [change] = rowChanges(exports, [{ name: 'A', type: 'long' }], [1], initial);
  expect(change?.value).toEqual({ kind: 'text', text: '{"A":1}' });
});

test('the page shows the heading of the workbook once', () => {
  const [first] = withoutTitle(workbook);
  expect(first?.kind === 'text' && first.markdown.startsWith('A workbook with each feature')).toBe(true);
});

test('tiles without settings take their parts by type', () => {
  const columns = [
    { name: 'Value', type: 'long' },
    { name: 'Name', type: 'string' },
    { name: 'Trend', type: 'dynamic' },
  ];
  const none = { title: undefined, subtitle: undefined, left: undefined, right: undefined, secondary: undefined };
  expect(tileParts(none, columns)).toMatchObject({ title: { index: 1 }, left: { index: 0 }, secondary: { index: 2 } });
});

test('all tiles of ten seconds share the same now, which no row is beyond', () => {
  expect(roundedNow(Date.parse('2026-11-21T12:00:01Z'))).toEqual(new Date('2026-11-21T12:00:10Z'));
  expect(roundedNow(Date.parse('2026-11-21T12:00:10Z'))).toEqual(new Date('2026-11-21T12:00:10Z'));
});

test('a field of time holds UTC to the minute', () => {
  expect(fieldText(new Date('2026-11-21T12:34:56Z'))).toBe('2026-11-21T12:34');
  expect(fieldTime('2026-11-21T12:34')).toEqual(new Date('2026-11-21T12:34:00Z'));
  expect(fieldTime('2026-02-31')).toBeUndefined();
});

test('a workbook that is opened again within a minute is as it was left; later it is new', () => {
  const at = Date.UTC(2026, 10, 21, 12);
  const first = asOfOpening('soc-overview', at, 1);
  expect(asOfOpening('soc-overview', at + 30_000, 2)).toBe(first);
  expect(asOfOpening('adoption', at + 30_000, 2).version).toBe(2);
  expect(asOfNow('soc-overview', at + 40_000, 3)).toEqual({ now: new Date(at + 40_000), version: 3 });
  expect(asOfOpening('soc-overview', at + 50_000, 4).version).toBe(3);
  expect(asOfOpening('soc-overview', at + 120_000, 5).version).toBe(5);
});
