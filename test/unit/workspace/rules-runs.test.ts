import { describe, expect, it } from 'vitest';
import type { JsonRow } from '../../../kql/engine/json-rows.ts';
import { evaluateRule, scheduleOf } from '../../../workspace/rules/runner.ts';
import { prepareRule, type PreparedRule, runRule } from '../../../workspace/rules/run-rule.ts';
import { sparseEngine } from '../../../workspace/rules/rule-workspace.ts';
import { atMinute, healthTable, noon, sampleRule } from './rules-sample.ts';

const engine = sparseEngine([]);

function prepared(changes: object = {}): PreparedRule {
  const outcome = prepareRule(engine, sampleRule(changes));
  if (!outcome.ok) throw new Error(outcome.failure.reason);
  return outcome.prepared;
}

function sourcesAt(
  rule: PreparedRule,
  rows: readonly JsonRow[],
  reading?: 'scheduled' | 'delayed',
): readonly unknown[] {
  const outcome = runRule(rule, {
    at: noon,
    tables: healthTable(...rows),
    ...(reading === undefined ? {} : { reading }),
  });
  if (!outcome.ok) throw new Error(outcome.failure.reason);
  return outcome.result.rows.map((row) => row[1]);
}

describe('a run', () => {
  it('sees rows of its period by TimeGenerated: the start is in it, the end is not', () => {
    const rows = [-61, -60, -1, 0].map((minute) => ({ TimeGenerated: atMinute(minute), Source: String(minute) }));
    expect(sourcesAt(prepared(), rows)).toEqual(['-60', '-1']);
  });

  it('sees rows that had come in when it ran, five minutes after it was due', () => {
    const rows = [-5, 5, 6].map((minute) => ({
      TimeGenerated: atMinute(-10),
      _TimeReceived: atMinute(minute),
      Source: String(minute),
    }));
    expect(sourcesAt(prepared(), rows)).toEqual(['-5', '5']);
    expect(sourcesAt(prepared(), [{ TimeGenerated: atMinute(-10), _TimeReceived: null, Source: 'x' }])).toEqual(['x']);
  });

  it('takes now() for the scheduled time or for the time at which it runs', () => {
    const query = 'CopilotHealth_CL | project TimeGenerated, Source = tostring(now()), ItemId';
    const rows = [{ TimeGenerated: atMinute(-10) }];
    expect(sourcesAt(prepared({ query }), rows)).toEqual(['2026-09-02T12:00:00.0000000Z']);
    expect(sourcesAt(prepared({ query }), rows, 'delayed')).toEqual(['2026-09-02T12:05:00.0000000Z']);
  });

  it.for([
    [
      'a table that the workspace has not',
      'SigninLogs | project Source = Identity, ItemId = Id',
      /^line 1, column 1: KS\d+: .*SigninLogs/,
    ],
    ['a function that the workspace has not', 'CopilotEventz() | project Source, ItemId = RecordId', /CopilotEventz/],
  ] as const)('is refused before it starts, with the reason: %s', ([, query, reason]) => {
    const outcome = prepareRule(engine, sampleRule({ query }));
    expect(outcome).toMatchObject({
      ok: false,
      failure: { rule: 'sample', reason: expect.stringMatching(reason) as unknown },
    });
  });

  it('binds to a table that the workspace has', () => {
    const query = 'SigninLogs | project Source = Identity, ItemId = Id';
    expect(prepareRule(sparseEngine(['SigninLogs']), sampleRule({ query })).ok).toBe(true);
  });

  it('that costs too much fails with the reason', () => {
    const outcome = runRule(
      prepared({
        query: 'range Source from 1 to 100000 step 1 | summarize Source = max(Source) by ItemId = tostring(Source)',
      }),
      {
        at: noon,
        tables: {},
        limits: { rows: 10 },
      },
    );
    expect(outcome).toMatchObject({ ok: false, failure: { reason: expect.stringContaining('budget: ') as unknown } });
  });
});

describe('a schedule', () => {
  it('is one time, or the whole multiples of the frequency with both ends', () => {
    const between = { from: new Date(atMinute(-1)), to: new Date(atMinute(30)) };
    expect(scheduleOf(sampleRule(), { now: new Date(atMinute(7)) })).toEqual([new Date(atMinute(7))]);
    expect(scheduleOf(sampleRule(), between)).toEqual([0, 15, 30].map((minute) => new Date(atMinute(minute))));
    expect(scheduleOf(sampleRule({ queryFrequency: '1h' }), between)).toEqual([noon]);
    expect(scheduleOf(sampleRule(), { from: new Date(atMinute(1)), to: new Date(atMinute(14)) })).toEqual([]);
  });

  const times = { from: noon, to: new Date(atMinute(60)) };
  const tables = healthTable({ TimeGenerated: atMinute(-5), Source: 'a' });
  const raisedAt = (changes: object): readonly string[] =>
    evaluateRule(prepared(changes), times, { tables }).alerts.map(({ time }) => time.toISOString());

  it('raises alerts at each run that fires', () => {
    expect(raisedAt({ queryPeriod: '30m' })).toEqual([0, 15].map(atMinute));
  });

  it('rests after an alert for the time of suppression', () => {
    expect(raisedAt({ suppressionEnabled: true, suppressionDuration: '30m' })).toEqual([0, 30].map(atMinute));
  });

  it('goes on after a run that fails, and tells the first one and its reason', () => {
    const broken = {
      get CopilotHealth_CL(): never {
        throw new Error('no such file');
      },
    };
    expect(evaluateRule(prepared(), times, { tables: broken })).toEqual({
      alerts: [],
      failure: { rule: 'sample', reason: 'run of 2026-09-02T12:00:00.000Z: no such file' },
    });
  });
});
