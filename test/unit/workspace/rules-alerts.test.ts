import { describe, expect, it } from 'vitest';
import type { Value } from '../../../kql/engine/values/types.ts';
import { toAlerts } from '../../../workspace/rules/to-alerts.ts';
import { noon, sampleRule } from './rules-sample.ts';

type Row = ReadonlyMap<string, Value>;
const row = (columns: Readonly<Record<string, Value>>): Row => new Map(Object.entries(columns));
const rows = (count: number): readonly Row[] =>
  Array.from({ length: count }, (_, index) => row({ Source: `s${index}`, ItemId: '' }));
const perResult = { eventGroupingSettings: { aggregationKind: 'AlertPerResult' } };

describe('the trigger', () => {
  it.for([
    ['gt', 2, [0, 0, 0, 1]],
    ['lt', 2, [1, 1, 0, 0]],
    ['eq', 2, [0, 0, 1, 0]],
    ['ne', 2, [1, 1, 0, 1]],
  ] as const)('%s %i over 0, 1, 2 and 3 rows', ([triggerOperator, triggerThreshold, expected]) => {
    const rule = sampleRule({ triggerOperator, triggerThreshold });
    expect(expected.map((_, count) => toAlerts(rule, rows(count), noon).length)).toEqual(expected);
  });
});

describe('event grouping', () => {
  it('makes one alert of all rows by default, one of each where the rule says so', () => {
    expect(toAlerts(sampleRule(), rows(3), noon).map(({ rowCount }) => rowCount)).toEqual([3]);
    expect(toAlerts(sampleRule(perResult), rows(3), noon).map(({ rowCount }) => rowCount)).toEqual([1, 1, 1]);
  });

  it('makes 150 alerts at most: the last stands for all rows', () => {
    const counts = (count: number): readonly number[] =>
      toAlerts(sampleRule(perResult), rows(count), noon).map(({ rowCount }) => rowCount);
    expect(counts(150)).toEqual(Array.from({ length: 150 }, () => 1));
    expect(counts(160)).toEqual([...Array.from({ length: 149 }, () => 1), 160]);
  });
});

describe('entities', () => {
  it('are each there once, in any casing, without identifiers that are empty', () => {
    const [alert] = toAlerts(
      sampleRule(),
      [
        row({ Source: 'kim@contoso.example', ItemId: '' }),
        row({ Source: 'Kim@contoso.example', ItemId: null }),
        row({ Source: '', ItemId: '' }),
        row({ Source: 'kim@contoso.example', ItemId: 'a' }),
      ],
      noon,
    );
    expect(alert?.entities).toEqual([
      { type: 'Account', identifiers: { FullName: 'kim@contoso.example' } },
      { type: 'Account', identifiers: { FullName: 'kim@contoso.example', AadUserId: 'a' } },
    ]);
  });

  it('are 500 at most', () => expect(toAlerts(sampleRule(), rows(600), noon)[0]?.entities).toHaveLength(500));
});

describe('custom details', () => {
  const rule = sampleRule({ customDetails: { RecordIds: 'Ids', Count: 'Count', Nothing: 'Nothing' } });

  it('hold values as text, items of arrays each once, and no key without a value', () => {
    const all = [row({ Ids: ['a', 'b'], Count: 2, Nothing: null }), row({ Ids: ['b', 'c'], Count: 3, Nothing: '' })];
    expect(toAlerts(rule, all, noon)[0]?.customDetails).toEqual({ RecordIds: ['a', 'b', 'c'], Count: ['2', '3'] });
  });

  it('hold 50 values at most', () => {
    const Ids = Array.from({ length: 60 }, (_, index) => `r${index}`);
    expect(toAlerts(rule, [row({ Ids })], noon)[0]?.customDetails['RecordIds']).toHaveLength(50);
  });
});

describe('overrides of an alert', () => {
  const rule = sampleRule({
    tactics: ['Impact'],
    relevantTechniques: ['T1485'],
    alertDetailsOverride: {
      alertDisplayNameFormat: '{{Source}} failed {{ Count }} times',
      alertDescriptionFormat: 'It is {{Source}}',
      alertSeverityColumnName: 'Severity',
      alertTacticsColumnName: 'Tactics',
    },
  });
  const alertOf = (columns: Readonly<Record<string, Value>>) => toAlerts(rule, [row(columns)], noon)[0];

  it('are filled from the first row', () => {
    expect(alertOf({ Source: 'feed', Count: 3, Severity: 'High', Tactics: 'Discovery, Collection' })).toMatchObject({
      name: 'feed failed 3 times',
      description: 'It is feed',
      severity: 'High',
      tactics: ['Discovery', 'Collection'],
    });
  });

  it("leave the rule's own where a column is empty or names nothing that Sentinel has", () => {
    expect(alertOf({ Source: 'feed', Count: null, Severity: 'Severe', Tactics: 'Mischief' })).toMatchObject({
      name: 'Many failures',
      description: 'It is feed',
      severity: 'Medium',
      tactics: ['Impact'],
    });
  });

  it('are cut to the lengths of Sentinel', () => {
    const alert = alertOf({ Source: 'x'.repeat(6000), Count: 1 });
    expect([alert?.name.length, alert?.description.length]).toEqual([256, 5000]);
  });
});
