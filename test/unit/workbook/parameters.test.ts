import { describe, expect, it } from 'vitest';
import { choicesFrom } from '../../../kql/workbook/choices.ts';
import { holds, isVisible } from '../../../kql/workbook/conditions.ts';
import { allOf, choiceOf, initialValues, isAll, valuesFrom } from '../../../kql/workbook/parameters.ts';
import { readWorkbook } from '../../../kql/workbook/read-workbook.ts';
import { durationLabel, grainOf } from '../../../kql/workbook/time-range.ts';
import { withText, withValue } from '../../../kql/workbook/values.ts';
import type { Choice, Condition } from '../../../kql/workbook/workbook.ts';
import { chosen, dropDown, everything, text, values } from './given.ts';

const choice = (value: string, isSelected = false): Choice => ({ value, label: value.toUpperCase(), isSelected });
const offered = [choice('a'), choice('b'), choice('c', true)];

describe('initialValues', () => {
  const json = {
    version: 'Notebook/1.0',
    items: [
      {
        type: 9,
        content: {
          parameters: [
            { name: 'TimeRange', type: 4, value: { durationMs: 604_800_000 } },
            {
              name: 'User',
              type: 2,
              multiSelect: true,
              query: 'x',
              typeSettings: { additionalResourceOptions: ['value::all'], selectAllValue: '*' },
              value: ['value::all'],
            },
            { name: 'First', type: 2, query: 'x', value: 'value::1' },
            { name: 'Fixed', type: 2, jsonData: '["one", "two"]', value: 'two' },
            { name: 'Nth', type: 2, jsonData: '["one", "two"]', value: 'value::1' },
            { name: 'Top', type: 1, value: '10' },
          ],
        },
      },
      {
        type: 11,
        content: {
          style: 'tabs',
          links: ['people', 'agents'].map((subTarget) => ({ linkTarget: 'parameter', cellValue: 'Tab', subTarget })),
        },
      },
      {
        type: 11,
        content: { style: 'list', links: [{ linkTarget: 'parameter', cellValue: 'Help', subTarget: 'on' }] },
      },
      { type: 3, content: { query: 'x', exportParameterName: 'Chosen', exportDefaultValue: 'nobody' } },
      { type: 3, content: { query: 'x', exportedParameters: [{ parameterName: 'Row' }, { parameterName: 'Chosen' }] } },
    ],
  };

  it('opens as the file says: defaults, the first tab, nothing chosen', () => {
    const initial = initialValues(readWorkbook('demo', json));
    expect(Object.fromEntries([...initial].map(([name, { value }]) => [name, value]))).toEqual({
      TimeRange: { kind: 'time', durationMs: 604_800_000 },
      User: { kind: 'choice', values: [], isAll: true, labels: ['All'] },
      // What the query offers is not known yet.
      First: { kind: 'choice', values: [], isAll: false, labels: [] },
      Fixed: { kind: 'choice', values: ['two'], isAll: false, labels: ['two'] },
      Nth: { kind: 'choice', values: ['one'], isAll: false, labels: ['one'] },
      Top: { kind: 'text', text: '10' },
      Tab: { kind: 'text', text: 'people' },
      Help: { kind: 'text', text: '' },
      Chosen: { kind: 'text', text: 'nobody' },
      Row: { kind: 'text', text: '' },
    });
  });

  it('opens with a span where one is given', () => {
    const span = { from: new Date(0), to: new Date(1) };
    expect(initialValues(readWorkbook('demo', json), span).get('TimeRange')?.value).toEqual({ kind: 'time', ...span });
  });
});

