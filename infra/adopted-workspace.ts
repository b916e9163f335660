/** Workspaces that exist already: read, never registered, so nothing of them can be changed or removed. */
import { getWorkspace } from '@pulumi/azure-native/operationalinsights/index.js';
import { Provider } from '@pulumi/azure-native/provider.js';
import { getSentinelOnboardingState } from '@pulumi/azure-native/securityinsights/index.js';
import { type ProviderResource, RunError, secret } from '@pulumi/pulumi';
import { keyOf } from './names.ts';
import type { Configuration, WorkspaceId } from './types.ts';

/** A workspace as Azure answers it. */
export interface AdoptedWorkspace {
  readonly id: WorkspaceId;
  /** GUID of queries. */
  readonly customerId: string;
  readonly location: string;
  /** Days that tables with -1 keep rows for analytics; absent where Azure does not say. */
  readonly retentionInDays: number | undefined;
  /** Set when it lies in another subscription than the deployment. */
  readonly provider: ProviderResource | undefined;
}

/** Configuration of Pulumi by full key, as text: what the provider of another subscription is told as well. */
export type Settings = Readonly<Record<string, string>>;

// A provider that a program makes itself takes nothing from the stack's configuration.
const TEXT_SETTINGS = [
  'auxiliaryTenantIds',
  'clientCertificatePath',
  'clientId',
  'disableInstanceDiscovery',
  'environment',
  'metadataHost',
  'msiEndpoint',
  'oidcRequestUrl',
  'oidcTokenFilePath',
  'tenantId',
  'useDefaultAzureCredential',
  'useMsi',
  'useOidc',
] as const;
const SECRET_SETTINGS = ['clientCertificatePassword', 'clientSecret', 'oidcRequestToken', 'oidcToken'] as const;

const plain = (region: string): string => region.toLowerCase().replaceAll(' ', '');

/** Every distinct workspace that the configuration names, its own first. */
export function adoptedIds(configuration: Configuration): readonly WorkspaceId[] {
  const own = configuration.workspace.mode === 'adopted' ? [configuration.workspace.id] : [];
  const all = [...own, ...configuration.tenants.flatMap(({ workspace }) => (workspace ? [workspace] : []))];
  return [...new Map(all.reverse().map((id) => [id.id.toLowerCase(), id])).values()].reverse();
}

function subscriptionProvider(subscriptionId: string, settings: Settings): Provider {
  const args: Record<string, unknown> = { subscriptionId };
  for (const name of TEXT_SETTINGS) args[name] = settings[`azure-native:${name}`];
  for (const name of SECRET_SETTINGS) {
    const value = settings[`azure-native:${name}`];
    if (value !== undefined) args[name] = secret(value);
  }
  return new Provider(`subscription-${keyOf(subscriptionId)}`, args);
}

// Pulumi shows a RunError without its cause.
const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

async function read(id: WorkspaceId, provider: ProviderResource | undefined): Promise<AdoptedWorkspace> {
  const where = { resourceGroupName: id.resourceGroupName, workspaceName: id.name };
  const options = provider === undefined ? {} : { provider };
  const answer = await getWorkspace(where, options).catch((cause: unknown) => {
    const remedy = 'check the id, and that the deployer may read it and write to its group';
    throw new RunError(`workspace ${id.id} cannot be read: ${remedy}: ${textOf(cause)}`);
  });
  const onboarding = { ...where, sentinelOnboardingStateName: 'default' };
  await getSentinelOnboardingState(onboarding, options).catch((cause: unknown) => {
    const remedy = 'add it there, because an adopted workspace is not changed';
    throw new RunError(`workspace ${id.id} has no Microsoft Sentinel: ${remedy}: ${textOf(cause)}`);
  });
  const { customerId, location, retentionInDays } = answer;
  return { id, customerId, location, retentionInDays, provider };
}

/** The tables' total retention must reach as far as the workspace's own where that is what they take. */
function checkRetention({ tables }: Configuration, { id, retentionInDays: days = 0 }: AdoptedWorkspace): void {
  const total = tables.totalRetentionInDays;
  if (tables.retentionInDays !== -1 || total === -1 || total >= days) return;
  throw new RunError(
    `copilot-sentinel:tables.totalRetentionInDays is ${total}, less than the ${days} days of workspace ${id.name}: make it -1 or at least ${days}`,
  );
}

/**
 * Reads every workspace that the configuration names. @throws RunError before anything is registered in Azure: a workspace
 * that cannot be read, has no Sentinel or keeps rows longer than `tables.totalRetentionInDays`, and an own one in another
 * region than `azure-native:location`.
 */
export async function adoptedWorkspaces(
  configuration: Configuration,
  subscriptionId: string,
  settings: Settings,
): Promise<readonly AdoptedWorkspace[]> {
  const providers = new Map<string, Provider>();
  const found: AdoptedWorkspace[] = [];
  for (const id of adoptedIds(configuration)) {
    if (id.subscriptionId !== subscriptionId.toLowerCase() && !providers.has(id.subscriptionId))
      providers.set(id.subscriptionId, subscriptionProvider(id.subscriptionId, settings));
    const one = await read(id, providers.get(id.subscriptionId));
    checkRetention(configuration, one);
    found.push(one);
  }
  const [own] = found;
  const { workspace, location } = configuration;
  if (workspace.mode === 'adopted' && own !== undefined && location !== undefined) {
    if (plain(location) !== plain(own.location))
      throw new RunError(
        `azure-native:location is ${location}, but workspace ${own.id.name} is in ${own.location}, where its data collection rule must be: pulumi config rm azure-native:location`,
      );
  }
  return found;
}
