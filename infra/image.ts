/** The collector's image: built in the cloud from this repository, or one that exists. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Registry, TaskRun } from '@pulumi/azure-native/containerregistry/index.js';
import {
  Blob,
  BlobContainer,
  listStorageAccountServiceSASOutput,
  StorageAccount,
} from '@pulumi/azure-native/storage/index.js';
import { asset, interpolate, log, output, type Output, type Resource, secret } from '@pulumi/pulumi';
import manifest from '../package.json' with { type: 'json' };
import type { IdentityHandle } from './collector-identity.ts';
import { DOCKERFILE, type ImageContext, readImageContext } from './image-context.ts';
import { roleAssignment } from './role-assignment.ts';
import type { Surroundings, Tenant } from './types.ts';

/** An image that a container app can run. */
export interface ImageHandle {
  /** `host/repository@sha256:...` */
  readonly reference: Output<string>;
  /** Registry that is asked as the collector's identity; undefined: the image is pulled anonymously. */
  readonly server: Output<string> | undefined;
  /** What a container app depends on: the build, and the right to pull. */
  readonly ready: readonly Resource[];
}

/** An identity that pulls the image. */
export interface Puller {
  readonly tenant: Tenant;
  readonly identity: IdentityHandle;
}

/** Where the build context comes from, and the clock (milliseconds). */
export interface BuildInputs {
  readonly context: () => Promise<ImageContext>;
  readonly now: () => number;
}

const REPOSITORY = 'collector';

// The task fetches the context when it starts. Nobody needs the address later; it is the address of public code anyway.
const SAS_MS = 60 * 60_000;

// A build takes about a minute; a base image that is throttled takes longer.
const BUILD_TIMEOUT_SECONDS = 900;

/**
 * With `image.ref` that image and nothing is registered. Else a registry, a registry task that builds what
 * `readImageContext` packs, and AcrPull for every puller. Trial and free subscriptions refuse tasks with
 * TasksOperationsNotAllowed: for them, and where policy forbids shared keys, `image.ref` is the way.
 */
export async function collectorImage(
  around: Surroundings,
  pullers: readonly Puller[],
  inputs: BuildInputs = { context: readImageContext, now: Date.now },
): Promise<ImageHandle> {
  const { imageRef } = around.configuration;
  if (imageRef !== undefined) return existing(imageRef);
  return built(around, pullers, await inputs.context(), inputs.now());
}

function existing(reference: string): ImageHandle {
  const host = reference.split('/')[0] ?? '';
  // A registry of Azure is asked as the identity: grant it AcrPull there. Others must give the image to anybody.
  const isAzure = /^[a-z0-9-]+\.azurecr\.(?:io|us)$/.test(host);
  return { reference: output(reference), server: isAzure ? output(host) : undefined, ready: [] };
}

async function built(
  around: Surroundings,
  pullers: readonly Puller[],
  context: ImageContext,
  nowMs: number,
): Promise<ImageHandle> {
  const { naming, resourceGroupName, location, tags } = around;
  // Basic has no private endpoint: with network=private the app pulls over the internet, as its identity, over https.
  const registry = new Registry('image-registry', {
    resourceGroupName,
    location,
    tags,
    registryName: naming.global('cr'),
    sku: { name: 'Basic' },
    adminUserEnabled: false,
    anonymousPullEnabled: false,
  });
  const sourceLocation = await contextUrl(around, context, nowMs);
  // The tag is part of the logical name: new code is a new run, and a run that has been is never looked at again. So the
  // address, which another hour signs differently, can be ignored afterwards.
  const run = new TaskRun(
    `image-build-${context.tag}`,
    {
      resourceGroupName,
      location,
      registryName: registry.name,
      taskRunName: `${REPOSITORY}-${context.tag}`,
      forceUpdateTag: context.tag,
      runRequest: {
        type: 'DockerBuildRequest',
        sourceLocation,
        dockerFilePath: DOCKERFILE,
        imageNames: [`${REPOSITORY}:${context.tag}`],
        isPushEnabled: true,
        platform: { os: 'Linux', architecture: 'amd64' },
        arguments: [{ name: 'VERSION', value: manifest.version, isSecret: false }],
        timeout: BUILD_TIMEOUT_SECONDS,
      },
    },
    { ignoreChanges: ['runRequest.sourceLocation'] },
  );
  const hint = 'a trial or free subscription refuses it (TasksOperationsNotAllowed): set image.ref, docs/container.md';
  await log.info(`The image is built by a registry task; ${hint}`, run);
  const roles = pullers.map(({ tenant, identity }) =>
    roleAssignment(around, {
      name: `role-image-${tenant.key}`,
      role: 'AcrPull',
      scope: registry.id,
      principalId: identity.principalId,
      dependsOn: [registry],
    }),
  );
  const digest = run.runResult.apply(digestOf);
  return {
    reference: interpolate`${registry.loginServer}/${REPOSITORY}@${digest}`,
    server: registry.loginServer,
    ready: [run, ...roles],
  };
}

