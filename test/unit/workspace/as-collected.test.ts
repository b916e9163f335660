import { describe, expect, it } from 'vitest';
import { fromJsonRows } from '../../../kql/engine/json-rows.ts';
import { rowOf, type Relation } from '../../../kql/engine/relation.ts';
import type { TableRows } from '../../../kql/engine/table-reader.ts';
import { formatJson } from '../../../kql/engine/values/json.ts';
import { sliceEnds, tablesAsCollected } from '../../../workspace/rules/as-collected.ts';
import { prepareRule, runRule } from '../../../workspace/rules/run-rule.ts';
import { sparseEngine } from '../../../workspace/rules/rule-workspace.ts';
import { schemaOf } from '../../../workspace/workspace.ts';
import { sampleRule } from './rules-sample.ts';

const end = Date.parse('2026-09-15T00:00:00Z');
const slices = { endMs: end, lengthMs: 7 * 86_400_000 };
const imported = '2026-11-20T08:00:00Z';

const audit = (...times: readonly string[]): Relation =>
  fromJsonRows(
    schemaOf('CopilotAudit_CL'),
    times.map((EventTime, index) => ({
      RecordId: `r${index}`,
      EventTime,
      TimeGenerated: imported,
      _TimeReceived: imported,
      IsBackfill: true,
    })),
  );

const shown = (rows: TableRows | undefined): readonly Readonly<Record<string, string>>[] => {
  const relation = typeof rows === 'function' ? rows(new Set()) : rows;
  if (relation === undefined) throw new Error('no such table');
  const wanted = ['TimeGenerated', '_TimeReceived', 'IsBackfill'];
  return Array.from({ length: relation.length }, (_, row) => {
    const cells = rowOf(relation, row);
    return Object.fromEntries(
      relation.columns.flatMap(({ name }, index) =>
        wanted.includes(name) ? [[name, formatJson(cells[index] ?? null).replaceAll('"', '')]] : [],
      ),
    );
  });
};

describe('rows as they would have been collected', () => {
  it('come in at the end of the week of their event, young ones with their own time, and are no backfill', () => {
    const tables = tablesAsCollected(
      {
        CopilotAudit_CL: audit(
          '2026-09-14T12:00:00Z',
          '2026-09-09T00:00:00Z',
          '2026-09-08T00:00:00Z',
          '2026-09-07T23:59:59Z',
        ),
      },
      slices,
    );
    const last = '2026-09-14T23:59:59.9990000Z';
    const before = '2026-09-07T23:59:59.9990000Z';
    expect(shown(tables['CopilotAudit_CL'])).toEqual([
      { TimeGenerated: '2026-09-14T12:00:00.0000000Z', _TimeReceived: last, IsBackfill: 'false' },
      { TimeGenerated: last, _TimeReceived: last, IsBackfill: 'false' },
      // The start of a week belongs to it.
      { TimeGenerated: last, _TimeReceived: last, IsBackfill: 'false' },
      { TimeGenerated: '2026-09-07T23:59:59.0000000Z', _TimeReceived: before, IsBackfill: 'false' },
    ]);
  });

  it('stay what they are in every other column, and so do other tables', () => {
    const health = fromJsonRows(schemaOf('CopilotHealth_CL'), [{ TimeGenerated: imported, _TimeReceived: imported }]);
    const source = audit('2026-09-14T12:00:00Z');
    const tables = tablesAsCollected({ CopilotAudit_CL: source, CopilotHealth_CL: health }, slices);
    expect(tables['CopilotHealth_CL']).toBe(health);
    const seen = tables['CopilotAudit_CL'];
    if (seen === undefined || typeof seen === 'function') throw new Error('not a relation');
    const changed = seen.columns.filter(({ at }, index) => at !== source.columns[index]?.at).map(({ name }) => name);
    expect(changed.toSorted()).toEqual(['IsBackfill', 'TimeGenerated', '_TimeReceived']);
  });

  it('ask a lazy table for the time of the event, whatever the query names', () => {
    const asked: string[][] = [];
    const lazy: TableRows = (wanted) => {
      asked.push([...wanted]);
      return audit('2026-09-14T12:00:00Z');
    };
    const table = tablesAsCollected({ CopilotAudit_CL: lazy }, slices)['CopilotAudit_CL'];
    if (typeof table !== 'function') throw new Error('not lazy');
    table(new Set(['RecordId']));
    expect(asked).toEqual([['RecordId', 'EventTime']]);
  });

  it('are new to the rule that runs at the end of their week, and to no other one', () => {
    const tables = tablesAsCollected(
      { CopilotAudit_CL: audit('2026-09-09T00:00:00Z', '2026-09-02T00:00:00Z', '2026-09-14T23:59:59Z') },
      slices,
    );
    const rule = sampleRule({
      queryPeriod: '47h',
      query: `CopilotAudit_CL | where ingestion_time() >= ago(25m) and not(IsBackfill) | project RecordId, ItemId = RecordId, Source = '', Ids = RecordId`,
      entityMappings: undefined,
    });
    const outcome = prepareRule(sparseEngine([]), rule);
    if (!outcome.ok) throw new Error(outcome.failure.reason);
    const found = sliceEnds(Date.parse('2026-09-02T00:00:00Z'), slices).map((at) => {
      const run = runRule(outcome.prepared, { at, tables });
      return run.ok ? run.result.rows.map(([id]) => id) : run.failure.reason;
    });
    expect(found).toEqual([['r0', 'r2'], ['r1']]);
  });
});

describe('slices', () => {
  it('are as many as the span needs, the newest first', () => {
    const days = (count: number): number => end - count * 86_400_000;
    expect(sliceEnds(days(1), slices)).toHaveLength(1);
    expect(sliceEnds(days(7), slices)).toHaveLength(1);
    expect(sliceEnds(days(7) - 1, slices)).toEqual([new Date(end), new Date(days(7))]);
  });
});
