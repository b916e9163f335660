import { describe, expect, it } from 'vitest';
import { schemas } from '../../../../kql/check/schemas.ts';
import { workbookFile } from '../../../../kql/check/workbook-file.ts';
import { workbookFindings, workbookRules } from '../../../../kql/check/workbook-findings.ts';

type Json = Record<string, unknown>;

const known = schemas([
  {
    name: 'Demo',
    parameters: 'startTime:datetime=datetime(null), endTime:datetime=datetime(null)',
    body: 'CopilotAudit_CL | where EventTime >= startTime',
  },
]);
const always = { durationMs: 730 * 86_400_000 };
const CALL = 'Demo({TimeRange:start}, {TimeRange:end})';

const time = { name: 'TimeRange', type: 4, value: { durationMs: 604_800_000 } };
const user = {
  name: 'User',
  type: 2,
  multiSelect: true,
  quote: "'",
  query: `${CALL} | distinct ActorName`,
  timeContext: always,
  typeSettings: { additionalResourceOptions: ['value::all'], selectAllValue: '*' },
  value: ['value::all'],
};
const filters = (...parameters: readonly Json[]): Json => ({ type: 9, name: 'filters', content: { parameters } });
const query = (name: string, text: string, content: Json = {}): Json => ({
  type: 3,
  name,
  content: { query: text, queryType: 0, noDataMessage: 'Nothing.', timeContext: always, ...content },
});
const group = (name: string, items: readonly Json[], more: Json = {}): Json => ({
  type: 12,
  name,
  content: { items },
  ...more,
});
const workbook = (items: readonly Json[], more: Json = {}): Json => ({
  version: 'Notebook/1.0',
  items,
  fallbackResourceIds: [],
  fromTemplateId: 'sentinel-CopilotDemo',
  $schema: 'https://example.invalid/workbook.json',
  ...more,
});

function findings(json: Json): readonly string[] {
  const file = workbookFile('workbooks/demo.json', JSON.stringify(json, null, 1));
  if ('problem' in file) return [file.problem.message];
  return workbookFindings(file, known).map(({ code, message }) => `${code} ${message}`);
}

/** The items of a workbook around a query, so that only what a case is about is wrong. */
const around = (text: string, content: Json = {}): readonly Json[] => [filters(time), query('one', text, content)];

const tabBar = (...values: readonly string[]): Json => ({
  type: 11,
  name: 'bar',
  content: {
    style: 'tabs',
    links: values.map((subTarget) => ({
      linkTarget: 'parameter',
      cellValue: 'Tab',
      subTarget,
      linkLabel: `To ${subTarget}`,
    })),
  },
});
const behindTab = (value: string): Json => ({
  type: 1,
  name: `behind ${value}`,
  content: { json: 'x' },
  conditionalVisibility: { parameterName: 'Tab', comparison: 'isEqualTo', value },
});

const clean = workbook([
  filters(time, user),
  {
    type: 11,
    name: 'tabs',
    content: {
      style: 'tabs',
      links: [{ linkTarget: 'parameter', cellValue: 'Tab', subTarget: 'people', linkLabel: 'x' }],
    },
  },
  group(
    'people',
    [
      query(
        'people-list',
        `${CALL} | where '*' in ({User}) or ActorName in ({User}) | summarize Turns = count() by ActorName`,
        {
          exportFieldName: 'ActorName',
          exportParameterName: 'Chosen',
          gridSettings: {
            formatters: [{ columnMatch: 'Turns', formatter: 8, formatOptions: { palette: 'blue' } }],
            labelSettings: [{ columnId: 'ActorName', label: 'Person' }],
            sortBy: [{ itemKey: 'Turns', sortOrder: 2 }],
          },
        },
      ),
      query('person', `${CALL} | where ActorName == "{Chosen:escapejson}" | count`),
    ],
    { conditionalVisibility: { parameterName: 'Tab', comparison: 'isEqualTo', value: 'people' } },
  ),
]);

