/** Which rules are blind in a workspace. What rules need is read from their files here once more. */
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { readWatchlistRows, watchlistRows } from '../../../../workspace/rules/watchlist-rows.ts';
import { activityRow, ask, auditRow, interaction, type Tables, valuesOf } from './workspace-of.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const fields = globSync('analytics-rules/*.yaml', { cwd: root }).flatMap((path) => {
  const { tags } = parse(readFileSync(`${root}/${path}`, 'utf8')) as { readonly tags: readonly string[] };
  return tags.flatMap((tag) =>
    tag.startsWith('field:') ? [{ rule: basename(path, '.yaml'), field: tag.slice('field:'.length) }] : [],
  );
});
const rulesOf = (field: string): readonly string[] =>
  fields
    .filter((one) => one.field === field)
    .map(({ rule }) => rule)
    .toSorted();

/** An interaction with every field that is not documented. */
const everything = {
  Messages: [{ Id: '1', isPrompt: true, JailbreakDetected: false }],
  AccessedResources: [
    { Name: 'Plan.docx', XPIADetected: false, PolicyDetails: [{ PolicyId: 'p' }] },
    { Name: 'Block', Type: 'SecurityWebhook' },
  ],
  DLPEvaluationDeferred: 0,
};
const changes = { AgentId: 'CopilotStudio.Declarative.agent', AppIdentity: 'Copilot.BizChat' };
const lists = [...readWatchlistRows(`${root}/watchlists`).keys()];
const filled = lists.flatMap((alias) => watchlistRows(alias, [{ SearchKey: 'one', Enabled: 'true' }]));
const others = [
  'AADUserRiskEvents',
  'BehaviorAnalytics',
  'EmailEvents',
  'MicrosoftGraphActivityLogs',
  'OfficeActivity',
  'SecurityAlert',
  'SigninLogs',
  'ThreatIntelIndicators',
] as const;
const otherRows = Object.fromEntries(others.map((name) => [name, [{ TimeGenerated: '2026-09-01T08:00:00Z' }]]));
const whole: Tables = {
  ...otherRows,
  CopilotAudit_CL: [auditRow(interaction(1, everything, changes))],
  Watchlist: filled,
};

const withEvent = (event: object, own: object = changes): Tables => ({
  ...whole,
  CopilotAudit_CL: [auditRow(interaction(1, { ...everything, ...event }, { ...own }))],
});
const verdicts = (tables: Tables, where = 'true'): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    ask(`CopilotRuleCoverage | where ${where} | summarize take_any(RuleVerdict) by Rule`, tables).map((row) => [
      row.Rule,
      row.RuleVerdict,
    ]),
  );
const withVerdict = (tables: Tables, verdict: string): readonly string[] =>
  Object.entries(verdicts(tables)).flatMap(([rule, said]) => (said === verdict ? [rule] : []));

