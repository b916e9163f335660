/** A row of CopilotActivity -> the audit record it was made from. Pure. */
import { isObject, type RawObject } from '../../records/json-value.ts';
import { isCopilotOperation } from '../../records/operations.ts';
import { userTypeName } from '../../records/record-types.ts';

// Sentinel writes the name where audit records have the number.
const userTypes = new Map(Array.from({ length: 11 }, (_, type) => [userTypeName(type).toLowerCase(), type]));

/** The audit record of a row; `data` is its LLMEventData, parsed. Columns without a value are left out. */
export function toActivityRecord(row: RawObject, data: unknown): RawObject {
  const { RecordType: type, ActorUserType: userType, AIModelName: model, AIModelVersion: modelVersion } = row;
  // An empty object stands for a record that has no event: it must not look like an interaction without messages.
  const event = isObject(data) && Object.keys(data).length > 0 ? data : undefined;
  const isSettings = event !== undefined && Array.isArray(event['Resource']);
  const isModelMissing = isFilled(model) && !isFilled(event?.['ModelTransparencyDetails']);
  const details = isModelMissing && {
    ModelTransparencyDetails: [{ ModelName: model, ...(isFilled(modelVersion) && { ModelVersion: modelVersion }) }],
  };
  const record: RawObject = {
    Id: row['RecordId'],
    CreationTime: row['TimeGenerated'],
    RecordType: type,
    // It has no column; record types that are named as their operation give it.
    Operation: row['Operation'] ?? (isCopilotOperation(type) ? type : undefined),
    OrganizationId: row['OrganizationId'],
    UserId: row['ActorName'],
    UserKey: row['ActorUserId'],
    UserType: userTypes.get(String(userType).toLowerCase()) ?? userType,
    ClientIP: row['SrcIpAddr'],
    ClientRegion: row['ClientRegion'],
    Version: row['Version'],
    Workload: row['Workload'],
    CopilotLogVersion: row['LogVersion'],
    AgentId: row['AgentId'],
    AgentName: row['AgentName'],
    AppHost: row['AppHost'],
    AppIdentity: row['AppIdentity'],
    ...(event !== undefined && (isSettings ? { CopilotSettingsEventData: event } : { CopilotEventData: event })),
    ...details,
  };
  return Object.fromEntries(Object.entries(record).filter(([, value]) => isFilled(value)));
}

const isFilled = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== '' && !(Array.isArray(value) && value.length === 0);
