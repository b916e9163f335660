/** Plausible outputs, so that ids, endpoints and names flow through the program as they would in Azure. */
import { createHash } from 'node:crypto';
import { armIdOf } from './arm-id.ts';
import type { Registration } from './registration.ts';
import type { Answer } from './stand-in-engine.ts';
import { textAt, type Values, valuesAt } from './wire-values.ts';

/** 32 hex digits that follow from the text. */
const hexOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** A GUID that follows from the text. */
export function guidFrom(text: string): string {
  return hexOf(text).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Whether a region belongs to Azure Government, which has host names of its own. */
const isGovernment = (location: string): boolean => /^us(gov|dod)/i.test(location.replaceAll(' ', ''));

type OutputsOf = (id: string, inputs: Values, name: string) => Values;

const byType: Readonly<Record<string, OutputsOf>> = {
  'azure-native:operationalinsights:Workspace': (id) => ({ customerId: guidFrom(`${id}/customer`) }),
  'azure-native:managedidentity:UserAssignedIdentity': (id) => ({
    principalId: guidFrom(`${id}/principal`),
    clientId: guidFrom(`${id}/client`),
    tenantId: '00000000-0000-4000-8000-00000000000a',
  }),
  'azure-native:monitor:DataCollectionEndpoint': (id, inputs, name) => {
    const location = textAt(inputs, 'location');
    const host = `${name}-${hexOf(id).slice(0, 4)}.${location}-1.ingest.monitor.azure.${isGovernment(location) ? 'us' : 'com'}`;
    return {
      immutableId: `dce-${hexOf(id)}`,
      logsIngestion: { endpoint: `https://${host}` },
      metricsIngestion: { endpoint: `https://${host.replace('ingest', 'metrics.ingest')}` },
      configurationAccess: { endpoint: `https://${host.replace('ingest', 'handler.control')}` },
    };
  },
  'azure-native:monitor:DataCollectionRule': (id) => ({ immutableId: `dcr-${hexOf(id)}` }),
  'azure-native:storage:StorageAccount': (_id, inputs, name) => {
    const suffix = isGovernment(textAt(inputs, 'location')) ? 'core.usgovcloudapi.net' : 'core.windows.net';
    const endpoint = (service: string): string => `https://${name}.${service}.${suffix}/`;
    return { primaryEndpoints: { blob: endpoint('blob'), table: endpoint('table'), dfs: endpoint('dfs') } };
  },
  'azure-native:storage:Blob': (_id, inputs, name) => ({
    url: `https://${textAt(inputs, 'accountName')}.blob.core.windows.net/${textAt(inputs, 'containerName')}/${name}`,
  }),
  'azure-native:containerregistry:Registry': (_id, inputs, name) => ({
    loginServer: `${name}.azurecr.${isGovernment(textAt(inputs, 'location')) ? 'us' : 'io'}`,
  }),
  'azure-native:containerregistry:TaskRun': (id, inputs) => ({
    provisioningState: 'Succeeded',
    runResult: {
      status: 'Succeeded',
      runId: 'run1',
      outputImages: [
        {
          registry: `${textAt(inputs, 'registryName')}.azurecr.io`,
          repository: 'collector',
          tag: 'tag',
          digest: `sha256:${hexOf(id)}${hexOf(`${id}/digest`)}`,
        },
      ],
    },
  }),
  'azure-native:app:ManagedEnvironment': (id) => ({
    defaultDomain: `${hexOf(id).slice(0, 8)}.region.azurecontainerapps.io`,
    staticIp: '192.0.2.10',
  }),
  'azure-native:app:ContainerApp': (_id, _inputs, name) => ({ latestRevisionName: `${name}--0000001` }),
  'azure-native:keyvault:Vault': (_id, inputs, name) => ({
    properties: { ...valuesAt(inputs, 'properties'), vaultUri: `https://${name}.vault.azure.net/` },
  }),
  'azure-native:resources:Resource': (id, inputs) => ({
    properties: { ...valuesAt(inputs, 'properties'), immutableId: `dcr-${hexOf(id)}` },
  }),
};

/** The Azure name in a resource's id. */
const lastSegment = (id: string): string => id.slice(id.lastIndexOf('/') + 1);

/** What creating the resource answers; ids are those that Azure would give it in that subscription. */
export function answerOf(registration: Registration, subscriptionId: string): Answer {
  const { type, inputs, name } = registration;
  const arm = armIdOf(type, inputs, subscriptionId);
  if (arm !== undefined) {
    const outputs = byType[type]?.(arm, inputs, lastSegment(arm)) ?? {};
    return { id: arm, outputs: { name: lastSegment(arm), ...outputs } };
  }
  if (type === 'azure-native:storage:Blob') {
    const blob = textAt(inputs, 'blobName');
    return { id: `blob/${blob}`, outputs: { name: blob, ...byType[type]?.('', inputs, blob) } };
  }
  if (type.startsWith('pulumi:providers:')) return { id: guidFrom(`provider/${name}`), outputs: {} };
  if (type.startsWith('azuread:')) {
    const objectId = guidFrom(`${type}/${name}`);
    const isApplication = type === 'azuread:index/application:Application';
    return {
      id: isApplication ? `/applications/${objectId}` : objectId,
      outputs: { objectId, clientId: guidFrom(`${type}/${name}/client`) },
    };
  }
  throw new Error(`the stand-in engine knows no resources of type ${type}: add it to infra/plan/arm-types.ts`);
}