describe('workbookFindings', () => {
  it('finds nothing in a workbook that keeps every rule', () => expect(findings(clean)).toEqual([]));

  const cases: readonly { readonly what: string; readonly json: Json; readonly found: string }[] = [
    {
      what: 'a visualisation that is not rendered',
      json: workbook([...around(`${CALL} | count`, { visualization: 'map' }), query('two', `${CALL} | count`)]),
      found: 'KQL023 one: visualisation map is not rendered here',
    },
    {
      what: 'a formatter that is not rendered',
      json: workbook(
        around(`${CALL} | count`, { gridSettings: { formatters: [{ columnMatch: 'Count', formatter: 99 }] } }),
      ),
      found: 'KQL023 one: column Count: formatter 99',
    },
    {
      what: 'a template id of the portal',
      json: workbook(around(`${CALL} | count`), { fromTemplateId: 'sentinel-UserWorkbook' }),
      found: 'KQL023 fromTemplateId is "sentinel-UserWorkbook"',
    },
    {
      what: 'two items of one name',
      json: workbook([...around(`${CALL} | count`), query('one', `${CALL} | take 1`)]),
      found: 'KQL024 two items are named one',
    },
    {
      what: 'an item without a name',
      json: workbook([...around(`${CALL} | count`), { type: 1, content: { json: 'x' } }]),
      found: 'KQL024 an item without a name',
    },
    {
      what: 'a parameter that is declared twice',
      json: workbook([...around(`${CALL} | count`), { ...filters(time), name: 'more' }]),
      found: 'KQL024 parameter TimeRange is declared twice',
    },
    {
      what: 'a parameter that is set below its use',
      json: workbook([query('one', `${CALL} | count`), filters(time)]),
      found: 'KQL025 parameter TimeRange is used before it is set',
    },
    {
      what: 'a parameter that nothing uses',
      json: workbook([filters(time, { name: 'Idle', type: 10, jsonData: '["1"]' }), query('one', `${CALL} | count`)]),
      found: 'KQL025 nothing uses parameter Idle',
    },
    {
      what: 'a condition on a parameter that nobody sets',
      json: workbook([
        ...around(`${CALL} | count`),
        {
          type: 1,
          name: 'hidden',
          content: { json: 'x' },
          conditionalVisibility: { parameterName: 'Nobody', comparison: 'isEqualTo', value: '1' },
        },
      ]),
      found: 'KQL025 {Nobody} stands for no parameter',
    },
    {
      what: 'no message for no row',
      json: workbook(around(`${CALL} | count`, { noDataMessage: ' ' })),
      found: 'KQL026 one has no noDataMessage',
    },
    {
      what: 'more than 40 queries',
      json: workbook([
        filters(time),
        ...Array.from({ length: 41 }, (_, index) => query(`q${index}`, `${CALL} | count`)),
      ]),
      found: 'KQL027 41 queries are more than 40',
    },
    {
      what: 'more than 30 groups',
      json: workbook([
        ...around(`${CALL} | count`),
        ...Array.from({ length: 31 }, (_, index) => group(`g${index}`, [])),
      ]),
      found: 'KQL027 31 groups',
    },
    {
      what: 'more than 100 items',
      json: workbook([
        ...around(`${CALL} | count`),
        ...Array.from({ length: 99 }, (_, index) => ({ type: 1, name: `t${index}`, content: { json: 'x' } })),
      ]),
      found: 'KQL027 101 items',
    },
    {
      what: 'a query of more than 3,000 characters',
      json: workbook(around(`${CALL} | where ActorName != "${'x'.repeat(3_000)}" | count`)),
      found: 'KQL027 one: 3',
    },
    {
      what: 'a file of more than 100 KB',
      json: workbook([...around(`${CALL} | count`), { type: 1, name: 'long', content: { json: 'x'.repeat(102_400) } }]),
      found: 'KQL027 10',
    },
    { what: 'print', json: workbook(around(`${CALL} | union (print x = 1)`)), found: 'KQL027 one: print' },
    {
      what: 'datatable',
      json: workbook(around(`${CALL} | union (datatable(x:int)[1])`)),
      found: 'KQL027 one: datatable',
    },
    {
      what: 'somebody’s subscription',
      json: workbook(around(`${CALL} | count`, { crossComponentResources: ['/subscriptions/x'] })),
      found: 'KQL028 /subscriptions/',
    },
    {
      what: 'an address',
      json: workbook([
        ...around(`${CALL} | count`),
        { type: 1, name: 'see', content: { json: 'see http://contoso.example' } },
      ]),
      found: 'KQL028 http://',
    },
    {
      what: 'an item that Azure cuts at the end of the range',
      json: workbook(around(`${CALL} | count`, { timeContextFromParameter: 'TimeRange' })),
      found: 'KQL029 one is bound to TimeRange',
    },
    {
      what: 'an item that Azure cuts at a span of its own',
      json: workbook(around(`${CALL} | count`, { timeContext: { durationMs: 86_400_000 } })),
      found: 'KQL029 one: Azure adds a narrower span',
    },
    {
      what: 'a filter of TimeGenerated by the range',
      json: workbook(around(`${CALL} | where TimeGenerated {TimeRange} | count`)),
      found: 'KQL029 {TimeRange} would filter TimeGenerated',
    },
    {
      what: 'one call of several without a start',
      json: workbook(around(`union (${CALL}), (Demo() | where "a, (b" != ActorName) | count`)),
      found: 'KQL029 one: Demo has no start',
    },
    {
      what: 'a name without brackets, which reads all there is',
      json: workbook(around(`union (${CALL}), Demo | count`)),
      found: 'KQL029 one: Demo has no start',
    },
    {
      what: 'a call that reads the last days instead of the range',
      json: workbook(around(`union (${CALL}), Demo(ago(7d), {TimeRange:end}) | count`)),
      found: 'KQL029 one: Demo starts at ago(7d)',
    },
    {
      what: 'bounds that change places',
      json: workbook(around(`union (${CALL}), Demo({TimeRange:end}, {TimeRange:start}) | count`)),
      found: 'KQL029 one: Demo starts at the end of the range',
    },
    {
      what: 'a group that waits for a tab that is not there',
      json: workbook([...around(`${CALL} | count`), tabBar('a'), behindTab('a'), behindTab('c')]),
      found: 'KQL040 behind c waits for Tab = c, which no tab sets: write one of a',
    },
    {
      what: 'a tab with nothing behind it',
      json: workbook([...around(`${CALL} | count`), tabBar('a', 'b'), behindTab('a')]),
      found: 'KQL040 tab To b: nothing waits for Tab = b',
    },
    {
      what: 'a range without an end',
      json: workbook(around('Demo({TimeRange:start}) | count')),
      found: 'KQL029 one does not pass {TimeRange:end}',
    },
    {
      what: 'a grid’s column that the query does not answer',
      json: workbook(
        around(`${CALL} | count`, { gridSettings: { formatters: [{ columnMatch: 'Cuont', formatter: 1 }] } }),
      ),
      found:
        'KQL036 one: a column of the grid names Cuont, which the query does not answer by default; did you mean Count?',
    },
    {
      what: 'a chart’s axis that the query does not answer',
      json: workbook(around(`${CALL} | count`, { visualization: 'barchart', chartSettings: { xAxis: 'Day' } })),
      found: 'KQL036 one: the chart names Day',
    },
    {
      what: 'a tile’s column that the query does not answer',
      json: workbook(
        around(`${CALL} | count`, {
          visualization: 'tiles',
          tileSettings: { secondaryContent: { columnMatch: 'Trend', formatter: 21 } },
        }),
      ),
      found: 'KQL036 one: a tile names Trend',
    },
    {
      what: 'an export’s column that the query does not answer',
      json: workbook([
        ...around(`${CALL} | count`, { exportFieldName: 'Who', exportParameterName: 'Chosen' }),
        { type: 1, name: 'told', content: { json: '{Chosen}' } },
      ]),
      found: 'KQL036 one: what a chosen row sets names Who',
    },
    {
      what: 'a severity in another colour',
      json: workbook(
        around(`${CALL} | count`, {
          visualization: 'barchart',
          chartSettings: { seriesLabelSettings: [{ seriesName: 'High', color: 'green' }] },
        }),
      ),
      found: 'KQL037 one: severity High is green: write redBright',
    },
    {
      what: 'a chosen value outside of a literal that it cannot end',
      json: workbook([
        ...around(`${CALL} | summarize by ActorName`, { exportFieldName: 'ActorName', exportParameterName: 'Chosen' }),
        query('two', `${CALL} | where ActorName == '{Chosen}' | count`),
      ]),
      found: 'KQL038 two: a quote in {Chosen} would end the literal',
    },
    {
      what: 'a chosen value in double quotes that Azure would not escape',
      json: workbook([
        ...around(`${CALL} | summarize by ActorName`, { exportFieldName: 'ActorName', exportParameterName: 'Chosen' }),
        query('two', `${CALL} | where ActorName == "{Chosen}" | count`),
      ]),
      found: 'KQL038 two: a quote in {Chosen} would end the literal',
    },
    {
      what: 'a query that does not bind with the second choice',
      json: workbook([
        filters(time, { name: 'By', type: 10, jsonData: '["ActorName", "Nobody"]', value: 'ActorName' }),
        query('one', `${CALL} | summarize Turns = count() by {By}`),
      ]),
      found: 'KQL039 one with choice 2: KS142',
    },
    {
      what: 'a query that does not bind with All',
      json: workbook([
        filters(time, { ...user, quote: '', query: undefined, jsonData: '["ActorName"]', value: ['value::1'] }),
        query('one', `${CALL} | summarize Turns = count() by {User}`),
      ]),
      found: 'KQL039 one with All chosen',
    },
  ];

  it.for(cases)('finds $what', ({ json, found }) => {
    expect(findings(json)).toEqual(expect.arrayContaining([expect.stringContaining(found)]));
  });

  it('finds one thing in each of these workbooks', () => {
    const more = cases.filter(({ json }) => findings(json).length !== 1).map(({ what }) => what);
    expect(more).toEqual([]);
  });

  it.each([
    ['named bounds, whatever their order', 'Demo(endTime = {TimeRange:end}, startTime={TimeRange:start}) | count'],
    [
      'a start before the range',
      'Demo({TimeRange:start} - ({TimeRange:end} - {TimeRange:start}), {TimeRange:end}) | count',
    ],
    ['a start that is computed', `let t = {TimeRange:start};\nDemo(t, {TimeRange:end}) | count`],
    ['the name in a comment or a text', `// Demo() is a function.\n${CALL} | extend A = 'Demo()' | count`],
    ['a span of its own, with a reason', '// Not the time range: reports have their own days.\nDemo(ago(7d)) | count'],
  ])('takes %s', (_, text) =>
    expect(findings(workbook(around(text))).filter((found) => !found.includes('nothing uses'))).toEqual([]),
  );

  it('points at the text in the file, behind escapes and placeholders', () => {
    const text = JSON.stringify(
      workbook(around(`${CALL}\n| where ActorName == "x"\n| where TimeGenerated {TimeRange}`)),
    );
    const file = workbookFile('workbooks/demo.json', text);
    const [finding] = 'problem' in file ? [] : workbookFindings(file, known);
    expect(finding).toMatchObject({ line: 1, column: text.indexOf('{TimeRange}') + 1, code: 'KQL029' });
  });

  it('has rules with codes of their own and a sentence each', () => {
    expect(new Set(workbookRules.map(({ code }) => code)).size).toBe(workbookRules.length);
    for (const { code, title } of workbookRules) {
      expect(code).toMatch(/^KQL0(?:2[3-9]|3[6-9]|40)$/);
      expect(title).toMatch(/\.$/);
      expect(
        cases.some(({ found }) => found.startsWith(code)),
        code,
      ).toBe(true);
    }
  });
});
