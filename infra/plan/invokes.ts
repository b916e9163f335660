/** What the providers' functions answer in a subscription that exists only here. */
import { armIdOf } from './arm-id.ts';
import { guidFrom } from './answers.ts';
import { appRoleIds } from './app-roles.ts';
import type { Invoke } from './stand-in-engine.ts';
import { textAt, type Values } from './wire-values.ts';

/** The deployer and what exists before the program runs. */
export interface Surroundings {
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** Region of every workspace that already exists. */
  readonly workspaceLocation: string;
  /** Applications (client ids) that the tenant does not have. */
  readonly absentApplications?: readonly string[];
  /** Results of runs of the registry task that have been, by name. */
  readonly taskRuns?: Readonly<Record<string, Values>>;
}

/** Invented ids. */
export const surroundings: Surroundings = {
  subscriptionId: '00000000-0000-4000-8000-000000000001',
  tenantId: '00000000-0000-4000-8000-00000000000a',
  workspaceLocation: 'westeurope',
};

const deployer = { clientId: guidFrom('deployer/client'), objectId: guidFrom('deployer/object') };

/** The application that is asked for; throws as Microsoft Entra does when the tenant has none. */
function presentIn({ absentApplications = [] }: Surroundings, inputs: Values): string {
  const clientId = textAt(inputs, 'clientId');
  if (absentApplications.includes(clientId)) throw new Error(`No application found with client ID ${clientId}`);
  return clientId;
}

type Answers = Readonly<Record<string, (inputs: Values, around: Surroundings) => Values>>;

const byToken: Answers = {
  'azure-native:authorization:getClientConfig': (_inputs, { subscriptionId, tenantId }) => ({
    ...deployer,
    subscriptionId,
    tenantId,
  }),
  // Nothing is there that a token would open: the program asks and goes on without.
  'azure-native:authorization:getClientToken': () => ({ token: '' }),
  'azuread:index/getApplication:getApplication': (inputs, around) => {
    const clientId = presentIn(around, inputs);
    const objectId = guidFrom(`application/${clientId}`);
    return { id: `/applications/${objectId}`, objectId, clientId, displayName: 'stand-in application' };
  },
  'azuread:index/getClientConfig:getClientConfig': (_inputs, { tenantId }) => ({
    ...deployer,
    id: deployer.objectId,
    tenantId,
  }),
  'azure-native:operationalinsights:getWorkspace': (inputs, { subscriptionId, workspaceLocation }) => {
    const id = armIdOf('azure-native:operationalinsights:Workspace', inputs, subscriptionId) ?? '';
    return {
      id,
      name: textAt(inputs, 'workspaceName'),
      location: workspaceLocation,
      customerId: guidFrom(`${id}/customer`),
      provisioningState: 'Succeeded',
      retentionInDays: 90,
      sku: { name: 'PerGB2018' },
    };
  },
  'azure-native:securityinsights:getSentinelOnboardingState': (inputs, { subscriptionId }) => ({
    id: armIdOf('azure-native:securityinsights:SentinelOnboardingState', inputs, subscriptionId) ?? '',
    name: 'default',
  }),
  'azuread:index/getServicePrincipal:getServicePrincipal': (inputs, around) => {
    const clientId = presentIn(around, inputs);
    const known = appRoleIds[clientId];
    if (known === undefined) throw new Error(`the stand-in tenant has no service principal of application ${clientId}`);
    const objectId = guidFrom(`service-principal/${clientId}`);
    return {
      id: `/servicePrincipals/${objectId}`,
      objectId,
      clientId,
      displayName: known.api,
      appRoleIds: known.roles,
      accountEnabled: true,
    };
  },
  'azure-native:storage:listStorageAccountServiceSAS': () => ({
    serviceSasToken: 'sv=2024-11-04&sr=b&sp=r&sig=c3RhbmQtaW4%3D',
  }),
  'azure-native:containerregistry:getTaskRun': (inputs, { taskRuns = {} }) => {
    const name = textAt(inputs, 'taskRunName');
    const runResult = taskRuns[name];
    if (runResult === undefined) throw new Error(`ResourceNotFound: there is no task run ${name}`);
    return { name, runResult };
  },
  'azure-native:containerregistry:listRegistryBuildSourceUploadUrl': () => ({
    relativePath: 'source/0001.tar.gz',
    uploadUrl: 'https://registry.blob.core.windows.net/source/0001.tar.gz?sig=c3RhbmQtaW4%3D',
  }),
};

/** Answers one call; a token that is not known is an error by name. */
export function invokeAnswer({ token, inputs }: Invoke, around: Surroundings): Values {
  const answer = byToken[token];
  if (answer === undefined) {
    throw new Error(`the stand-in engine has no answer to the function ${token}: add it to infra/plan/invokes.ts`);
  }
  return answer(inputs, around);
}
