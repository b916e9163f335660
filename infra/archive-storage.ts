/** Raw copies of records: a container beside the state for each tenant that wants them, closed to changes for a time. */
import {
  BlobContainer,
  BlobContainerImmutabilityPolicy,
  ManagementPolicy,
} from '@pulumi/azure-native/storage/index.js';
import { type Input, interpolate, type Output, type Resource } from '@pulumi/pulumi';
import { roleAssignment } from './role-assignment.ts';
import type { ArchivePlan, StateHandle, Surroundings, Tenant } from './types.ts';

// Nobody reads copies but a replay, which mends what is young.
const COOL_AFTER_DAYS = 30;

const containerName = ({ id }: Tenant): string => `archive-${id}`;

/** Where raw copies of one tenant go. */
export interface ArchiveHandle {
  readonly tenant: Tenant;
  /** ARCHIVE_URL. */
  readonly containerUrl: Output<string>;
  /** ARM id of the container: scope of the role assignment. */
  readonly containerId: Output<string>;
  /** Container and retention policy, for `dependsOn`. */
  readonly resources: readonly Resource[];
}

interface Wanted {
  readonly tenant: Tenant;
  readonly archive: ArchivePlan;
}

/** Archives of the tenants that want one, in the account of the state. */
export function archiveStorage(around: Surroundings, state: StateHandle): readonly ArchiveHandle[] {
  const wanted = around.configuration.tenants.flatMap((tenant) =>
    tenant.archive === undefined ? [] : [{ tenant, archive: tenant.archive }],
  );
  if (wanted.length > 0) lifeCycle(around, state, wanted);
  return wanted.map((one) => archiveContainer(around, state, one));
}

function archiveContainer(around: Surroundings, state: StateHandle, { tenant, archive }: Wanted): ArchiveHandle {
  const { resourceGroupName, keep } = around;
  const { accountName } = state;
  const name = containerName(tenant);
  // Not protected: removing a tenant would stop `pulumi up` otherwise. Both stay in Azure.
  const { retainOnDelete } = keep;
  const container = new BlobContainer(
    `archive-${tenant.id}`,
    { resourceGroupName, accountName, containerName: name, publicAccess: 'None' },
    { retainOnDelete, dependsOn: [...state.resources] },
  );
  const policy =
    archive.immutableDays === undefined
      ? []
      : [
          new BlobContainerImmutabilityPolicy(
            `archive-policy-${tenant.id}`,
            {
              resourceGroupName,
              accountName,
              containerName: container.name,
              immutabilityPolicyName: 'default',
              immutabilityPeriodSinceCreationInDays: archive.immutableDays,
              // Objects are written whole, once.
              allowProtectedAppendWrites: false,
            },
            { retainOnDelete, dependsOn: [container] },
          ),
        ];
  return {
    tenant,
    containerUrl: interpolate`${state.blobEndpoint}/${name}`,
    containerId: interpolate`${state.accountId}/blobServices/default/containers/${name}`,
    resources: [container, ...policy],
  };
}

/** An account has one such policy, with a rule for each container. */
function lifeCycle(around: Surroundings, state: StateHandle, wanted: readonly Wanted[]): ManagementPolicy {
  return new ManagementPolicy(
    'archive-life-cycle',
    {
      resourceGroupName: around.resourceGroupName,
      accountName: state.accountName,
      managementPolicyName: 'default',
      policy: {
        rules: wanted.map(({ tenant, archive: { deleteAfterDays } }) => ({
          name: `archive-${tenant.key}`,
          type: 'Lifecycle',
          enabled: true,
          definition: {
            filters: { blobTypes: ['blockBlob'], prefixMatch: [`${containerName(tenant)}/`] },
            actions: {
              baseBlob: {
                tierToCool: { daysAfterModificationGreaterThan: COOL_AFTER_DAYS },
                ...(deleteAfterDays !== undefined && {
                  delete: { daysAfterModificationGreaterThan: deleteAfterDays },
                }),
              },
            },
          },
        })),
      },
    },
    { dependsOn: [...state.resources] },
  );
}

/** Lets a tenant's identity write and read its own archive, and no other; what a policy protects it cannot change. */
export function archiveRoles(
  around: Surroundings,
  archive: ArchiveHandle | undefined,
  principalId: Input<string>,
): readonly Resource[] {
  if (archive === undefined) return [];
  const { tenant, containerId, resources } = archive;
  return [
    roleAssignment(around, {
      name: `role-archive-${tenant.key}`,
      role: 'Storage Blob Data Contributor',
      scope: containerId,
      principalId,
      dependsOn: resources,
    }),
  ];
}
