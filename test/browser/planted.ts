/** Rows and incidents whose names try to be more than names. */
import type { IncidentView } from '../../workspace/console/api.ts';
import { incident } from '../unit/console/server/served.ts';

export const html = '<img src=x onerror=alert(1)><b>mallory</b>@contoso.example';
export const link = '[click me](javascript:alert(1)) ![](x)';
export const formula = `=cmd|' /c calc'!a0`;
export const names = [html, link, formula] as const;

/** Turns of people, agents and files of these names, each with a jailbreak, an hour ago. */
export function plantedRows(now: Date): string {
  const at = new Date(now.getTime() - 3_600_000).toISOString();
  const rows = names.map((name, index) => ({
    TimeGenerated: at,
    EventTime: at,
    CollectedTime: at,
    _TimeReceived: at,
    RecordId: `00000000-0000-4000-8000-00000000000${index}`,
    RecordType: 'CopilotInteraction',
    Operation: 'CopilotInteraction',
    Workload: 'Copilot',
    Source: 'activity-feed',
    ActorName: name,
    ActorUserId: name,
    ActorUserType: 'Regular',
    AgentId: name,
    AgentIdNormalized: name,
    AgentName: name,
    AgentKind: 'custom-engine',
    AppHost: name,
    AppHostNormalized: name,
    SurfaceGroup: name,
    ThreadId: name,
    InteractionType: 'chat',
    TwinRole: 'none',
    MessageCount: 1,
    PromptCount: 1,
    AccessedResourceCount: 1,
    IsSyntheticActor: false,
    IsTestPane: false,
    IsBackfill: false,
    JailbreakDetected: true,
    LLMEventData: {
      ThreadId: name,
      Messages: [{ Id: '1', isPrompt: true, JailbreakDetected: true }],
      AccessedResources: [{ ID: name, Name: name, SiteUrl: name, Type: name, Action: 'Read', Status: 'success' }],
      AISystemPlugin: [{ Id: name, Name: name }],
    },
  }));
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

/** An incident in which every text is such a name. */
export const plantedIncident = (now: Date): IncidentView => ({
  ...incident('planted.1', now.toISOString()),
  title: names.join(' '),
  alertCount: 1,
  entities: names.map((name) => ({ type: 'Account', identifiers: { FullName: name } })),
  description: `Look at ${html}, at ${link}, then call the owner.`,
  alerts: [
    {
      time: now.toISOString(),
      name: names.join(' '),
      description: names.join(' '),
      severity: 'High',
      entities: [],
      customDetails: { Names: names },
      recordIds: ['00000000-0000-4000-8000-000000000000'],
      rowCount: 1,
    },
  ],
});
