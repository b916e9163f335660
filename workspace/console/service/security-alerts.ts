/** Alerts as rows of `SecurityAlert`, as Sentinel writes them: workbooks and queries find them where they would in Azure. */
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { toMinutes } from '../../../kql/content/duration.ts';
import type { Rule } from '../../../kql/content/read-rules.ts';
import type { Alert, Entity } from '../../rules/alert.ts';

/** A row of `SecurityAlert`. */
export type SecurityAlertRow = Readonly<Record<string, string | boolean>>;

// As Sentinel writes them, where that is not the name in small letters (Microsoft Sentinel: entity types reference).
const types: Readonly<Record<string, string>> = {
  CloudApplication: 'cloud-application',
  AzureResource: 'azure-resource',
  RegistryKey: 'registry-key',
  RegistryValue: 'registry-value',
  SecurityGroup: 'security-group',
  MailCluster: 'mail-cluster',
  MailMessage: 'mail-message',
};

/** A full name becomes the two parts that Sentinel makes of it. */
function toEntity({ type, identifiers }: Entity, index: number): object {
  const { FullName: full, ...others } = identifiers;
  const [, name, suffix] = /^([^@]+)@([^@]+)$/.exec(full ?? '') ?? [];
  const named =
    type !== 'Account' || full === undefined
      ? identifiers
      : { Name: name ?? full, ...(suffix === undefined ? {} : { UPNSuffix: suffix }), ...others };
  return { $id: String(index + 1), ...named, Type: types[type] ?? type.toLowerCase() };
}

/** The same alert has the same id, however often it is written. */
function idOf(alert: Alert): string {
  const hex = createHash('sha256').update(JSON.stringify(alert)).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/**
 * The row of an alert. `CompromisedEntity` stays empty, and the product is Sentinel: rules that look for alerts of
 * other products never find those of rules.
 */
export function toSecurityAlert(alert: Alert, rule: Rule): SecurityAlertRow {
  const time = alert.time.toISOString();
  const from = new Date(alert.time.getTime() - (toMinutes(rule.queryPeriod) ?? 0) * 60_000).toISOString();
  const properties = {
    'Query Period': rule.queryPeriod,
    'Query Start Time UTC': from,
    'Query End Time UTC': time,
    'Search Query Results Overall Count': String(alert.rowCount),
    'Trigger Operator': rule.triggerOperator,
    'Trigger Threshold': String(rule.triggerThreshold),
    'Analytic Rule Ids': JSON.stringify([rule.id]),
    'Analytic Rule Name': rule.name,
    'Custom Details': JSON.stringify(alert.customDetails),
    Query: rule.query,
  };
  return {
    TimeGenerated: time,
    _TimeReceived: time,
    SystemAlertId: idOf(alert),
    AlertName: alert.name,
    DisplayName: alert.name,
    AlertSeverity: alert.severity,
    Description: alert.description,
    Status: 'New',
    ProviderName: 'ASI Scheduled Alerts',
    ProductName: 'Azure Sentinel',
    ProductComponentName: 'Scheduled Alerts',
    VendorName: 'Microsoft',
    AlertType: rule.id,
    StartTime: from,
    EndTime: time,
    ProcessingEndTime: time,
    Tactics: alert.tactics.join(', '),
    Techniques: JSON.stringify(rule.relevantTechniques.map((one) => one.replace(/\..*$/, ''))),
    SubTechniques: JSON.stringify(rule.relevantTechniques.filter((one) => one.includes('.'))),
    IsIncident: false,
    Entities: JSON.stringify(alert.entities.map(toEntity)),
    ExtendedProperties: JSON.stringify(properties),
  };
}

/** Appends alerts to the table in a directory of rows, a file for each day. */
export const securityAlerts =
  (rows: string) =>
  (rule: Rule, alerts: readonly Alert[]): void => {
    for (const alert of alerts) {
      const folder = join(rows, 'SecurityAlert');
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      const day = alert.time.toISOString().slice(0, 10);
      const line = `${JSON.stringify(toSecurityAlert(alert, rule))}\n`;
      appendFileSync(join(folder, `${day}.ndjson`), line, { mode: 0o600 });
    }
  };