/** The result of a run, as far as it matters here. */
interface RunResult {
  readonly runId?: string;
  readonly status?: string;
  readonly runErrorMessage?: string;
  readonly outputImages?: readonly { readonly digest?: string }[];
}

function digestOf({ runId = '(no id)', status = 'unknown', runErrorMessage = '', outputImages }: RunResult): string {
  const digest = outputImages?.[0]?.digest;
  if (digest !== undefined) return digest;
  const remedy = `read az acr task logs --run-id ${runId}, or set image.ref`;
  throw new Error(
    `image: run ${runId} of the registry task ended as ${status}, no image; ${remedy}: ${runErrorMessage}`,
  );
}

/** Uploads the context and returns an address that may be read for an hour, a secret. */
async function contextUrl(around: Surroundings, context: ImageContext, nowMs: number): Promise<Output<string>> {
  const { naming, resourceGroupName, location, tags } = around;
  // The one account with shared keys, because a registry task reads a context by URL only, and the signature of such a
  // URL is made with a key. It holds the collector's code and nothing else, ever.
  const account = new StorageAccount('image-context-account', {
    resourceGroupName,
    location,
    tags: { ...tags, holds: 'build context of the collector, no data' },
    accountName: naming.global('stb'),
    kind: 'StorageV2',
    sku: { name: 'Standard_LRS' },
    allowSharedKeyAccess: true,
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
    enableHttpsTrafficOnly: true,
    minimumTlsVersion: 'TLS1_2',
  });
  const container = new BlobContainer('image-context-container', {
    resourceGroupName,
    accountName: account.name,
    containerName: 'context',
    publicAccess: 'None',
  });
  const blob = new Blob('image-context', {
    resourceGroupName,
    accountName: account.name,
    containerName: container.name,
    blobName: `${context.tag}.tar.gz`,
    contentType: 'application/gzip',
    source: new asset.FileAsset(await written(context)),
  });
  const { serviceSasToken } = listStorageAccountServiceSASOutput({
    resourceGroupName,
    accountName: account.name,
    canonicalizedResource: interpolate`/blob/${account.name}/${container.name}/${blob.name}`,
    resource: 'b',
    permissions: 'r',
    protocols: 'https',
    // Whole seconds: the service knows no others.
    sharedAccessExpiryTime: new Date(nowMs + SAS_MS).toISOString().replace(/\.\d+/, ''),
  });
  return secret(interpolate`${blob.url}?${serviceSasToken}`);
}

/** Path of the context as a file: Pulumi uploads it after this program has gone on. */
async function written({ bytes, tag }: ImageContext): Promise<string> {
  const directory = fileURLToPath(new URL('../dist', import.meta.url));
  const path = join(directory, `image-context-${tag}.tar.gz`);
  await mkdir(directory, { recursive: true });
  await writeFile(`${path}.${process.pid}`, bytes);
  await rename(`${path}.${process.pid}`, path);
  return path;
}
