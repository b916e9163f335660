/** What must hold between configuration values that are right by themselves. */
import { configurationKeys, type ConfigurationKeyName } from './configuration-keys.ts';
import { NAMESPACE, unknownName } from './configuration-problems.ts';
import type { Values } from './configuration-values.ts';
import { ContentError } from '../kql/content/content-error.ts';
import { RULES_FOLDER } from './content/read-content.ts';
import type { Rule } from '../kql/content/read-rules.ts';
import { applyRuleOverrides } from './content/rule-overrides.ts';
import type { Tenant } from './types.ts';

/** A problem between keys; `keys` are those whose values it reads. */
export interface Clash {
  readonly keys: readonly ConfigurationKeyName[];
  readonly problem: string;
}

/** What the providers are told, as text; an empty location is none. */
export interface AzureSettings {
  readonly location: string;
  readonly environment: string;
  /** azuread's environment. */
  readonly entraEnvironment: string;
}

// Letters and digits, as westeurope; Azure takes the name that people read, West Europe, as well.
const REGION = /^[a-z0-9]+(?: [a-z0-9]+)*$/i;

// Names of azuread's provider for the directory of each cloud; the first is the one to set.
const ENTRA_ENVIRONMENTS: Readonly<Record<Values['cloud'], readonly [string, ...string[]]>> = {
  commercial: ['global', 'public'],
  gcc: ['global', 'public'],
  'gcc-high': ['usgovernment', 'usgovernmentl4'],
  dod: ['dod', 'usgovernmentl5'],
};

function workspaceClashes(values: Values, { location }: AzureSettings): readonly Clash[] {
  const clashes: Clash[] = [];
  const isNew = values['workspace.resourceId'] === undefined;
  if (isNew && location === '')
    clashes.push({
      keys: ['workspace.resourceId'],
      problem:
        'azure-native:location is not set, and a new workspace needs a region: pulumi config set azure-native:location westeurope',
    });
  if (location !== '' && !REGION.test(location))
    clashes.push({
      keys: [],
      problem: `azure-native:location is "${location}": must be the name of a region, letters and digits, for example westeurope`,
    });
  for (const key of [
    'workspace.sku',
    'workspace.capacityGb',
    'workspace.retentionInDays',
    'workspace.dailyCapGb',
  ] as const)
    if (!isNew && values[key] !== configurationKeys[key].default)
      clashes.push({
        keys: ['workspace.resourceId', key],
        problem: `${NAMESPACE}:${key} is ${values[key]}, but an adopted workspace is never changed: remove it`,
      });
  const level = values['workspace.capacityGb'];
  if ((values['workspace.sku'] === 'CapacityReservation') !== level > 0)
    clashes.push({
      keys: ['workspace.sku', 'workspace.capacityGb'],
      problem: `${NAMESPACE}:workspace.capacityGb is ${level} with workspace.sku ${values['workspace.sku']}: CapacityReservation needs one, and no other has one`,
    });
  return clashes;
}

function retentionClashes(values: Values): readonly Clash[] {
  const own = values['tables.retentionInDays'];
  const isNew = values['workspace.resourceId'] === undefined;
  const days = own === -1 && isNew ? values['workspace.retentionInDays'] : own;
  const total = values['tables.totalRetentionInDays'];
  if (total === -1 || total >= days) return [];
  return [
    {
      keys: [
        'tables.totalRetentionInDays',
        'tables.retentionInDays',
        'workspace.retentionInDays',
        'workspace.resourceId',
      ],
      problem: `${NAMESPACE}:tables.totalRetentionInDays is ${total}, less than the ${days} days that queries see: make it -1 or at least ${days}`,
    },
  ];
}

function ruleClashes(overrides: Values['content.rules'], rules: readonly Rule[]): readonly string[] {
  const given = Object.keys(overrides);
  if (rules.length === 0 && given.length > 0)
    return [
      `content.rules names ${given.join(', ')}, but ${RULES_FOLDER}/ is empty: remove it, or bring the rules back`,
    ];
  const names = rules.map(({ file }) => file);
  const known = Object.fromEntries(Object.entries(overrides).filter(([name]) => names.includes(name)));
  const unknown = given.filter((name) => !names.includes(name));
  const problems = unknown.map((name) => `content.rules: rule ${unknownName(name, names)}`);
  try {
    applyRuleOverrides(rules, { isEnabled: true, overrides: known });
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    problems.push(...error.problems);
  }
  return problems;
}

/**
 * Problems between tenants and workspaces. Logs of all collectors go to one workspace: that of one of several customers
 * would get what names the others.
 */
export function tenantWorkspaceProblems(values: Values, tenants: readonly Tenant[]): readonly string[] {
  if (values['workspace.resourceId'] !== undefined) return [];
  const ids = new Set(tenants.map(({ workspace }) => workspace?.id.toLowerCase()));
  if (ids.has(undefined) || ids.size < 2) return [];
  return [
    `${NAMESPACE}:tenants: every tenant has a workspace of its own, and the logs of all collectors may go to none of these: set workspace.resourceId to a workspace of the operator`,
  ];
}

function environmentClashes(values: Values, azure: AzureSettings): readonly Clash[] {
  const clashes: Clash[] = [];
  const needed = values.cloud === 'gcc-high' || values.cloud === 'dod' ? 'usgovernment' : 'public';
  if (azure.environment !== needed)
    clashes.push({
      keys: ['cloud'],
      problem: `azure-native:environment is ${azure.environment}, but ${NAMESPACE}:cloud ${values.cloud} goes with ${needed}: pulumi config set azure-native:environment ${needed}`,
    });
  const accepted = ENTRA_ENVIRONMENTS[values.cloud];
  if (values['entra.mode'] === 'assign' && !accepted.includes(azure.entraEnvironment))
    clashes.push({
      keys: ['cloud', 'entra.mode'],
      problem: `azuread:environment is ${azure.entraEnvironment}, but ${NAMESPACE}:cloud ${values.cloud} goes with ${accepted[0]}: pulumi config set azuread:environment ${accepted[0]}`,
    });
  return clashes;
}

/** Every clash between values, with its remedy; `rules` as their files have them. */
export function clashes(values: Values, azure: AzureSettings, rules: readonly Rule[]): readonly Clash[] {
  const found: Clash[] = [
    ...workspaceClashes(values, azure),
    ...retentionClashes(values),
    ...environmentClashes(values, azure),
  ];
  for (const problem of ruleClashes(values['content.rules'], rules))
    found.push({ keys: ['content.rules'], problem: `${NAMESPACE}:${problem}` });
  return found;
}
