import { describe, expect, it } from 'vitest';
import { readWorkbook } from '../../../kql/workbook/read-workbook.ts';
import { queriesOf, steps } from '../../../kql/workbook/walk.ts';
import type { Item } from '../../../kql/workbook/workbook.ts';

type Json = Record<string, unknown>;
const read = (...items: readonly unknown[]): readonly Item[] =>
  readWorkbook('demo', { version: 'Notebook/1.0', items }).items;
const query = (content: Json = {}): Json => ({ type: 3, name: 'q', content: { query: 'T', ...content } });
const parameters = (...list: readonly Json[]): Json => ({ type: 9, name: 'p', content: { parameters: list } });
const problems = (...items: readonly unknown[]): readonly string[] =>
  read(...items).flatMap((item) => (item.kind === 'problem' ? item.problem : []));

describe('readWorkbook', () => {
  it('takes the first heading for the title, else the name of the file', () => {
    const titled = { type: 1, name: 't', content: { json: 'no heading here\n\n## Who uses it \n' } };
    const inGroup = { type: 12, name: 'g', content: { items: [titled] } };
    expect(readWorkbook('demo', { version: 'Notebook/1.0', items: [query(), titled] }).title).toBe('Who uses it');
    expect(readWorkbook('demo', { version: 'Notebook/1.0', items: [inGroup] }).title).toBe('demo');
  });

  it.for([
    [null, 'demo: no workbook: must be an object with version and items'],
    [[], 'demo: no workbook: must be an object with version and items'],
    [{ version: 'Notebook/2.0', items: [{}] }, 'demo: no workbook: version: must be Notebook/1.0'],
    [{ version: 'Notebook/1.0', items: [] }, 'demo: no workbook: items: a workbook without items'],
    [{ version: 'Notebook/1.0', items: 'x' }, 'demo: no workbook: items: '],
  ] as const)('refuses %j, and says what of it', ([json, message]) =>
    expect(() => readWorkbook('demo', json)).toThrow(message),
  );

  it.for([
    [5, 'Invalid input: expected object, received number'],
    [{ type: 10, name: 'm', content: {} }, 'type 10 is not rendered here: only 1 text, 3 query'],
    [query({ visualization: 'map' }), 'visualisation map is not rendered here: only table, '],
    [query({ queryType: 1 }), 'queryType 1 is not rendered here: only 0, Logs'],
    [query({ query: 7 }), 'query: Invalid input: expected string, received number'],
    [{ type: 3, name: 'q', content: 'x' }, 'content: Invalid input'],
    [parameters({ name: 'Sub', type: 6 }), 'parameter Sub: type 6 is not rendered here: only 1 text, '],
    [parameters({ name: 'A', type: 2, jsonData: '{' }), 'parameter A: jsonData is no JSON'],
    [parameters({ name: 'A', type: 2, jsonData: '{}' }), 'parameter A: jsonData is no list'],
    [parameters({ name: 'A', type: 2, query: 'x', queryType: 1 }), 'parameter A: queryType 1 is not rendered here'],
    [parameters({ type: 2 }), 'parameter 0: name: Invalid input'],
    [
      { type: 11, name: 'l', content: { links: [{ linkTarget: 'ArmAction', linkLabel: 'Run' }] } },
      'link Run to ArmAction is not rendered here: only parameter and Url',
    ],
    [
      {
        ...query(),
        conditionalVisibility: { parameterName: 'A', comparison: 'isGreaterThan', value: '1' },
      },
      'conditionalVisibility.comparison: must be isEqualTo or isNotEqualTo',
    ],
  ] as const)('says of an item that it cannot render, instead of throwing: %j', ([item, problem]) => {
    const [told, ...more] = problems(item);
    expect(told).toContain(problem);
    expect(more).toEqual([]);
  });

  it('keeps the parameters beside one that it cannot render, and the items beside and around a broken one', () => {
    const [kept, problem] = read(parameters({ name: 'Sub', type: 6 }, { name: 'Top', type: 1, value: 10 }));
    expect(kept).toMatchObject({ kind: 'parameters', parameters: [{ name: 'Top', value: '10' }] });
    expect(problem).toMatchObject({ kind: 'problem', name: 'Sub' });
    const [group] = read({ type: 12, name: 'g', content: { items: [{ type: 77, content: {} }, query()] } });
    expect(group).toMatchObject({ kind: 'group', items: [{ kind: 'problem' }, { kind: 'query' }] });
  });

  it('gives every item its place in the file, and its place for a name where it has none', () => {
    const group = { type: 12, content: { items: [query(), { type: 1, content: { json: 'x' } }] } };
    const [, second] = read(query(), group);
    expect(second).toMatchObject({ name: 'items.1', path: ['items', 1] });
    expect(second?.kind === 'group' ? second.items.map(({ name, path }) => ({ name, path })) : []).toEqual([
      { name: 'q', path: ['items', 1, 'content', 'items', 0] },
      { name: 'items.1.items.1', path: ['items', 1, 'content', 'items', 1] },
    ]);
  });

  it('reads conditions in both forms, and widths', () => {
    const one = { parameterName: 'A', comparison: 'isEqualTo', value: 'x' };
    const [item] = read({
      ...query(),
      customWidth: '50',
      conditionalVisibility: one,
      conditionalVisibilities: [{ parameterName: 'B', comparison: 'isNotEqualTo' }],
    });
    expect(item).toMatchObject({
      width: 50,
      conditions: [one, { parameterName: 'B', comparison: 'isNotEqualTo', value: '' }],
    });
    expect(read({ ...query(), customWidth: 'wide' })).toMatchObject([{ width: 100 }]);
  });

  it('reads time ranges, drop-downs and options', () => {
    const [item] = read(
      parameters(
        {
          name: 'TimeRange',
          type: 4,
          value: { durationMs: 3_600_000 },
          typeSettings: { selectableValues: [{ durationMs: 1 }, { durationMs: 2 }], allowCustom: true },
        },
        {
          name: 'User',
          label: 'Person',
          type: 2,
          isRequired: true,
          multiSelect: true,
          quote: "'",
          delimiter: ',',
          query: 'T | distinct A',
          typeSettings: { additionalResourceOptions: ['value::all'], selectAllValue: '*' },
          value: ['value::all'],
        },
        {
          name: 'By',
          type: 10,
          isHiddenWhenLocked: true,
          jsonData: '[{"value": 1, "label": "One"}, "two"]',
          value: '1',
        },
        { name: 'Every', type: 2, query: 'T', value: 'value::all' },
        { name: 'Now', type: 4 },
      ),
    );
    expect(item).toMatchObject({
      parameters: [
        { kind: 'time', durationMs: 3_600_000, durationsMs: [1, 2], isCustomAllowed: true },
        {
          kind: 'choice',
          style: 'drop-down',
          label: 'Person',
          isRequired: true,
          isMultiple: true,
          quote: "'",
          choices: { query: 'T | distinct A' },
          value: ['value::all'],
          all: { value: '*' },
        },
        {
          style: 'options',
          isHidden: true,
          value: ['1'],
          all: undefined,
          choices: {
            fixed: [
              { value: '1', label: 'One', isSelected: false },
              { value: 'two', label: 'two', isSelected: false },
            ],
          },
        },
        { all: { every: true } },
        { durationMs: 86_400_000 },
      ],
    });
  });

  it('reads formatters, labels, units and order of a grid', () => {
    const [item] = read(
      query({
        gridSettings: {
          rowLimit: 50,
          filter: true,
          formatters: [
            { columnMatch: 'Id', formatter: 5 },
            {
              columnMatch: 'Count',
              formatter: 8,
              formatOptions: { palette: 'redBright', max: 9, customColumnWidthSetting: '10ch' },
              numberFormat: { unit: 1, options: { maximumFractionDigits: 1 } },
            },
            {
              columnMatch: 'Severity',
              formatter: 18,
              formatOptions: {
                thresholdsOptions: 'colors',
                thresholdsGrid: [
                  { operator: '==', thresholdValue: 'High', representation: 'redBright', text: '{0}{1}' },
                  { operator: 'Default', thresholdValue: null, representation: 'gray' },
                ],
              },
            },
            { columnMatch: 'Facts', formatter: 7, formatOptions: { linkTarget: 'CellDetails' } },
          ],
          labelSettings: [
            { columnId: 'Count', label: 'Turns' },
            { columnId: 'Name', label: 'Person' },
          ],
          sortBy: [{ itemKey: '$gen_heatmap_Count_1', sortOrder: 2 }],
        },
      }),
    );
    expect(item).toMatchObject({
      visualization: 'table',
      problems: [],
      grid: {
        rowLimit: 50,
        hasFilter: true,
        sortBy: [{ column: 'Count', isDescending: true }],
        formats: [
          { column: 'Id', formatter: { kind: 'hidden' } },
          {
            column: 'Count',
            label: 'Turns',
            width: '10ch',
            formatter: { kind: 'heatmap', palette: 'redBright', max: 9 },
            number: { unit: '%', maximumFractionDigits: 1 },
          },
          {
            formatter: {
              kind: 'thresholds',
              show: 'colors',
              thresholds: [
                { operator: '==', value: 'High', representation: 'redBright', text: '{0}{1}' },
                { operator: 'Default', value: '', representation: 'gray', text: '{0}{1}' },
              ],
            },
          },
          { formatter: { kind: 'link', target: 'CellDetails' } },
          { column: 'Name', label: 'Person', formatter: { kind: 'automatic' } },
        ],
      },
    });
  });

  it('shows as text what a formatter cannot be here, and says so', () => {
    const [item] = read(
      query({
        gridSettings: {
          formatters: [
            { columnMatch: 'A', formatter: 99 },
            { columnMatch: 'B', formatter: 7, formatOptions: { linkTarget: 'OpenBlade' } },
            { columnMatch: 'C', formatter: 1, numberFormat: { unit: 77 } },
            { columnMatch: 'D', formatter: 18, formatOptions: { thresholdsGrid: [{ operator: 'like' }] } },
          ],
        },
      }),
    );
    expect(item).toMatchObject({
      grid: { formats: Array.from({ length: 4 }, () => ({ formatter: { kind: 'text' } })) },
      problems: [
        'column A: formatter 99 is not rendered here: shown as text',
        'column B: formatter 7 to OpenBlade is not rendered here: shown as text',
        'column C: unit 77 is not known: shown without',
        'column D: threshold operator like is not known: use ==, !=, <, <=, >, >=, contains, Default: shown as text',
      ],
    });
  });

  it('reads tiles, charts and what rows set', () => {
    const part = (columnMatch: string, formatter: number): Json => ({ columnMatch, formatter });
    const [item] = read(
      query({
        visualization: 'tiles',
        tileSettings: {
          titleContent: part('Name', 1),
          leftContent: part('Value', 12),
          secondaryContent: part('Trend', 21),
        },
        chartSettings: {
          xAxis: 'Day',
          yAxis: ['Count'],
          group: 'Severity',
          showLegend: true,
          ySettings: { label: 'Alerts' },
          seriesLabelSettings: [{ seriesName: 'High', label: 'high', color: 'redBright' }],
        },
        exportFieldName: 'Name',
        exportParameterName: 'Chosen',
        exportDefaultValue: 'nobody',
        exportedParameters: [{ parameterName: 'Row', fieldName: '' }],
        showExportToExcel: true,
      }),
    );
    expect(item).toMatchObject({
      tiles: {
        title: { column: 'Name', formatter: { kind: 'text' } },
        left: { column: 'Value', formatter: { kind: 'number' } },
        right: undefined,
        secondary: { column: 'Trend', formatter: { kind: 'spark' } },
      },
      chart: {
        xAxis: 'Day',
        yAxis: ['Count'],
        group: 'Severity',
        showLegend: true,
        xLabel: undefined,
        yLabel: 'Alerts',
        colors: { High: 'redBright' },
        labels: { High: 'high' },
      },
      exports: [
        { field: 'Name', parameter: 'Chosen', defaultValue: 'nobody' },
        { field: undefined, parameter: 'Row', defaultValue: '' },
      ],
      hasDownload: true,
    });
  });
});

describe('walking', () => {
  it('meets groups before what they hold, with the conditions around', () => {
    const condition = (parameterName: string): Json => ({ parameterName, comparison: 'isEqualTo', value: 'x' });
    const inner = { ...query(), conditionalVisibility: condition('Inner') };
    const workbook = readWorkbook('demo', {
      version: 'Notebook/1.0',
      items: [
        parameters({ name: 'User', type: 2, query: 'T | distinct A' }),
        { type: 12, name: 'g', content: { items: [inner] }, conditionalVisibility: condition('Tab') },
        { ...query(), name: 'last' },
      ],
    });
    expect(steps(workbook).map(({ item, conditions }) => [item.name, conditions.length])).toEqual([
      ['p', 0],
      ['g', 1],
      ['q', 2],
      ['last', 0],
    ]);
    expect(queriesOf(workbook).map(({ name, parameter }) => [name, parameter?.name])).toEqual([
      ['User', 'User'],
      ['q', undefined],
      ['last', undefined],
    ]);
  });
});
