import type { LintCase } from './lint-case.ts';

/** Bounds of time. */
export const timeCases: readonly LintCase[] = [
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
    code: 'KQL005',
    what: 'a table that a pipe unites with another',
    fires: `Events | union AuditLogs | where ActorName != ""`,
    silent: `Events | union AuditLogs | where TimeGenerated > ago(1d)`,
  },
  {
    code: 'KQL005',
    what: 'a time that is only there',
    fires: `SigninLogs | where isnotnull(TimeGenerated) and UserPrincipalName != ""`,
    silent: `SigninLogs | where isnotnull(TimeGenerated) and TimeGenerated between (ago(1d) .. now())`,
  },
  {
    code: 'KQL005',
    what: 'a time filter that an or goes around',
    fires: `SigninLogs | where TimeGenerated > ago(1h) or UserPrincipalName == "x"`,
    silent: `SigninLogs | where (TimeGenerated > ago(1h) or TimeGenerated < ago(7d)) and (UserPrincipalName == "x" or Id == "")`,
  },
  {
    code: 'KQL005',
    what: 'a let that is a time is no column',
    fires: `let from = ago(1d);\nSigninLogs | where from < now()`,
    silent: `let from = ago(1d);\nSigninLogs | where from < TimeGenerated`,
  },
  {
    code: 'KQL017',
    what: 'a hunt that filters only behind the call',
    fires: `Ranged | where IngestedAt > ago(1d) and EventTime > ago(1d)`,
    silent: `Ranged(startTime=ago(1d)) | where EventTime > ago(1d)`,
  },
  {
    code: 'KQL017',
    what: 'another argument, or no time, is no start',
    kind: 'workbook',
    fires: `Ranged("ago(1d)", datetime(null), now())`,
    silent: `Ranged("", ago(1d))`,
  },
  {
    code: 'KQL017',
    what: 'a rule that reasons on EventTime without a bound on what is new',
    kind: 'rule',
    fires: `Ranged | where EventTime > ago(1h)`,
    silent: `let window = 70m;\nRanged() | where JailbreakDetected | where IngestedAt >= ago(window)`,
  },
  {
    code: 'KQL017',
    what: 'the other side of a join in a rule',
    kind: 'rule',
    fires: `Ranged | where IngestedAt >= ago(70m) | join kind=inner (Ranged | project ActorName) on ActorName`,
    silent: `Ranged | where IngestedAt >= ago(70m) | join kind=inner (Ranged("", ago(7d)) | project ActorName) on ActorName`,
  },
];
