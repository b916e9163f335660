/** Where collectors run: one container apps environment, and one app with one replica for each tenant. */
import { createHash } from 'node:crypto';
import { ContainerApp, ManagedEnvironment } from '@pulumi/azure-native/app/index.js';
import { DiagnosticSetting } from '@pulumi/azure-native/monitor/index.js';
import { type Input, interpolate, type Output, type Resource, secret, unsecret } from '@pulumi/pulumi';
import {
  CERTIFICATE,
  collectorEnvironment,
  HEALTH_PORT,
  type SourceCredential,
  type Variable,
} from './collector-environment.ts';
import type { ApplicationHandle } from './application.ts';
import type { ArchiveHandle } from './archive-storage.ts';
import type { IdentityHandle } from './collector-identity.ts';
import type { ImageHandle } from './image.ts';
import { keySecretUrl, PSEUDONYM_SECRET } from './pseudonymization.ts';
import type { NetworkHandle, RuleHandle, StateHandle, Surroundings, Tenant, WorkspaceHandle } from './types.ts';

/** A container apps environment. */
export interface EnvironmentHandle {
  /** ARM resource id. */
  readonly id: Output<string>;
  /** The environment and what carries its logs, for `dependsOn`. */
  readonly resources: readonly Resource[];
}

/** What a container app needs of its surroundings. */
export interface CollectorNeeds {
  readonly tenant: Tenant;
  readonly identity: IdentityHandle;
  /** The application that was registered for this tenant, if one was. */
  readonly application: ApplicationHandle | undefined;
  readonly environment: EnvironmentHandle;
  readonly image: ImageHandle;
  /** Origin of the data collection endpoint. */
  readonly endpoint: Output<string>;
  readonly rule: RuleHandle;
  readonly state: StateHandle;
  readonly archive: ArchiveHandle | undefined;
  /** Role assignments of the identity, and whatever else must be there before the collector starts. */
  readonly ready: readonly Resource[];
}

// Bench `backlog` runs with these limits: 268,800 blobs in 5 minutes of CPU and 309 MiB at most. Facts of 50,000 users and
// files (60 MB) and notes of 200,000 entities (20 MB) come on top: docs/cost.md. The flags of node in the image are made
// for them.
const RESOURCES = { cpu: 0.25, memory: '0.5Gi' } as const;

// The collector ends within 25 s of SIGTERM (collector/commands/run.ts).
const TERMINATION_SECONDS = 30;

// The network of an environment cannot be changed, nor the environment of an app. With names of their own in each mode
// both are made anew and the old ones are removed afterwards: collectors hand over as between two revisions.
const KINDS = {
  public: { environment: 'cae', app: 'ca' },
  private: { environment: 'cpe', app: 'cp' },
} as const;

const PROFILE = 'Consumption';
const VOLUME = 'credential';

/**
 * The environment. Its logs go to the workspace by a diagnostic setting, because the other way needs a shared key of the
 * workspace. Nothing can be reached from outside; with a network it lies in there.
 */
export function appEnvironment(
  around: Surroundings,
  { workspace, network }: { readonly workspace: WorkspaceHandle; readonly network: NetworkHandle | undefined },
): EnvironmentHandle {
  const { naming, resourceGroupName, location, tags, configuration } = around;
  const environment = new ManagedEnvironment(
    'app-environment',
    {
      resourceGroupName,
      location,
      tags,
      environmentName: naming.of(KINDS[configuration.network].environment),
      appLogsConfiguration: { destination: 'azure-monitor' },
      publicNetworkAccess: 'Disabled',
      workloadProfiles: [{ name: PROFILE, workloadProfileType: PROFILE }],
      zoneRedundant: false,
      ...(network && { vnetConfiguration: { infrastructureSubnetId: network.appsSubnetId, internal: true } }),
    },
    { dependsOn: [...(network?.resources ?? [])] },
  );
  const categories = ['ContainerAppConsoleLogs', 'ContainerAppSystemLogs'];
  const logs = new DiagnosticSetting('app-environment-logs', {
    name: 'to-sentinel-workspace',
    resourceUri: environment.id,
    workspaceId: workspace.id,
    logs: categories.map((category) => ({ category, enabled: true })),
  });
  return { id: environment.id, resources: [environment, logs] };
}

/**
 * A tenant's collector. A new revision starts beside the old one, stands by (ready), and becomes the owner when the old
 * one, told to end, has given its lease back.
 */
