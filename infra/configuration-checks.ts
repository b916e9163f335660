/** What must hold between configuration values that are right by themselves. */
import { configurationKeys, type ConfigurationKeyName } from './configuration-keys.ts';
import { NAMESPACE, unknownName } from './configuration-problems.ts';
import type { Values } from './configuration-values.ts';
import { ContentError } from './content/content-error.ts';
import type { Rule } from './content/read-rules.ts';
import { applyRuleOverrides } from './content/rule-overrides.ts';

/** A problem between keys; `keys` are those whose values it reads. */
export interface Clash {
  readonly keys: readonly ConfigurationKeyName[];
  readonly problem: string;
}

/** What azure-native is told, as text; an empty location is none. */
export interface AzureSettings {
  readonly location: string;
  readonly environment: string;
}

function workspaceClashes(values: Values, { location }: AzureSettings): readonly Clash[] {
  const clashes: Clash[] = [];
  const isNew = values['workspace.resourceId'] === undefined;
  if (isNew && location === '')
    clashes.push({
      keys: ['workspace.resourceId'],
      problem:
        'azure-native:location is not set, and a new workspace needs a region: pulumi config set azure-native:location westeurope',
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
  const names = rules.map(({ file }) => file);
  const known = Object.fromEntries(Object.entries(overrides).filter(([name]) => names.includes(name)));
  const unknown = Object.keys(overrides).filter((name) => !names.includes(name));
  const problems = unknown.map((name) => `content.rules: rule ${unknownName(name, names)}`);
  try {
    applyRuleOverrides(rules, { isEnabled: true, overrides: known });
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    problems.push(...error.problems);
  }
  return problems;
}

/** Every clash between values, with its remedy; `rules` as their files have them. */
export function clashes(values: Values, azure: AzureSettings, rules: readonly Rule[]): readonly Clash[] {
  const found: Clash[] = [...workspaceClashes(values, azure), ...retentionClashes(values)];
  const needed = values.cloud === 'gcc-high' || values.cloud === 'dod' ? 'usgovernment' : 'public';
  if (azure.environment !== needed)
    found.push({
      keys: ['cloud'],
      problem: `azure-native:environment is ${azure.environment}, but ${NAMESPACE}:cloud ${values.cloud} goes with ${needed}: pulumi config set azure-native:environment ${needed}`,
    });
  for (const problem of ruleClashes(values['content.rules'], rules))
    found.push({ keys: ['content.rules'], problem: `${NAMESPACE}:${problem}` });
  return found;
}
