/** Records as Microsoft's connector writes them to CopilotActivity. */

type Raw = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value);
const first = (value: unknown): Raw => (Array.isArray(value) && isObject(value[0]) ? value[0] : {});

// Office 365 Management Activity API: enum UserType.
const userTypes = ['Regular', 'Reserved', 'Admin', 'DcAdmin', 'System', 'Application', 'ServicePrincipal'];

const carried =
  /^(?:Id|Operation|UserId|UserKey|UserType|AgentId|AgentName|AppIdentity|ClientRegion|CopilotLogVersion|OrganizationId|ClientIP|Version|Workload|CopilotEventData|CopilotSettingsEventData)\b/;

/** Whether the table has a place for a field of a record, by path. */
export const isCarried = (path: string): boolean => carried.test(path);

/** A row of `CopilotActivity` for a raw record; times as ISO 8601. */
export function activityRow(raw: Raw, times: { readonly happened: string; readonly received: string }): Raw {
  const event = isObject(raw['CopilotEventData']) ? raw['CopilotEventData'] : undefined;
  const model = first(event?.['ModelTransparencyDetails']);
  return {
    TimeGenerated: times.happened,
    _TimeReceived: times.received,
    RecordId: raw['Id'],
    RecordType: raw['Operation'],
    ActorName: raw['UserId'],
    ActorUserId: raw['UserKey'],
    ActorUserType: userTypes[Number(raw['UserType'])] ?? 'Regular',
    AgentId: raw['AgentId'] ?? null,
    AgentName: raw['AgentName'] ?? null,
    AIModelName: model['ModelName'] ?? null,
    AIModelVersion: model['ModelVersion'] ?? null,
    AppHost: event?.['AppHost'] ?? null,
    AppIdentity: raw['AppIdentity'] ?? null,
    ClientRegion: raw['ClientRegion'] ?? null,
    LogVersion: raw['CopilotLogVersion'] ?? null,
    OrganizationId: raw['OrganizationId'],
    SrcIpAddr: raw['ClientIP'] ?? null,
    Version: String(raw['Version']),
    Workload: raw['Workload'],
    LLMEventData: event ?? raw['CopilotSettingsEventData'] ?? null,
  };
}