describe('CopilotRuleCoverage', () => {
  it('says of every rule with such a field what it needs', () => {
    const found = ask('CopilotRuleCoverage | where Kind == "field"').map(
      ({ Rule, Need }) => `${String(Rule)} ${String(Need)}`,
    );
    expect(found.toSorted()).toEqual(fields.map(({ rule, field }) => `${rule} ${field}`).toSorted());
    expect(found.length).toBeGreaterThan(10);
  });

  it('sees, where all is there', () => {
    expect(new Set(Object.values(verdicts(whole)))).toEqual(new Set(['sees']));
  });

  test.for([
    ['XPIADetected', { AccessedResources: [everything.AccessedResources[1], { PolicyDetails: [] }] }, changes],
    ['PolicyDetails', { AccessedResources: [everything.AccessedResources[1], { XPIADetected: true }] }, changes],
    ['AccessedResources.Name=Block', { AccessedResources: [everything.AccessedResources[0]] }, changes],
    ['JailbreakDetected', { Messages: [{ Id: '1', isPrompt: true }] }, changes],
    ['DLPEvaluationDeferred', { DLPEvaluationDeferred: undefined }, changes],
    ['AgentId', {}, { ...changes, AgentId: undefined }],
    ['AppIdentity', {}, { ...changes, AppIdentity: undefined }],
  ] as const)('a tenant that never sends %s makes exactly the rules that need it blind', ([field, event, own]) => {
    const tables = withEvent(event, own);
    const unseen = ask('CopilotRuleCoverage | where Verdict != "seen"', tables);
    expect(valuesOf(unseen, 'Rule')).toEqual(rulesOf(field));
    expect(unseen).toEqual(
      unseen.map((row) => ({ ...row, Need: field, Verdict: 'never seen', SeenCount: 0, LastSeen: null })),
    );
    // Who needs nothing else is blind; who can see by another field or table is so in part.
    const hasOther = (rule: string): boolean =>
      fields.some((one) => one.rule === rule && one.field !== field) || rule === 'initial-access-vip-targeted';
    const need = rulesOf(field);
    expect(need.length).toBeGreaterThan(0);
    expect(withVerdict(tables, 'blind').toSorted()).toEqual(need.filter((rule) => !hasOther(rule)));
    expect(withVerdict(tables, 'partly blind').toSorted()).toEqual(need.filter(hasOther));
  });

  it('counts a value as seen, false too, and null as not', () => {
    const rows = [
      auditRow(interaction(1, { AccessedResources: [{ XPIADetected: false }] })),
      auditRow(interaction(2, { AccessedResources: [{ XPIADetected: null }] })),
      auditRow(interaction(3, { AccessedResources: [{ Name: '"XPIADetected":true' }] })),
      activityRow(
        interaction(4, { AccessedResources: [{ xpiaDetected: 'True' }] }, { CreationTime: '2026-09-01T10:00:00' }),
      ),
    ];
    const query = 'CopilotRuleCoverage | where Need == "XPIADetected" | distinct SeenCount, LastSeen, Verdict';
    expect(ask(query, { CopilotAudit_CL: rows.slice(0, 3), CopilotActivity: rows.slice(3) })).toEqual([
      { SeenCount: 2, LastSeen: '2026-09-01T10:00:00Z', Verdict: 'seen' },
    ]);
    expect(ask(query, { CopilotAudit_CL: rows.slice(1, 3) })).toEqual([
      { SeenCount: 0, LastSeen: null, Verdict: 'never seen' },
    ]);
  });

  it('tells a workspace without interactions from a field that never came', () => {
    const query = 'CopilotRuleCoverage | where Kind == "field" | distinct Verdict';
    const admin = auditRow({
      ...interaction(1),
      Operation: 'UpdateCopilotSettings',
      RecordType: 325,
      CopilotEventData: undefined,
    });
    for (const rows of [[], [admin]])
      expect(ask(query, { CopilotAudit_CL: rows, Watchlist: filled })).toEqual([{ Verdict: 'no events' }]);
    expect(verdicts({ Watchlist: filled })['defense-evasion-jailbreak-verdict']).toBe('no events');
  });

  it('looks from startTime on', () => {
    const query = (from: string) =>
      `CopilotRuleCoverage(datetime(${from})) | where Verdict == "seen" and Kind != "watchlist" | count`;
    expect(ask(query('2026-09-01T07:00:00Z'), whole)[0]?.Count).toBeGreaterThan(20);
    expect(ask(query('2026-09-01T10:00:00Z'), whole)).toEqual([{ Count: 0 }]);
  });

  it.for([
    ['BehaviorAnalytics', 'initial-access-ueba-anomaly', 'blind'],
    ['ThreatIntelIndicators', 'initial-access-threat-intel-address', 'blind'],
    ['AADUserRiskEvents', 'initial-access-risky-sign-in', 'partly blind'],
    ['MicrosoftGraphActivityLogs', 'collection-interaction-history-read', 'partly blind'],
    ['OfficeActivity', 'defense-evasion-audit-logging-switched-off', 'partly blind'],
  ] as const)('without rows of %s, %s is %s', ([table, rule, verdict]) => {
    const { [table]: _gone, ...rest } = whole;
    const unseen = ask('CopilotRuleCoverage | where Verdict == "never seen"', rest);
    expect(new Set(valuesOf(unseen, 'Need'))).toEqual(new Set([table]));
    expect(verdicts(rest)[rule]).toBe(verdict);
    expect(verdicts(whole)[rule]).toBe('sees');
  });

  it('is blind where a list that the rule must have holds the row of the template only', () => {
    const templates = [...readWatchlistRows(`${root}/watchlists`).values()].flat();
    const tables = { ...whole, Watchlist: templates };
    const empty = ask('CopilotRuleCoverage | where Verdict == "empty"', tables);
    expect(valuesOf(empty, 'Rule').length).toBeGreaterThan(4);
    expect(withVerdict(tables, 'blind').toSorted()).toEqual(valuesOf(empty, 'Rule'));
    expect(withVerdict({ ...whole, Watchlist: [] }, 'blind').toSorted()).toEqual(valuesOf(empty, 'Rule'));
  });
});
