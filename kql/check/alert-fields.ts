/** Whether what an alert shows is there: columns that the query returns, identifiers that entities have. */
import type { RuleDocument } from '../content/read-rules.ts';
import type { ColumnSchema } from '../engine/language/schema.ts';

/** Something that is wrong with a field of a rule. */
export interface FieldRemark {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

// Microsoft Sentinel: entity types reference, identifiers that a rule may map.
const identifiers: Readonly<Record<string, string>> = {
  Account:
    'Name FullName NTDomain DnsDomain UPNSuffix Sid AadTenantId AadUserId PUID IsDomainJoined DisplayName ObjectGuid',
  Host: 'DnsDomain NTDomain HostName FullName NetBiosName AzureID OMSAgentID OSFamily OSVersion IsDomainJoined',
  IP: 'Address AddressScope',
  Malware: 'Name Category',
  File: 'Directory Name',
  Process: 'ProcessId CommandLine ElevationToken CreationTimeUtc',
  CloudApplication: 'AppId Name InstanceName',
  DNS: 'DomainName',
  AzureResource: 'ResourceId',
  FileHash: 'Algorithm Value',
  RegistryKey: 'Hive Key',
  RegistryValue: 'Name Value ValueType',
  SecurityGroup: 'DistinguishedName SID ObjectGuid',
  URL: 'Url',
  Mailbox: 'MailboxPrimaryAddress DisplayName Upn ExternalDirectoryObjectId RiskLevel',
  MailCluster:
    'NetworkMessageIds CountByDeliveryStatus CountByThreatType CountByProtectionStatus Threats Query QueryTime MailCount IsVolumeAnomaly Source',
  MailMessage:
    'Recipient Urls Threats Sender P1Sender P1SenderDisplayName P1SenderDomain SenderIP P2Sender P2SenderDisplayName P2SenderDomain ReceivedDate NetworkMessageId InternetMessageId Subject BodyFingerprintBin1 BodyFingerprintBin2 BodyFingerprintBin3 BodyFingerprintBin4 BodyFingerprintBin5 AntispamDirection DeliveryAction DeliveryLocation Language ThreatDetectionMethods',
  SubmissionMail:
    'SubmissionId SubmissionDate Submitter NetworkMessageId Timestamp Recipient Sender SenderIp Subject ReportType',
};

/** All that is wrong with the columns that alerts are made of. `columns` are those of the query; unknown where undefined. */
export function alertFieldRemarks(
  rule: RuleDocument,
  columns: readonly ColumnSchema[] | undefined,
): readonly FieldRemark[] {
  const types = new Map(columns?.map(({ name, type }) => [name, type]));
  const returned = [...types.keys()].join(', ');
  const missing = (path: FieldRemark['path'], column: string): readonly FieldRemark[] =>
    columns === undefined || types.has(column)
      ? []
      : [{ path, message: `${column}: the query returns no such column; it returns ${returned}` }];

  const entities = (rule.entityMappings ?? []).flatMap(({ entityType, fieldMappings }, index) =>
    fieldMappings.flatMap(({ identifier, columnName }, field): readonly FieldRemark[] => {
      const path = ['entityMappings', index, 'fieldMappings', field];
      const known = (identifiers[entityType] ?? '').split(' ');
      return [
        ...(known.includes(identifier)
          ? []
          : [{ path, message: `${identifier}: ${entityType} has no such identifier; it has ${known.join(', ')}` }]),
        ...missing(path, columnName),
        ...(types.get(columnName) === 'dynamic'
          ? [{ path, message: `${columnName} is dynamic: an entity is one text, take it by tostring()` }]
          : []),
      ];
    }),
  );
  const details = Object.entries(rule.customDetails ?? {}).flatMap(([key, column]) =>
    missing(['customDetails', key], column),
  );
  const override = rule.alertDetailsOverride ?? {};
  const texts = (['alertDisplayNameFormat', 'alertDescriptionFormat'] as const).flatMap((field) =>
    [...(override[field] ?? '').matchAll(/\{\{\s*(\w+)\s*\}\}/g)].flatMap(([, column = '']) =>
      missing(['alertDetailsOverride', field], column),
    ),
  );
  const named = (['alertSeverityColumnName', 'alertTacticsColumnName'] as const).flatMap((field) =>
    override[field] === undefined ? [] : missing(['alertDetailsOverride', field], override[field]),
  );
  const dynamicProperties = (override.alertDynamicProperties ?? []).flatMap(({ value }, index) =>
    missing(['alertDetailsOverride', 'alertDynamicProperties', index], value),
  );
  return [...entities, ...details, ...texts, ...named, ...dynamicProperties, ...groupingRemarks(rule)];
}

/** Grouping by what alerts do not have would never group. */
function groupingRemarks(rule: RuleDocument): readonly FieldRemark[] {
  const grouping = rule.incidentConfiguration.groupingConfiguration;
  if (grouping === undefined) return [];
  const path = ['incidentConfiguration', 'groupingConfiguration'];
  const { groupByEntities = [], groupByAlertDetails = [], groupByCustomDetails = [] } = grouping;
  const mapped = (rule.entityMappings ?? []).map(({ entityType }) => entityType);
  const isSelected = grouping.matchingMethod === 'Selected';
  const isEmpty = [groupByEntities, groupByAlertDetails, groupByCustomDetails].every(({ length }) => length === 0);
  return [
    ...(isSelected && isEmpty
      ? [{ path: [...path, 'matchingMethod'], message: 'Selected, and nothing is: name what to group by' }]
      : []),
    ...groupByEntities
      .filter((type) => !mapped.includes(type))
      .map((type) => ({ path: [...path, 'groupByEntities'], message: `${type}: entityMappings has none of it` })),
    ...groupByCustomDetails
      .filter((key) => !Object.hasOwn(rule.customDetails ?? {}, key))
      .map((key) => ({ path: [...path, 'groupByCustomDetails'], message: `${key}: customDetails has no such key` })),
  ];
}