describe('valuesFrom', () => {
  it.for([
    ['what the file names, if it is offered', { value: ['b', 'gone'] }, ['b'], false],
    ['the nth', { value: ['value::2'] }, ['b'], false],
    ['what is marked as selected, where the file names nothing', { value: [] }, ['c'], false],
    ['what is marked as selected, where nothing that the file names is offered', { value: ['gone'] }, ['c'], false],
    ['all, written as the file says', { value: ['value::all'] }, [], true],
    ['all, as every value', { value: ['value::all'], all: { every: true as const } }, ['a', 'b', 'c'], true],
    ['one of several, where one can be chosen', { value: ['a', 'b'], isMultiple: false }, ['a'], false],
  ] as const)('chooses %s', ([, given, expected, all]) => {
    const found = valuesFrom(dropDown(given), offered);
    expect({ values: found.values, isAll: found.isAll }).toEqual({ values: expected, isAll: all });
  });

  it('keeps what was chosen before and is still offered', () => {
    const parameter = dropDown({ value: ['value::all'] });
    expect(valuesFrom(parameter, offered, chosen(['b', 'gone']).value)).toMatchObject({ values: ['b'], labels: ['B'] });
    expect(valuesFrom(parameter, offered, chosen(['gone']).value)).toMatchObject({ isAll: true });
    expect(valuesFrom(dropDown({ value: ['a'] }), offered, everything().value)).toMatchObject({ isAll: true });
  });

  it('chooses nothing where nothing is offered', () =>
    expect(valuesFrom(dropDown({ value: ['value::1'] }), [])).toMatchObject({ values: [], isAll: false }));

  it('knows All when it sees it', () => {
    expect(isAll(allOf(dropDown(), offered))).toBe(true);
    expect([isAll(choiceOf(dropDown(), offered, ['a'])), isAll(undefined)]).toEqual([false, false]);
  });
});

describe('choicesFrom', () => {
  it('finds columns by name, else by place', () => {
    const expected = [{ value: '1', label: 'One', isSelected: true }];
    expect(choicesFrom(['label', 'value', 'selected'], [['One', 1, true]])).toEqual(expected);
    expect(choicesFrom(['Id', 'Name', 'IsFirst'], [[1, 'One', 1]])).toEqual(expected);
    expect(choicesFrom(['value'], [['x']])).toEqual([{ value: 'x', label: 'x', isSelected: false }]);
  });

  it('offers a value once, no empty one, and at most 1,000', () => {
    const rows = [[null], [''], ['a'], ['a'], ...Array.from({ length: 2_000 }, (_, index) => [index])];
    const found = choicesFrom(['value'], rows);
    expect(found).toHaveLength(1_000);
    expect(found.slice(0, 2).map(({ value }) => value)).toEqual(['a', '0']);
  });
});

describe('conditions', () => {
  const given = values({ Tab: text('people'), Chosen: text(''), All: everything(), Two: chosen(['a', 'b']) });
  const condition = (parameterName: string, comparison: Condition['comparison'], value: string): Condition => ({
    parameterName,
    comparison,
    value,
  });

  it.for([
    ['Tab', 'isEqualTo', 'people', true],
    ['Tab', 'isEqualTo', 'agents', false],
    ['Chosen', 'isNotEqualTo', '', false],
    ['Chosen', 'isEqualTo', '', true],
    ['Nobody', 'isEqualTo', '', true],
    ['All', 'isEqualTo', '*', true],
    ['Two', 'isEqualTo', 'a,b', true],
  ] as const)('%s %s "%s" is %s', ([name, comparison, value, expected]) =>
    expect(holds(condition(name, comparison, value), given)).toBe(expected),
  );

  it('must all hold', () => {
    const both = [condition('Tab', 'isEqualTo', 'people'), condition('Chosen', 'isNotEqualTo', '')];
    expect(isVisible({ conditions: both }, given)).toBe(false);
    expect(isVisible({ conditions: both }, withText(given, 'Chosen', 'x'))).toBe(true);
    expect(isVisible({ conditions: [] }, given)).toBe(true);
  });

  it('see what tabs and rows set, in a new map: the old one stays', () => {
    const changed = withText(given, 'Two', 'c');
    expect(changed.get('Two')?.value).toEqual({ kind: 'choice', values: ['c'], isAll: false });
    expect(given.get('Two')?.value).toMatchObject({ values: ['a', 'b'] });
    expect(withValue(given, 'Two', { kind: 'text', text: 'x' }).get('Two')?.parameter?.name).toBe('User');
  });
});

describe('time ranges', () => {
  const hourMs = 3_600_000;
  it.for([
    [hourMs, 'Last 60 minutes', '1m'],
    [24 * hourMs, 'Last 24 hours', '30m'],
    [7 * 24 * hourMs, 'Last 7 days', '1h'],
    [30 * 24 * hourMs, 'Last 30 days', '6h'],
    [180 * 24 * hourMs, 'Last 180 days', '1d'],
  ] as const)('of %d ms are named and stepped', ([durationMs, label, grain]) => {
    expect(durationLabel(durationMs)).toBe(label);
    expect(grainOf({ from: new Date(0), to: new Date(durationMs) })).toBe(grain);
  });
});
