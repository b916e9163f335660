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
import { askAzure, type AskRun, digestIn, findRun, type RunResult } from './image-run.ts';
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

/** Where the build context comes from, what became of earlier builds, and the clock (milliseconds). */
export interface BuildInputs {
  readonly context: () => Promise<ImageContext>;
  readonly ask: AskRun;
  readonly now: () => number;
}

const REPOSITORY = 'collector';
const CONTAINER = 'context';

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
  inputs: BuildInputs = { context: readImageContext, ask: askAzure, now: Date.now },
): Promise<ImageHandle> {
  const { imageRef, network } = around.configuration;
  if (network === 'private')
    await log.info(
      'network=private is about state and rows. The image, and the context it is built from, travel over public endpoints of registry and storage, by https.',
    );
  return imageRef === undefined ? built(around, pullers, inputs) : existing(imageRef);
}

async function existing(reference: string): Promise<ImageHandle> {
  const host = reference.split('/')[0] ?? '';
  // A registry of Azure is asked as the identity: grant it AcrPull there. Others must give the image to anybody.
  const isAzure = /^[a-z0-9-]+\.azurecr\.(?:io|us)$/.test(host);
  if (isAzure)
    await log.info(
      `The image is pulled as the identity of each collector, which needs AcrPull at ${host} before its app is made: create the identities first, docs/container.md`,
    );
  return { reference: output(reference), server: isAzure ? output(host) : undefined, ready: [] };
}

async function built(around: Surroundings, pullers: readonly Puller[], inputs: BuildInputs): Promise<ImageHandle> {
  const { naming, resourceGroupName, location, tags } = around;
  const context = await inputs.context();
  const registryName = naming.global('cr');
  // Basic has no private endpoint: with network=private the app pulls over the internet, as its identity, over https.
  const registry = new Registry('image-registry', {
    resourceGroupName,
    location,
    tags,
    registryName,
    sku: { name: 'Basic' },
    adminUserEnabled: false,
    anonymousPullEnabled: false,
  });
  const source = await uploaded(around, context);
  const roles = pullers.map(({ tenant, identity }) =>
    roleAssignment(around, {
      name: `role-image-${tenant.key}`,
      role: 'AcrPull',
      scope: registry.id,
      principalId: identity.principalId,
      dependsOn: [registry],
    }),
  );
  // Azure is asked by names, as surroundings.ts gives them: the group and the registry may not exist yet.
  const place = { resourceGroupName: naming.of('rg'), registryName, taskRunName: `${REPOSITORY}-${context.tag}` };
  const { taskRunName, digest } = await findRun(place, inputs.ask);
  const run =
    digest === undefined ? buildRun(around, { registry, taskRunName, context, source }, inputs.now()) : undefined;
  if (run !== undefined) {
    const hint =
      'a trial or free subscription refuses it (TasksOperationsNotAllowed): set image.ref, docs/container.md';
    await log.info(`The image is built by a registry task; ${hint}`, run);
  }
  const made = run === undefined ? output(digest) : run.runResult.apply(digestOf);
  return {
    reference: interpolate`${registry.loginServer}/${REPOSITORY}@${made}`,
    server: registry.loginServer,
    ready: [...(run === undefined ? [] : [run]), ...roles],
  };
}

/** What a run needs. */
interface Build {
  readonly registry: Registry;
  readonly taskRunName: string;
  readonly context: ImageContext;
  readonly source: Blob;
}

/**
 * A run is registered until it has made its image, and never touched again. Azure keeps it, as the place where the next
 * `pulumi up` reads the digest: also when this one was told that a good run had failed (pulumi-azure-native issue 1713),
 * or ended before it knew. A run without an image is left as it is, and the next one has another name: to create is the
 * only thing that certainly starts a build, with an address that has not expired.
 */
function buildRun(around: Surroundings, { registry, taskRunName, context, source }: Build, nowMs: number): TaskRun {
  const { resourceGroupName, location } = around;
  return new TaskRun(
    `image-build-${taskRunName.slice(REPOSITORY.length + 1)}`,
    {
      resourceGroupName,
      location,
      registryName: registry.name,
      taskRunName,
      forceUpdateTag: context.tag,
      runRequest: {
        type: 'DockerBuildRequest',
        sourceLocation: signedUrl(around, source, nowMs),
        dockerFilePath: DOCKERFILE,
        imageNames: [`${REPOSITORY}:${context.tag}`],
        isPushEnabled: true,
        platform: { os: 'Linux', architecture: 'amd64' },
        arguments: [{ name: 'VERSION', value: manifest.version, isSecret: false }],
        timeout: BUILD_TIMEOUT_SECONDS,
      },
    },
    { retainOnDelete: true },
  );
}

function digestOf(result: RunResult): string {
  const digest = digestIn(result);
  if (digest !== undefined) return digest;
  const { runId = '(no id)', status = 'unknown', runErrorMessage = '' } = result;
  const remedy = `read az acr task logs --run-id ${runId}, then run pulumi up again, which builds anew, or set image.ref`;
  throw new Error(
    `image: run ${runId} of the registry task ended as ${status}, no image; ${remedy}: ${runErrorMessage}`,
  );
}

/** The context as a blob. */
async function uploaded(around: Surroundings, context: ImageContext): Promise<Blob> {
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
    containerName: CONTAINER,
    publicAccess: 'None',
  });
  return new Blob('image-context', {
    resourceGroupName,
    accountName: account.name,
    containerName: container.name,
    blobName: `${context.tag}.tar.gz`,
    contentType: 'application/gzip',
    source: new asset.FileAsset(await written(context)),
  });
}

/** An address of the blob that may be read for an hour, a secret. */
function signedUrl({ naming, resourceGroupName }: Surroundings, blob: Blob, nowMs: number): Output<string> {
  const accountName = naming.global('stb');
  const { serviceSasToken } = listStorageAccountServiceSASOutput({
    resourceGroupName,
    accountName,
    canonicalizedResource: interpolate`/blob/${accountName}/${CONTAINER}/${blob.name}`,
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