export function collectorApp(around: Surroundings, needs: CollectorNeeds): ContainerApp {
  const { naming, resourceGroupName, location, tags, configuration } = around;
  const { tenant, identity, application, environment, image, endpoint, rule, state, archive, ready } = needs;
  const credential = secretOf(tenant);
  const variables = collectorEnvironment<Output<string>>({
    tenantId: tenant.id,
    cloud: configuration.cloud,
    reading: tenant,
    pollSeconds: configuration.pollSeconds,
    contentFields: configuration.contentFields,
    credential: sourceCredential(tenant, application),
    identityClientId: identity.clientId,
    ingestionUrl: endpoint,
    ruleId: rule.immutableId,
    stateUrl: state.containerUrl(tenant),
    archiveUrl: archive?.containerUrl,
    pseudonymize: tenant.pseudonymize,
  });
  const isMounted = tenant.credential.kind === 'certificate';
  return new ContainerApp(
    `collector-${tenant.key}`,
    {
      resourceGroupName,
      location,
      tags: { ...tags, tenant: tenant.id },
      containerAppName: naming.of(KINDS[configuration.network].app, tenant.key),
      environmentId: environment.id,
      workloadProfileName: PROFILE,
      identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
      configuration: {
        activeRevisionsMode: 'Single',
        // For the container only: scale rules have no use for it, and pulling the image does not count.
        identitySettings: [{ identity: identity.id, lifecycle: 'Main' }],
        ...(image.server && { registries: [{ server: image.server, identity: identity.id }] }),
        ...secretsOf(around, needs, credential),
      },
      template: {
        containers: [
          {
            name: 'collector',
            image: image.reference,
            resources: RESOURCES,
            env: variables.map((variable) => toEnvironmentVar(variable, credential?.name)),
            probes: [...PROBES],
            ...(isMounted && { volumeMounts: [{ volumeName: VOLUME, mountPath: CERTIFICATE.directory }] }),
          },
        ],
        // More replicas would stand by and cost; the next revision is the standby.
        scale: { minReplicas: 1, maxReplicas: 1 },
        terminationGracePeriodSeconds: TERMINATION_SECONDS,
        ...(isMounted &&
          credential && {
            volumes: [
              {
                name: VOLUME,
                storageType: 'Secret',
                secrets: [{ secretRef: credential.name, path: CERTIFICATE.file }],
              },
            ],
          }),
      },
    },
    { dependsOn: [...environment.resources, ...ready, ...image.ready, ...rule.resources, ...state.resources] },
  );
}

/** The key of pseudonyms comes out of its vault, with the collector's identity: neither the program nor its state holds it. */
function secretsOf(
  { configuration }: Surroundings,
  { tenant, identity }: CollectorNeeds,
  credential: NamedSecret | undefined,
): { secrets?: { name: Input<string>; value?: Input<string>; keyVaultUrl?: string; identity?: Input<string> }[] } {
  const { pseudonymize } = tenant;
  const secrets = [
    ...(credential === undefined ? [] : [{ name: credential.name, value: credential.value }]),
    ...(pseudonymize === undefined
      ? []
      : [
          {
            name: PSEUDONYM_SECRET,
            keyVaultUrl: keySecretUrl(pseudonymize, configuration.cloud),
            identity: identity.id,
          },
        ]),
  ];
  return secrets.length === 0 ? {} : { secrets };
}

/** How the collector signs in to the tenant: with the application of the configuration, or the one registered for it. */
function sourceCredential(
  { id, credential }: Tenant,
  application: ApplicationHandle | undefined,
): SourceCredential<Output<string>> {
  const { kind } = credential;
  if (kind === 'managed-identity') return { kind };
  const clientId = credential.clientId ?? application?.clientId;
  if (clientId === undefined) throw new Error(`tenant ${id} has no application: this is a defect of infra/`);
  return { kind, clientId };
}

const probe = (type: 'Startup' | 'Liveness' | 'Readiness', path: string, times: { period: number; failures: number }) =>
  ({
    type,
    httpGet: { path, port: HEALTH_PORT, scheme: 'HTTP' },
    periodSeconds: times.period,
    failureThreshold: times.failures,
    // A quarter of a core that is unpacking a blob answers late.
    timeoutSeconds: 5,
  }) as const;

const PROBES = [
  // Half a minute: Node loads one file, on a quarter of a core and a cold disk.
  probe('Startup', '/healthz', { period: 3, failures: 10 }),
  // The collector itself says after minutes without progress that it is stuck: three more answers make it sure.
  probe('Liveness', '/healthz', { period: 30, failures: 3 }),
  // Ready as owner or as standby; it needs the state store for that, which may be busy for a moment.
  probe('Readiness', '/readyz', { period: 10, failures: 6 }),
];

interface NamedSecret {
  readonly name: Output<string>;
  readonly value: Output<string>;
}

// An app whose secret gets another value goes on with the old one until it restarts. A name that follows from the value
// makes a new revision of it, with the usual handover. 8 hex digits of a hash tell nothing of a random secret.
function secretOf({ credential }: Tenant): NamedSecret | undefined {
  if (credential.kind !== 'secret' && credential.kind !== 'certificate') return undefined;
  const value = secret(credential.kind === 'secret' ? credential.secret : credential.pem);
  const print = unsecret(value.apply((text) => createHash('sha256').update(text).digest('hex').slice(0, 8)));
  const name = credential.kind === 'secret' ? 'source-client-secret' : 'source-client-certificate';
  return { name: interpolate`${name}-${print}`, value };
}

function toEnvironmentVar(
  variable: Variable<Output<string>>,
  secretRef: Output<string> | undefined,
): { name: string; value?: Input<string>; secretRef?: Input<string> } {
  if ('value' in variable) return { name: variable.name, value: variable.value };
  if (variable.secret === 'pseudonym-key') return { name: variable.name, secretRef: PSEUDONYM_SECRET };
  if (secretRef === undefined) throw new Error(`collector app: ${variable.name} needs a secret, and there is none`);
  return { name: variable.name, secretRef };
}
