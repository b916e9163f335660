/** The tenants of a configuration. */
import { secret } from '@pulumi/pulumi';
import { z } from 'zod';
import { NAMESPACE, problemLines } from './configuration-problems.ts';
import { guid, oneOf, storageExport, archivePlan, pseudonymPlan, workspaceId } from './configuration-types.ts';
import { keyOf } from './names.ts';
import {
  defaultEnrichers,
  enricherNames,
  optionalRoles,
  readingProblems,
  sourceNames,
  usagePeriods,
} from './reading.ts';
import type { Cloud, Credential, Reading, Tenant } from './types.ts';

/** A list of some of the names, each once. */
const someOf = (names: readonly string[]) =>
  z
    .array(z.string().refine((name) => names.includes(name), `must be one of ${names.join(', ')}`))
    .transform((given) => [...new Set(given)]);

const asGiven = z.strictObject({
  id: guid,
  name: z.string().min(1, 'must not be empty').optional(),
  sources: someOf(sourceNames)
    .refine((names) => names.length > 0, 'must name at least one source')
    .default(['activity-feed']),
  enrich: someOf(enricherNames).optional(),
  optionalPermissions: someOf(optionalRoles).default([]),
  licensePlanIds: z.array(guid).min(1, 'must name at least one plan').optional(),
  licensePlanNames: z
    .array(z.string().regex(/^[^,]+$/, 'must be the name of a service plan, without a comma'))
    .min(1, 'must name at least one plan')
    .optional(),
  usagePeriods: someOf(usagePeriods)
    .refine((names) => names.length > 0, 'must name at least one period')
    .optional(),
  storageExports: z.array(storageExport).min(1, 'must name at least one storage account').optional(),
  credential: oneOf(['managed-identity', 'secret', 'certificate', 'federated']).default('managed-identity'),
  clientId: guid.optional(),
  workspaceResourceId: workspaceId.optional(),
  archive: archivePlan.optional(),
  pseudonymize: pseudonymPlan.optional(),
});
type Given = z.infer<typeof asGiven>;

const secretsGiven = z.record(z.string(), z.string().min(1, 'must not be empty'));
const PEM_PARTS = [/-----BEGIN CERTIFICATE-----/, /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/];

/** Problems of one tenant's credential that no single field shows; `text` is its client secret or PEM. */
function credentialProblems(of: Given, text: string | undefined): readonly string[] {
  const problems: string[] = [];
  const say = (problem: string): void => void problems.push(problem);
  if (of.credential === 'managed-identity') {
    if (of.clientId !== undefined) say('clientId is not used with credential managed-identity: remove it');
  } else if (of.clientId === undefined && of.credential !== 'federated') {
    say(`credential ${of.credential} needs clientId: the id of the application that this tenant consented to`);
  }
  const needsText = of.credential === 'secret' || of.credential === 'certificate';
  const set = `pulumi config set --secret --path 'clientSecrets["${of.id}"]'`;
  if (needsText && text === undefined) say(`credential ${of.credential}, but clientSecrets has nothing for it: ${set}`);
  if (!needsText && text !== undefined)
    say(`clientSecrets has a value, but credential ${of.credential} uses none: remove it`);
  if (of.credential === 'certificate' && text !== undefined && !PEM_PARTS.every((part) => part.test(text)))
    say(`clientSecrets must hold certificate and unencrypted private key as PEM: ${set} < certificate.pem`);
  return problems;
}

function credentialOf({ credential, clientId }: Given, text = ''): Credential {
  if (credential === 'federated') return { kind: credential, clientId };
  if (credential === 'managed-identity') return { kind: credential };
  // One without an id is a problem that was told before.
  const application = { clientId: clientId ?? '' };
  return credential === 'secret'
    ? { kind: credential, ...application, secret: secret(text) }
    : { kind: credential, ...application, pem: secret(text) };
}

const readingOf = (of: Given, cloud: Cloud): Reading => ({
  sources: of.sources,
  enrich: of.enrich ?? defaultEnrichers(cloud),
  optionalPermissions: of.optionalPermissions,
  licensePlanIds: of.licensePlanIds,
  licensePlanNames: of.licensePlanNames,
  usagePeriods: of.usagePeriods,
  ...(of.storageExports && { storageExports: of.storageExports }),
});

/**
 * Reads tenants of a cloud and their secrets; with problems the tenants are not to be used. None given: the tenant of
 * the subscription.
 */
export function parseTenants(
  tenants: unknown,
  clientSecrets: unknown,
  { azureTenantId, cloud }: { readonly azureTenantId: string; readonly cloud: Cloud },
): { readonly tenants: readonly Tenant[]; readonly problems: readonly string[] } {
  const problems: string[] = [];
  const texts = new Map<string, string>();
  const secrets = secretsGiven.safeParse(clientSecrets);
  // What is wrong with a secret is told without its value.
  if (!secrets.success)
    problems.push(`${NAMESPACE}:clientSecrets must be a map from tenant id to a text that is not empty`);
  else for (const [id, text] of Object.entries(secrets.data)) texts.set(id.toLowerCase(), text);

  const list = Array.isArray(tenants) && tenants.length === 0 ? [{ id: azureTenantId }] : tenants;
  const given = z.array(asGiven, { error: 'must be a list of tenants' }).safeParse(list);
  if (!given.success) return { tenants: [], problems: [...problems, ...problemLines('tenants', list, given.error)] };

  const seen = new Set<string>();
  for (const tenant of given.data) {
    if (seen.has(tenant.id)) problems.push(`${NAMESPACE}:tenants: ${tenant.id} is there twice: one entry per tenant`);
    seen.add(tenant.id);
    const own = [
      ...credentialProblems(tenant, texts.get(tenant.id)),
      ...readingProblems(readingOf(tenant, cloud), cloud),
    ];
    problems.push(...own.map((problem) => `${NAMESPACE}:tenants: ${tenant.id}: ${problem}`));
  }
  for (const id of texts.keys())
    if (!seen.has(id))
      problems.push(`${NAMESPACE}:clientSecrets has "${id}", which is no tenant of tenants: remove it`);
  const found = given.data.map((tenant) => ({
    id: tenant.id,
    key: keyOf(tenant.id),
    name: tenant.name ?? tenant.id,
    ...readingOf(tenant, cloud),
    credential: credentialOf(tenant, texts.get(tenant.id)),
    workspace: tenant.workspaceResourceId,
    ...(tenant.archive && { archive: tenant.archive }),
    ...(tenant.pseudonymize && { pseudonymize: tenant.pseudonymize }),
  }));
  return { tenants: found, problems };
}
