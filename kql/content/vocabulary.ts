import { z } from 'zod';
import { toIsoDuration, toMinutes } from './duration.ts';

/** Sentinel's tactics (API 2024-09-01); ATT&CK 19 renamed some, the API did not. */
export const tactics = [
  'Reconnaissance',
  'ResourceDevelopment',
  'InitialAccess',
  'Execution',
  'Persistence',
  'PrivilegeEscalation',
  'DefenseEvasion',
  'CredentialAccess',
  'Discovery',
  'LateralMovement',
  'Collection',
  'Exfiltration',
  'CommandAndControl',
  'Impact',
  'ImpairProcessControl',
  'InhibitResponseFunction',
] as const;

/** Severities of alerts. */
export const severities = ['High', 'Medium', 'Low', 'Informational'] as const;

const entityTypes = [
  'Account',
  'Host',
  'IP',
  'Malware',
  'File',
  'Process',
  'CloudApplication',
  'DNS',
  'AzureResource',
  'FileHash',
  'RegistryKey',
  'RegistryValue',
  'SecurityGroup',
  'URL',
  'Mailbox',
  'MailCluster',
  'MailMessage',
  'SubmissionMail',
] as const;

/** `15m`, `1h`, `14d` or ISO 8601, read as ISO 8601. */
export const duration = z.string().transform((text, context) => {
  const minutes = toMinutes(text);
  if (minutes !== undefined) return toIsoDuration(minutes);
  context.addIssue({ code: 'custom', message: 'no duration: write 15m, 1h or 14d', input: text });
  return z.NEVER;
});

/** Text that KQL and people read: no space around it, never empty. */
export const text = z.string().trim().min(1);
export const guid = z.guid().toLowerCase();
export const version = z.string().regex(/^\d+\.\d+\.\d+$/, 'no version: write 1.0.0 in quotes');
export const technique = z.string().regex(/^T\d{4}(?:\.\d{3})?$/, 'no ATT&CK technique: write T1213 or T1213.002');
export const requiredDataConnectors = z
  .array(z.strictObject({ connectorId: text, dataTypes: z.array(text) }))
  .default([]);

// Ten mappings with three identifiers each: Sentinel's service limits.
export const entityMappings = z
  .array(
    z.strictObject({
      entityType: z.enum(entityTypes),
      fieldMappings: z
        .array(z.strictObject({ identifier: text, columnName: text }))
        .min(1)
        .max(3),
    }),
  )
  .max(10)
  .optional();

/** Entity types that incidents can be grouped by. */
export const entityType = z.enum(entityTypes);

/** A query, without space at its end. */
export const kql = z
  .string()
  .overwrite((query) => query.trimEnd())
  .min(1);
