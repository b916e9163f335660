/** The types that configuration values have: from Pulumi's text to a checked value, or what is wrong with it. */
import { z } from 'zod';
import { toMinutes } from '../kql/content/duration.ts';
import type { PseudonymPlan, StorageExport, WorkspaceId } from './types.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
// Names: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
const WORKSPACE_ID =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([\w.()-]{1,90})\/providers\/Microsoft\.OperationalInsights\/workspaces\/([A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9])\/?$/i;
const STORAGE_ID =
  /^\/subscriptions\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/resourceGroups\/[\w.()-]{1,90}\/providers\/Microsoft\.Storage\/storageAccounts\/([a-z0-9]{3,24})\/?$/i;
const CONTAINER = /^(?=.{3,63}$)[a-z0-9]+(?:-[a-z0-9]+)*$/;
const DIGEST_REF = /^[^@\s]+\/[^@\s]+@sha256:[0-9a-f]{64}$/;
const DAY = 24 * 60;

/** A GUID, answered in lower case. */
export const guid = z
  .string()
  .regex(GUID, 'must be a GUID, for example 00000000-0000-4000-8000-000000000001')
  .transform((value) => value.toLowerCase());

/** One of the words. */
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

/** A whole number from `min` to `max`, or one of `others`. */
export const whole = (min: number, max: number, ...others: readonly number[]) => {
  const also = others.length > 1 ? `, or one of ${others.join(', ')}` : others.map((other) => `, or ${other}`).join('');
  const message = `must be a whole number from ${min} to ${max}${also}`;
  return z.coerce
    .number({ error: message })
    .refine((value) => Number.isInteger(value) && ((value >= min && value <= max) || others.includes(value)), message);
};

/** `true` or `false`, as Pulumi writes them. */
export const flag = z.union([z.boolean(), z.stringbool({ truthy: ['true'], falsy: ['false'] })], {
  error: 'must be true or false',
});

/** Email address. */
export const email = z.email({ error: 'must be an email address, for example soc@contoso.example' });

/** Prefix of resource names. */
export const prefix = z
  .string()
  .regex(
    /^[a-z](?:[a-z0-9]|-(?=[a-z0-9])){1,9}$/,
    'must be 2 to 10 lower-case letters, digits and single hyphens, a letter first',
  );

/** Image reference with its digest. */
export const imageRef = z
  .string()
  .regex(
    DIGEST_REF,
    'must name registry, image and digest, as registry.example/collector@sha256:<64 hex digits>: a tag may point elsewhere tomorrow',
  );

/** Resource id of a workspace, taken apart. */
export const workspaceId = z.string().transform((value, context): WorkspaceId => {
  const [, subscriptionId, resourceGroupName, name] = WORKSPACE_ID.exec(value) ?? [];
  if (
    subscriptionId !== undefined &&
    resourceGroupName !== undefined &&
    name !== undefined &&
    GUID.test(subscriptionId)
  )
    return { id: value.replace(/\/$/, ''), subscriptionId: subscriptionId.toLowerCase(), resourceGroupName, name };
  context.addIssue({
    code: 'custom',
    message:
      'must be /subscriptions/<GUID>/resourceGroups/<group>/providers/Microsoft.OperationalInsights/workspaces/<name>: az monitor log-analytics workspace show --query id',
  });
  return z.NEVER;
});

/** A storage account by its resource id, and containers in it. */
export const storageExport = z
  .strictObject({
    accountResourceId: z
      .string()
      .regex(
        STORAGE_ID,
        'must be /subscriptions/<GUID>/resourceGroups/<group>/providers/Microsoft.Storage/storageAccounts/<name>: az storage account show --query id',
      ),
    containers: z
      .array(z.string().regex(CONTAINER, 'must be the name of a container'))
      .min(1, 'must name at least one container')
      .default([]),
  })
  .transform(({ accountResourceId, containers }): StorageExport => {
    const [, subscriptionId = '', name = ''] = STORAGE_ID.exec(accountResourceId) ?? [];
    const id = accountResourceId.replace(/\/$/, '');
    return { id, subscriptionId: subscriptionId.toLowerCase(), name, containers: [...new Set(containers)] };
  });

// The longest retention of an immutability policy; a life cycle that deletes earlier would only fail every day.
const ARCHIVE_DAYS = 146_000;

/** How raw copies of records are kept. */
export const archivePlan = z
  .strictObject({
    immutableDays: whole(1, ARCHIVE_DAYS).optional(),
    deleteAfterDays: whole(1, ARCHIVE_DAYS).optional(),
  })
  .refine(({ immutableDays = 0, deleteAfterDays = ARCHIVE_DAYS }) => deleteAfterDays >= immutableDays, {
    message: 'must not delete copies before their retention ends',
  });

const SECRET_ID =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/[^/]+\/providers\/Microsoft\.KeyVault\/vaults\/([a-z][a-z0-9-]{1,22}[a-z0-9])\/secrets\/([0-9a-z-]{1,127})$/i;

/** What is replaced by tokens, and the secret of a key vault that holds their key. */
export const pseudonymPlan = z
  .strictObject({
    addresses: flag.default(false),
    logQueries: flag.default(true),
    keySecretId: z
      .string()
      .regex(
        SECRET_ID,
        'must be /subscriptions/<GUID>/resourceGroups/<group>/providers/Microsoft.KeyVault/vaults/<name>/secrets/<name>, without a version',
      ),
  })
  .transform(({ addresses, logQueries, keySecretId: id }): PseudonymPlan => {
    const [, subscriptionId = '', vaultName = '', secretName = ''] = SECRET_ID.exec(id) ?? [];
    return {
      what: addresses ? ['users', 'addresses'] : ['users'],
      logQueries,
      key: { id, subscriptionId: subscriptionId.toLowerCase(), vaultName, secretName },
    };
  });

/** How often a rule runs: 5 minutes to 14 days, the limits of scheduled rules. */
export const frequency = z.string().refine((value) => {
  const minutes = toMinutes(value) ?? 0;
  // Short forms as 15m are for rule files: Azure is told what stands here.
  return value.startsWith('P') && minutes >= 5 && minutes <= 14 * DAY;
}, 'must be an ISO 8601 duration from PT5M to P14D');

/** What one rule may be changed in. */
export const ruleOverride = z.strictObject({
  enabled: flag.optional(),
  threshold: whole(0, 10_000).optional(),
  frequency: frequency.optional(),
  severity: oneOf(['High', 'Medium', 'Low', 'Informational']).optional(),
});

/** Text that Pulumi wrote for a list or map; a value that is none already stays. */
export function fromJson(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
