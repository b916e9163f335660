/** Configurations that the tests of the whole graph run: one for each choice that changes it. */
import type { PlanOptions } from '../../infra/plan/plan.ts';
import { ADOPTED_ID, IMAGE, SECRET, TENANT_A, TENANT_B } from './runs.ts';

const CLIENT = '00000000-0000-4000-8000-0000000000c1';
const image = { 'image.ref': IMAGE };
/** Certificate and key in form only. */
const PEM = ['CERTIFICATE', 'PRIVATE KEY']
  .map((word) => `-----BEGIN ${word}-----\n${Buffer.from(SECRET).toString('base64')}\n-----END ${word}-----\n`)
  .join('');

const elsewhere = (credential: string) => [{ id: TENANT_A, name: 'Contoso', credential, clientId: CLIENT }];

/** By what they are about. */
export const configurations = {
  new: { config: image },
  built: { config: {} },
  adopted: { config: { ...image, 'workspace.resourceId': ADOPTED_ID } },
  private: { config: { ...image, network: 'private' } },
  secret: {
    config: { ...image, tenants: elsewhere('secret') },
    secrets: { clientSecrets: JSON.stringify({ [TENANT_A]: SECRET }) },
  },
  certificate: {
    config: {
      ...image,
      tenants: elsewhere('certificate').map((one) => ({
        ...one,
        archive: { immutableDays: 365, deleteAfterDays: 400 },
      })),
    },
    secrets: { clientSecrets: JSON.stringify({ [TENANT_A]: PEM }) },
  },
  federated: { config: { ...image, tenants: elsewhere('federated') } },
  /** Two customers in one workspace, each with an application that the program registers. */
  registered: {
    config: {
      ...image,
      tenants: [
        { id: TENANT_A, name: 'Contoso', credential: 'federated' },
        { id: TENANT_B, name: 'Fabrikam', credential: 'federated', enrich: ['labels'] },
      ],
    },
  },
  tenants: {
    config: {
      ...image,
      tenants: [
        { id: TENANT_A, name: 'Contoso', credential: 'federated', clientId: CLIENT },
        { id: TENANT_B, name: 'Fabrikam', credential: 'federated', clientId: CLIENT, workspaceResourceId: ADOPTED_ID },
      ],
    },
  },
  manual: { config: { ...image, 'entra.mode': 'manual' } },
  government: {
    config: {
      ...image,
      cloud: 'gcc-high',
      'azure-native:environment': 'usgovernment',
      'azuread:environment': 'usgovernment',
      'azure-native:location': 'usgovvirginia',
    },
  },
  deleteData: { config: { ...image, deleteData: true } },
  alerts: { config: { ...image, 'alerts.email': 'soc@contoso.example' } },
} as const satisfies Readonly<Record<string, Partial<PlanOptions>>>;

/** Name of a configuration. */
export type ConfigurationName = keyof typeof configurations;
export const configurationNames = Object.keys(configurations) as readonly ConfigurationName[];
