/** Configuration values, each checked by itself. */
import { z } from 'zod';
import { configurationKeys, type ConfigurationKeyName } from './configuration-keys.ts';
import { NAMESPACE, problemLines, unknownName } from './configuration-problems.ts';
import {
  email,
  flag,
  fromJson,
  imageRef,
  oneOf,
  prefix,
  ruleOverride,
  whole,
  workspaceId,
} from './configuration-types.ts';

// Levels of ARM's WorkspaceSku.capacityReservationLevel; 0 is "not set".
const CAPACITY_LEVELS = [0, 100, 200, 300, 400, 500, 1000, 2000, 5000];
// Whole years above 730 days that a table's totalRetentionInDays takes; -1 is "as retentionInDays".
// https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure
const TOTAL_RETENTION_DAYS = [-1, 1095, 1460, 1826, 2191, 2556, 2922, 3288, 3653, 4018, 4383];
const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === '' ? undefined : value), type.optional());

const types = {
  name: prefix,
  'workspace.resourceId': optional(workspaceId),
  'workspace.sku': oneOf(['PerGB2018', 'CapacityReservation']),
  'workspace.capacityGb': z.coerce
    .number()
    .refine((level) => CAPACITY_LEVELS.includes(level), `must be one of ${CAPACITY_LEVELS.join(', ')}`),
  'workspace.retentionInDays': whole(30, 730),
  'workspace.dailyCapGb': whole(0, 100_000),
  'tables.retentionInDays': whole(4, 730, -1),
  'tables.totalRetentionInDays': whole(4, 730, ...TOTAL_RETENTION_DAYS),
  cloud: oneOf(['commercial', 'gcc', 'gcc-high', 'dod']),
  tenants: z.unknown(),
  clientSecrets: z.unknown(),
  'entra.mode': oneOf(['assign', 'manual']),
  network: oneOf(['public', 'private']),
  'image.ref': optional(imageRef),
  'content.rules': z.record(z.string(), ruleOverride, { error: 'must be a map from rule name to its changes' }),
  'content.rulesEnabled': flag,
  'alerts.email': optional(email),
  deleteData: flag,
  contentFields: oneOf(['drop', 'keep']),
  pollSeconds: whole(1, 86_400),
} satisfies Readonly<Record<ConfigurationKeyName, z.ZodType>>;
const shape = z.object(types);

/** Configuration values by key, each of its own type. */
export type Values = z.infer<typeof shape>;

/** The given values by key, defaults for the rest; problems for keys that do not exist. */
export function withDefaults(values: Readonly<Record<string, unknown>>): {
  readonly given: Readonly<Record<string, unknown>>;
  readonly problems: readonly string[];
} {
  const known = Object.keys(configurationKeys);
  const given: Record<string, unknown> = {};
  for (const [key, definition] of Object.entries(configurationKeys)) given[key] = definition.default;
  const problems: string[] = [];
  for (const [name, value] of Object.entries(values)) {
    const [, key] = name.split(/^copilot-sentinel:/);
    if (key === undefined) continue;
    if (!known.includes(key)) problems.push(`${NAMESPACE}: key ${unknownName(key, known)}`);
    else given[key] = typeof given[key] === 'object' ? fromJson(value) : value;
  }
  return { given, problems };
}

/** The checked values; a wrong one is told, and has its default from there on. */
export function checked(given: Readonly<Record<string, unknown>>): {
  readonly values: Values;
  readonly wrong: ReadonlySet<string>;
  readonly problems: readonly string[];
} {
  const wrong = new Set<string>();
  const problems: string[] = [];
  const sound: Record<string, unknown> = { ...given };
  for (const [key, type] of Object.entries(types)) {
    const { success, error } = type.safeParse(given[key]);
    if (success) continue;
    problems.push(...problemLines(key, given[key], error));
    wrong.add(key);
    sound[key] = Reflect.get(configurationKeys, key).default;
  }
  return { values: shape.parse(sound), wrong, problems };
}
