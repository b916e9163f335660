import { describe, expect, it } from 'vitest';
import { lint, lintRules } from '../../../../kql/check/lint.ts';
import { schemas } from '../../../../kql/check/schemas.ts';
import type { ContentKind } from '../../../../kql/check/shipped-query.ts';
import { payloadCases } from './lint-cases/payload-cases.ts';
import { syntaxCases } from './lint-cases/syntax-cases.ts';
import { timeCases } from './lint-cases/time-cases.ts';

const known = schemas([
  { name: 'Events', parameters: '', body: 'CopilotAudit_CL' },
  { name: 'Small', parameters: '', body: 'Events | take 1' },
  { name: 'Huge', parameters: '', body: `Events | where ActorName !in ("${'x'.repeat(20_000)}")` },
  {
    name: 'Ranged',
    parameters: 'note:string="a,b:c", startTime:datetime=datetime(null), endTime:datetime=datetime(null)',
    body: `CopilotAudit_CL
| where isnull(startTime) or TimeGenerated >= startTime
| extend IngestedAt = ingestion_time()`,
  },
  {
    name: 'Resources',
    parameters: '',
    body: 'Events | extend Resource = LLMEventData.AccessedResources | mv-expand Resource | extend Policies = Resource.PolicyDetails',
  },
  { name: 'ViaResources', parameters: '', body: 'Resources | where isnotnull(Resource)' },
]);
const found = (text: string, kind: ContentKind): readonly string[] =>
  lint(text, kind, known).map(({ code, offset }) => `${code} at ${text.slice(offset, offset + 12)}`);
const codes = (text: string, kind: ContentKind): readonly string[] => lint(text, kind, known).map(({ code }) => code);

const cases = [...syntaxCases, ...timeCases, ...payloadCases];

describe.for(cases)('$code: $what', ({ code, fires, silent, kind = 'hunting' }) => {
  it('fires', () => expect(codes(fires, kind)).toEqual([code]));

  it('is silent on the near miss', () => expect(found(silent, kind)).toEqual([]));

  it('can be allowed above its line, with a reason', () => {
    const [remark] = lint(fires, kind, known);
    const line = fires.slice(0, remark?.offset).split('\n').length - 1;
    const allowed = fires.split('\n').toSpliced(line, 0, `  // allow ${code}: the test wants it`).join('\n');
    expect(codes(allowed, kind)).toEqual([]);
  });
});

describe('lint', () => {
  it('has a firing case for every rule', () => {
    expect(new Set(cases.map(({ code }) => code))).toEqual(new Set(lintRules.map(({ code }) => code)));
    expect(lintRules.map(({ code }) => code)).toEqual(lintRules.map(({ code }) => code).toSorted());
  });

  it('wants a reason for what a comment allows, and something to allow', () => {
    const query = (comment: string): string => `${comment}\nEvents | join (Small) on RecordId`;
    expect(codes(query('// allow KQL003'), 'hunting')).toEqual(['KQL015', 'KQL003']);
    expect(codes(query('// allow KQL004: no such thing'), 'hunting')).toEqual(['KQL015', 'KQL003']);
    expect(codes(query('// allow KQL003: far away\n'), 'hunting')).toEqual(['KQL015', 'KQL003']);
  });

  it('lets comments stack, one code each', () => {
    const text = `// allow KQL003: a\n// allow KQL005: b\nSigninLogs | join (Small) on $left.Id == $right.RecordId`;
    expect(codes(text, 'hunting')).toEqual([]);
  });

  it('asks for time filters in hunts and rules only', () => {
    expect(codes('SigninLogs', 'rule')).toEqual(['KQL005']);
    expect(codes('SigninLogs', 'workbook')).toEqual([]);
    expect(codes('let F = () { SigninLogs };', 'function')).toEqual([]);
  });

  it('leaves calls without a start to functions', () =>
    expect(codes('let F = () { Ranged | where EventTime > ago(1d) };', 'function')).toEqual([]));

  it('lets functions read our tables', () =>
    expect(codes('let F = () { CopilotAudit_CL | project EventTime };', 'function')).toEqual([]));

  it.for([
    ['Events | where ActorNam == ""', 'KS142', 'did you mean ActorName?'],
    ['Events | extend EventType2 = 1 | where EventTyp2 == 1', 'KS142', 'did you mean EventType2?'],
    ['SigninLog | where TimeGenerated > ago(1d)', 'KS204', 'did you mean SigninLogs?'],
    ['Evnts', 'KS142', 'did you mean Events?'],
    ['Smal() | count', 'KS211', 'did you mean Small?'],
  ] as const)('names the nearest known name: %s', ([text, code, hint]) => {
    const [remark, ...rest] = lint(text, 'hunting', known);
    expect(remark).toMatchObject({ code, message: expect.stringContaining(hint) as string });
    expect(rest).toEqual([]);
  });

  it('takes a table that only some workspaces have for a finding, unless it is allowed', () => {
    const text = 'union isfuzzy=true Events,\n  NoSuchTable';
    expect(codes(text, 'hunting')).toEqual(['KS205']);
    expect(codes(text.replace('\n', '\n  // allow KS205: made by another product\n'), 'hunting')).toEqual([]);
  });

  it('says what a property might have been', () => {
    const [remark] = lint('Events | mv-expand M = LLMEventData.Messages | extend N = M.isPromt', 'hunting', known);
    expect(remark?.message).toContain('did you mean isPrompt?');
  });
});
