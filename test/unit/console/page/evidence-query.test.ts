import { describe, expect, test } from 'vitest';
import { entityQuery, evidenceQuery, kqlText } from '../../../../workspace/console/page/incidents/evidence-query.ts';
import {
  completenessQuery,
  activityQuery,
  exposureQuery,
  usageQuery,
} from '../../../../workspace/console/page/overview/queries.ts';
import { overviewSpan } from '../../../../workspace/console/page/overview/span.ts';
import { examples } from '../../../../workspace/console/page/query/examples.ts';
import { workspaceEngine } from '../../../../workspace/workspace.ts';

const kql = workspaceEngine();
const hostile = 'x" or true // \\ \n | union *';
const now = new Date('2026-11-21T12:00:00Z');

describe('queries that the page asks', () => {
  test('a text from data is one literal', () => {
    const { rows } = kql.prepare(`print T = ${kqlText(hostile)}`).run({ now });
    expect(rows).toEqual([[hostile]]);
  });

  test('an alert without records has no query', () => {
    expect(evidenceQuery([])).toBeUndefined();
    expect(entityQuery({ type: 'File', identifiers: { Name: 'a.docx' } })).toBeUndefined();
  });

  test('a record is asked for once', () => {
    expect(evidenceQuery(['a', 'a', 'b'])?.match(/"[ab]"/g)).toEqual(['"a"', '"b"']);
  });

  const span = { from: '2026-01-01T00:00:00.000Z', to: '2026-03-01T00:00:00.000Z' };
  const spans = [overviewSpan(null), overviewSpan(span)];
  test.for([
    ['evidence', evidenceQuery(['a', hostile]) ?? ''],
    ['a person', entityQuery({ type: 'Account', identifiers: { FullName: hostile, AadUserId: hostile } }) ?? ''],
    ['an address', entityQuery({ type: 'IP', identifiers: { Address: hostile } }) ?? ''],
    ...spans.flatMap((one) =>
      [usageQuery, exposureQuery, activityQuery, completenessQuery].map(
        (query) => [`${query.name}, ${one.label}`, query(one)] as const,
      ),
    ),
    ...examples.map(({ title, query }) => [title, query] as const),
  ] as const)('%s runs on an empty workspace', ([, query]) => {
    expect(kql.prepare(query).run({ now }).columns.length).toBeGreaterThan(0);
  });

  test('a long export is drawn by day', () => {
    expect(spans.map(({ bin }) => bin)).toEqual(['1h', '1d']);
  });
});
