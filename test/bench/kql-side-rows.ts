/** Rows of the tables beside CopilotAudit_CL for the KQL bench, made of the collector's rows. */
import { z } from 'zod';

const DAY = 86_400_000;
const HOUR = 3_600_000;

const text = z.string().nullish();
type Text = z.infer<typeof text>;
const resource = z.looseObject({ Id: text, Name: text, SiteUrl: text, SensitivityLabelId: text });
const payload = z.looseObject({ AccessedResources: z.array(resource).default([]) });

/** The columns that CopilotActivity shares with ours. */
const activityRow = z.object({
  RecordType: text,
  Workload: text,
  OrganizationId: text,
  ActorName: text,
  ActorUserId: text,
  ActorUserType: text,
  AgentId: text,
  AgentName: text,
  AIModelName: text,
  AppHost: text,
  AppIdentity: text,
  ClientRegion: text,
  SrcIpAddr: text,
  Version: text,
  LLMEventData: payload.default({ AccessedResources: [] }),
});
const auditRow = activityRow.extend({ Operation: text, AgentIdNormalized: text });

/** A row of `CopilotActivity` for one of `CopilotAudit_CL`; its times and id are for `toCopy` to fill. */
export const activityLine = (line: string): string =>
  JSON.stringify({ TimeGenerated: '', _TimeReceived: '', RecordId: '', ...activityRow.parse(JSON.parse(line)) });

/** A row of `CloudAppEvents` for one of `CopilotAudit_CL`: the audit record as Microsoft 365 sends it. */
export function cloudAppLine(line: string): string {
  const row = auditRow.parse(JSON.parse(line));
  const { Operation, OrganizationId, Workload, AgentId, AgentName, AppIdentity, ClientRegion } = row;
  const header = { CreationTime: '', Id: '', Operation, OrganizationId, RecordType: 261, Workload, ClientRegion };
  const actor = { UserKey: row.ActorUserId, UserType: 0, UserId: row.ActorName, ClientIP: row.SrcIpAddr };
  const agent = { AgentId, AgentName, AppIdentity };
  return JSON.stringify({
    TimeGenerated: '',
    _TimeReceived: '',
    ActionType: Operation,
    RawEventData: { ...header, ...actor, ...agent, CopilotEventData: row.LLMEventData },
  });
}

/** One row of `CopilotEntities_CL` for each user, agent, label, site and file that audit rows name. */
export function entityLines(audit: readonly string[], until: Date): readonly string[] {
  const found = new Map<string, object>();
  const add = (Kind: string, key: Text, aliases: readonly Text[], Facts: object): void => {
    if (!key) return;
    const Key = key.toLowerCase();
    const seen = new Date(until.getTime() - (1 + (found.size % 6)) * DAY).toISOString();
    const FirstSeenTime = new Date(until.getTime() - 40 * DAY).toISOString();
    const Aliases = aliases.filter(Boolean);
    const times = { TimeGenerated: seen, _TimeReceived: seen, ObservedTime: seen, FirstSeenTime };
    found.set(`${Kind} ${Key}`, { ...times, Kind, Key, Aliases, Facts });
  };
  for (const line of audit) {
    const row = auditRow.parse(JSON.parse(line));
    const userFacts = { DisplayName: row.ActorName, Department: 'Sales', JobTitle: 'Manager', Country: 'Norway' };
    add('user', row.ActorName, [row.ActorUserId], { ...userFacts, AccountEnabled: true, HasCopilotLicense: true });
    add('agent', row.AgentIdNormalized, [row.AgentId], { Name: row.AgentName, Publisher: 'Contoso', IsBlocked: false });
    for (const { Id, Name, SiteUrl, SensitivityLabelId } of row.LLMEventData.AccessedResources) {
      add('label', SensitivityLabelId, [], { Name: 'Confidential', Priority: 5 });
      add('site', SiteUrl, [], { Title: 'Site' });
      add('file', Id, [], { Name });
    }
  }
  return [...found.values()].map((row) => JSON.stringify(row));
}

const reportPeriods = ['D7', 'D30', 'D180'];
const reportDays = 14;

/** About so many rows of `CopilotUsage_CL`: two weeks of daily reports over three periods. */
export function* usageLines(rows: number, until: Date): Generator<string> {
  const users = Math.ceil(rows / reportPeriods.length / reportDays);
  for (let day = 0; day < reportDays; day += 1) {
    const sent = new Date(until.getTime() - day * DAY).toISOString();
    const ReportRefreshDate = `${new Date(until.getTime() - (day + 2) * DAY).toISOString().slice(0, 10)}T00:00:00Z`;
    const report = {
      TimeGenerated: sent,
      _TimeReceived: sent,
      ReportKind: 'user',
      ReportRefreshDate,
      ReportVersion: 'v2',
    };
    for (const ReportPeriod of reportPeriods)
      for (let user = 0; user < users; user += 1)
        yield JSON.stringify({
          ...report,
          RecordId: `user-${ReportRefreshDate}-${ReportPeriod}-v2-${user}`,
          ReportPeriod,
          UserPrincipalName: `user${user}@contoso.example`,
          DisplayName: `User ${user}`,
          IsConcealed: false,
          PromptCount: user % 50,
          OrganizationId: '0a1b2c3d-0000-4000-8000-0000000000ff',
        });
  }
}

/** About so many rows of `CopilotHealth_CL`: the collector's own, moved to the hours before `until`, three revisions each. */
export function* healthLines(collected: readonly string[], rows: number, until: Date): Generator<string> {
  const ledger = collected.filter((line) => line.includes('"HealthKind":"ledger"'));
  for (let row = 0; row < rows; row += 1) {
    const hour = new Date(until.getTime() - Math.floor(row / 3) * HOUR);
    const parsed = z.looseObject({}).parse(JSON.parse(ledger[row % ledger.length] ?? '{}'));
    const sent = new Date(hour.getTime() + ((row % 3) + 1) * 300_000).toISOString();
    const Hour = `${hour.toISOString().slice(0, 13)}:00:00Z`;
    yield JSON.stringify({ ...parsed, TimeGenerated: sent, _TimeReceived: sent, Hour, Revision: (row % 3) + 1 });
  }
}
