/** The tenants of a configuration. */
import { secret } from '@pulumi/pulumi';
import { z } from 'zod';
import { permissions } from '../collector/permissions.ts';
import { NAMESPACE, problemLines } from './configuration-problems.ts';
import { guid, oneOf, workspaceId } from './configuration-types.ts';
import { keyOf } from './names.ts';
import type { Credential, Tenant } from './types.ts';

const sources = [...new Set(permissions.map(({ neededBy }) => neededBy))];

const asGiven = z.strictObject({
  id: guid,
  name: z.string().min(1, 'must not be empty').optional(),
  sources: z
    .array(z.string().refine((name) => sources.includes(name), `must be one of ${sources.join(', ')}`))
    .min(1, 'must name at least one source')
    .default(['activity-feed']),
  credential: oneOf(['managed-identity', 'secret', 'certificate', 'federated']).default('managed-identity'),
  clientId: guid.optional(),
  workspaceResourceId: workspaceId.optional(),
});
type Given = z.infer<typeof asGiven>;

const secretsGiven = z.record(z.string(), z.string().min(1, 'must not be empty'));
const PEM_PARTS = [/-----BEGIN CERTIFICATE-----/, /-----BEGIN (?:RSA |EC )?PRIVATE KEY-----/];

/** Problems of one tenant that no single field shows; `text` is its client secret or PEM. */
function tenantProblems(of: Given, text: string | undefined): readonly string[] {
  const problems: string[] = [];
  const say = (problem: string): void => void problems.push(`${NAMESPACE}:tenants: ${of.id}: ${problem}`);
  if (of.credential === 'managed-identity') {
    if (of.clientId !== undefined) say('clientId is not used with credential managed-identity: remove it');
  } else if (of.clientId === undefined) {
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

function credentialOf({ credential, clientId = '' }: Given, text = ''): Credential {
  if (credential === 'secret') return { kind: credential, clientId, secret: secret(text) };
  if (credential === 'certificate') return { kind: credential, clientId, pem: secret(text) };
  if (credential === 'federated') return { kind: credential, clientId };
  return { kind: credential };
}

/** Reads tenants and their secrets; with problems the tenants are not to be used. None given: the subscription's own. */
export function parseTenants(
  tenants: unknown,
  clientSecrets: unknown,
  azureTenantId: string,
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
    problems.push(...tenantProblems(tenant, texts.get(tenant.id)));
  }
  for (const id of texts.keys())
    if (!seen.has(id))
      problems.push(`${NAMESPACE}:clientSecrets has "${id}", which is no tenant of tenants: remove it`);
  const found = given.data.map((tenant) => ({
    id: tenant.id,
    key: keyOf(tenant.id),
    name: tenant.name ?? tenant.id,
    sources: tenant.sources,
    credential: credentialOf(tenant, texts.get(tenant.id)),
    workspace: tenant.workspaceResourceId,
  }));
  return { tenants: found, problems };
}
