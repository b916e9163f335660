import { describe, expect, it } from 'vitest';
import { lint, lintRules } from '../../../../kql/check/lint.ts';
import { schemas } from '../../../../kql/check/schemas.ts';
import type { ContentKind } from '../../../../kql/check/shipped-query.ts';

const known = schemas([
  { name: 'Events', parameters: '', body: 'CopilotAudit_CL' },
  { name: 'Small', parameters: '', body: 'Events | take 1' },
  { name: 'Huge', parameters: '', body: `Events | where ActorName !in ("${'x'.repeat(9_940)}")` },
  { name: 'ViaHuge', parameters: '', body: 'Huge' },
]);
const found = (text: string, kind: ContentKind): readonly string[] =>
  lint(text, kind, known).map(({ code, offset }) => `${code} at ${text.slice(offset, offset + 12)}`);
const codes = (text: string, kind: ContentKind): readonly string[] => lint(text, kind, known).map(({ code }) => code);

interface Case {
  readonly code: string;
  readonly what: string;
  readonly kind?: ContentKind;
  readonly fires: string;
  readonly silent: string;
}

const cases: readonly Case[] = [
  {
    code: 'KQL001',
    what: 'look-behind in matches regex',
    fires: `Events | where ActorName matches regex @'(?<=a)b'`,
    silent: `Events | where ActorName matches regex @'^[a-z]+\\d{2}$'`,
  },
  {
    code: 'KQL001',
    what: 'an open group in extract',
    fires: `Events | extend X = extract('(a', 1, ActorName)`,
    silent: `Events | extend X = extract('(a)', 1, ActorName)`,
  },
  {
    code: 'KQL001',
    what: 'extract_all without a group',
    fires: `Events | extend X = extract_all('[0-9]+', ActorName)`,
    silent: `Events | extend X = extract_all('([0-9]+)', ActorName)`,
  },
  {
    code: 'KQL001',
    what: 'the pattern of replace_regex, not its text or rewrite',
    fires: `Events | extend X = replace_regex(ActorName, '[', '')`,
    silent: `Events | extend X = replace_regex('[', 'a', '(')`,
  },
  {
    code: 'KQL001',
    what: 'a pattern of parse kind=regex',
    fires: `Events | parse kind=regex ActorName with '(' Name:string '@' *`,
    silent: `Events | parse ActorName with '(' Name:string '@' *`,
  },
  {
    code: 'KQL001',
    what: 'countof with a regex',
    fires: `Events | extend X = countof(ActorName, '*a', 'regex')`,
    silent: `Events | extend X = countof(ActorName, '*a')`,
  },
  {
    code: 'KQL002',
    what: 'prev after where',
    fires: `Events | where ActorName != '' | extend P = prev(ActorName)`,
    silent: `Events | sort by EventTime asc | where ActorName != '' | extend P = prev(ActorName)`,
  },
  {
    code: 'KQL002',
    what: 'row_number after a summarize that undoes the sort',
    fires: `Events | sort by EventTime | summarize N = count() by ActorName | extend R = row_number()`,
    silent: `Events | summarize N = count() by ActorName | serialize R = row_number()`,
  },
  {
    code: 'KQL002',
    what: 'row_cumsum within mv-apply',
    fires: `Events | mv-apply N = dynamic([1, 2]) to typeof(long) on (extend S = row_cumsum(N))`,
    silent: `Events | mv-apply N = dynamic([1, 2]) to typeof(long) on (sort by N asc | extend S = row_cumsum(N))`,
  },
  {
    code: 'KQL002',
    what: 'a let that has no order',
    fires: `let E = Events | project EventTime;\nE | extend N = next(EventTime)`,
    silent: `let E = Events | sort by EventTime asc;\nE | extend N = next(EventTime)`,
  },
  {
    code: 'KQL003',
    what: 'a join without kind',
    fires: `Events | join (Small) on RecordId`,
    silent: `Events | join kind=innerunique (Small) on RecordId`,
  },
  {
    code: 'KQL003',
    what: 'a join with another parameter only',
    fires: `Events | join hint.strategy=shuffle (Small) on RecordId`,
    silent: `Events | lookup (Small) on RecordId`,
  },
  {
    code: 'KQL004',
    what: 'contains with a whole term',
    fires: `Events | where AppHost contains "Teams"`,
    silent: `Events | where AppHost contains "Team-" and AppHost has "Teams" and AppHost contains "ab"`,
  },
  {
    code: 'KQL004',
    what: '!contains with a term in a let',
    fires: `let term = "Teams";\nEvents | where AppHost !contains term`,
    silent: `let term = "a Teams";\nEvents | where AppHost !contains term`,
  },
  {
    code: 'KQL005',
    what: 'a table without any filter',
    fires: `SigninLogs | where UserPrincipalName != ""`,
    silent: `SigninLogs | where UserPrincipalName != "" | where TimeGenerated > ago(1d)`,
  },
  {
    code: 'KQL005',
    what: 'a filter that comes after summarize',
    fires: `SigninLogs | summarize N = count() by D = bin(TimeGenerated, 1d) | where D > ago(1d)`,
    silent: `SigninLogs | where ingestion_time() > ago(1h) | summarize count() by bin(TimeGenerated, 1d)`,
  },
  {
    code: 'KQL005',
    what: 'the right side of a join',
    fires: `SigninLogs | where TimeGenerated > ago(1d) | join kind=inner (AuditLogs) on CorrelationId | where TimeGenerated > ago(1d)`,
    silent: `SigninLogs | where TimeGenerated > ago(1d) | join kind=inner (AuditLogs | where TimeGenerated > ago(1d)) on CorrelationId`,
  },
  {
    code: 'KQL005',
    what: 'a let that is never filtered',
    fires: `let S = SigninLogs | project TimeGenerated;\nS | count`,
    silent: `let S = SigninLogs | project TimeGenerated;\nS | where TimeGenerated between (ago(2d) .. ago(1d)) | count`,
  },
  {
    code: 'KQL005',
    what: 'a union; in a workbook the range is set outside',
    fires: `union SigninLogs, (Events | project TimeGenerated) | count`,
    silent: `union SigninLogs, (Events | project TimeGenerated) | where TimeGenerated > ago(1h) | count`,
  },
  {
    code: 'KQL006',
    what: 'search *',
    fires: `Events | search *`,
    silent: `Events | search "Block"`,
  },
  {
    code: 'KQL006',
    what: 'search without tables',
    fires: `search "adele"`,
    silent: `search in (Events) "adele"`,
  },
  {
    code: 'KQL007',
    what: 'union *',
    fires: `union * | where TimeGenerated > ago(1d) | count`,
    silent: `union withsource=T Events, Small | count`,
  },
  {
    code: 'KQL007',
    what: 'union of a prefix',
    fires: `union Signin* | where TimeGenerated > ago(1d) | count`,
    silent: `union (Events | project-away *Id) | count`,
  },
  {
    code: 'KQL008',
    what: 'a function that makes it too long, through another',
    fires: `ViaHuge | where ActorName != "somebody"`,
    silent: `Huge`,
  },
  {
    code: 'KQL009',
    what: 'the text of a prompt',
    fires: `Events | mv-expand M = LLMEventData.Messages | extend T = tostring(M.Text)`,
    silent: `Events | mv-expand M = LLMEventData.Messages | extend T = tolong(M.Size), P = LLMEventData.PromptText`,
  },
  {
    code: 'KQL009',
    what: 'tokens, behind parse_json',
    fires: `Events | extend N = tolong(parse_json(tostring(LLMEventData)).TotalTokens)`,
    silent: `Events | extend N = tolong(AppAccessContext.TotalTokens)`,
  },
  {
    code: 'KQL010',
    what: 'a misspelt array',
    fires: `Events | extend N = array_length(LLMEventData.Mesages)`,
    silent: `Events | extend N = array_length(LLMEventData.Messages)`,
  },
  {
    code: 'KQL010',
    what: 'a property of an array',
    fires: `Events | extend N = LLMEventData.AccessedResources.Name`,
    silent: `Events | extend N = LLMEventData.AccessedResources[0].Name`,
  },
  {
    code: 'KQL010',
    what: 'an item of mv-expand without a name of its own',
    fires: `Events | extend Messages = LLMEventData.Messages | mv-expand Messages | extend J = Messages.JailBreakDetected`,
    silent: `Events | extend Messages = LLMEventData.Messages | mv-expand Messages | extend J = Messages.JailbreakDetected`,
  },
  {
    code: 'KQL010',
    what: 'an item of mv-apply, in brackets',
    fires: `Events | mv-apply R = LLMEventData.AccessedResources on (mv-expand P = R.PolicyDetails | where P["PolicyNam"] != "")`,
    silent: `Events | mv-apply R = LLMEventData.AccessedResources on (mv-expand P = R.PolicyDetails | where P["PolicyName"] != "")`,
  },
  {
    code: 'KQL010',
    what: 'a property of a value; a name with two meanings is left alone',
    fires: `Events | extend A = LLMEventData.Contexts[0] | where A.Id.Nothing == 1`,
    silent: `Events | extend A = LLMEventData.Contexts[0] | extend A = AppAccessContext | where A.Nothing == 1`,
  },
  {
    code: 'KQL010',
    what: 'a name that had another meaning before is left alone',
    fires: `Events | extend A = LLMEventData.Contexts[0] | where A.Nothing == 1`,
    silent: `Events | extend A = AppAccessContext | where A.Nothing == 1 | extend A = LLMEventData.Contexts[0]`,
  },
  {
    code: 'KQL005',
    what: 'a table that a pipe unites with another',
    fires: `Events | union AuditLogs | where ActorName != ""`,
    silent: `Events | union AuditLogs | where TimeGenerated > ago(1d)`,
  },
  {
    code: 'KQL010',
    what: 'another casing, but as the second choice',
    fires: `Events | extend N = array_length(coalesce(LLMEventData.messages, LLMEventData.Messages))`,
    silent: `Events | extend N = array_length(coalesce(LLMEventData.Messages, LLMEventData.messages))`,
  },
  {
    code: 'KQL010',
    what: 'an item of what coalesce gives',
    fires: `Events | extend Ms = coalesce(LLMEventData.Messages, LLMEventData.messages) | mv-expand M = Ms | extend S = M.Sizes`,
    silent: `Events | extend Ms = coalesce(LLMEventData.Messages, LLMEventData.messages) | mv-expand M = Ms | extend S = coalesce(tolong(M.Size), tolong(M.size))`,
  },
  {
    code: 'KQL010',
    what: "Microsoft's raw records",
    fires: `CloudAppEvents | where TimeGenerated > ago(1d) | extend H = RawEventData.CopilotEventData.AppHst`,
    silent: `CloudAppEvents | where TimeGenerated > ago(1d) | extend H = RawEventData.CopilotEventData.AppHost, W = RawEventData.Anything`,
  },
  {
    code: 'KQL011',
    what: 'a plugin',
    fires: `Events | evaluate python(typeof(*), "result = df")`,
    silent: `Events | evaluate bag_unpack(AppAccessContext)`,
  },
  {
    code: 'KQL011',
    what: 'who asks',
    fires: `Events | where ActorName == current_principal()`,
    silent: `Events | where ActorName == "current_principal()"`,
  },
  {
    code: 'KQL011',
    what: 'query parameters',
    fires: `declare query_parameters(days:int = 1);\nEvents | take days`,
    silent: `let days = 1;\nEvents | take days`,
  },
  {
    code: 'KQL012',
    what: 'a wrong value',
    fires: `Events | where PolicyOutcome == "block"`,
    silent: `Events | where PolicyOutcome == "blocked" or PolicyOutcome == ""`,
  },
  {
    code: 'KQL012',
    what: 'the casing of ==, not of =~',
    fires: `Events | where InteractionType in ("chat", "File")`,
    silent: `Events | where InteractionType in~ ("Chat", "file")`,
  },
  {
    code: 'KQL012',
    what: 'a column name that other tables have only where ours is read',
    kind: 'function',
    fires: `let F = () { CopilotEntities_CL | where Kind == "person" };`,
    silent: `let F = () { datatable(Kind:string)["person"] | where Kind == "person" };`,
  },
  {
    code: 'KQL013',
    what: 'our table in a rule',
    kind: 'rule',
    fires: `CopilotAudit_CL | where TimeGenerated > ago(1h)`,
    silent: `let CopilotAudit_CL = Events;\nCopilotAudit_CL | where TimeGenerated > ago(1h)`,
  },
  {
    code: 'KQL013',
    what: 'our table in a workbook',
    kind: 'workbook',
    fires: `union Events, CopilotHealth_CL`,
    silent: `union Events, CopilotActivity`,
  },
];

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
    const [remark] = lint('Events | extend N = LLMEventData.Messages[0].isPromt', 'hunting', known);
    expect(remark?.message).toContain('did you mean isPrompt?');
  });
});
