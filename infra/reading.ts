/** What a tenant's collector may be told to read: names, defaults, and what does not go together. Pure. */
import { permissions } from '../collector/permissions.ts';
import { type Setting, settings } from '../collector/settings.ts';
import type { Cloud, Reading } from './types.ts';

/** Sources of a deployed collector. */
export const sourceNames = ['activity-feed', 'audit-query', 'storage-export', 'usage-report'] as const;

/** Enrichers: whatever else needs a permission. */
export const enricherNames: readonly string[] = [...new Set(permissions.map(({ neededBy }) => neededBy))].filter(
  (name) => !sourceNames.some((source) => source === name),
);

/** Permissions that are asked for only when configuration names them. */
export const optionalRoles: readonly string[] = permissions
  .filter(({ isOptional }) => isOptional === true)
  .map(({ role }) => role);

/** Periods of usage reports that the collector takes. */
export const usagePeriods = ['D7', 'D28', 'D30', 'D90', 'D180', 'ALL'] as const;

// Graph's pages on Copilot (usage reports, package catalogue): "national cloud: global only".
const GLOBAL_ONLY: Readonly<Record<string, string>> = {
  'usage-report': 'usage reports exist',
  agents: 'the package catalogue exists',
};
const isGlobal = (cloud: Cloud): boolean => cloud === 'commercial' || cloud === 'gcc';

// Finds service plans by name.
const PLAN_NAMES_ROLE = 'LicenseAssignment.Read.All';

const all: readonly Setting[] = settings;
const usual = all.find(({ name }) => name === 'ENRICH')?.default?.split(',') ?? [];

/** Enrichers of a tenant that names none: the collector's default, without those that the cloud does not offer. */
export function defaultEnrichers(cloud: Cloud): readonly string[] {
  return isGlobal(cloud) ? usual : usual.filter((name) => !(name in GLOBAL_ONLY));
}

/** What cannot be read in this cloud, or is set and not used, one sentence each with the remedy. */
export function readingProblems(of: Reading, cloud: Cloud): readonly string[] {
  const problems: string[] = [];
  for (const key of ['sources', 'enrich'] as const)
    for (const name of of[key])
      if (!isGlobal(cloud) && name in GLOBAL_ONLY)
        problems.push(`${GLOBAL_ONLY[name]} in the global cloud only, not in ${cloud}: leave ${name} out of ${key}`);
  if (of.usagePeriods !== undefined && !of.sources.includes('usage-report'))
    problems.push('usagePeriods is not used without usage-report: add it to sources, or remove usagePeriods');
  if (of.sources.includes('storage-export') !== (of.storageExports !== undefined))
    problems.push(
      of.storageExports === undefined
        ? 'storage-export is in sources, but nothing says where exports lie: set storageExports'
        : 'storageExports is not used without storage-export: add it to sources, or remove storageExports',
    );
  const accounts = (of.storageExports ?? []).map(({ id }) => id.toLowerCase());
  for (const id of new Set(accounts.filter((one, n) => accounts.indexOf(one) !== n)))
    problems.push(`storageExports has ${id} twice: one entry per account, with all its containers`);
  for (const key of ['licensePlanIds', 'licensePlanNames'] as const)
    if (of[key] !== undefined && !of.enrich.includes('users'))
      problems.push(`${key} is not used without users: add it to enrich, or remove ${key}`);
  return [...problems, ...permissionProblems(of)];
}

function permissionProblems(of: Reading): readonly string[] {
  const problems: string[] = [];
  for (const { role, neededBy } of permissions)
    if (of.optionalPermissions.includes(role) && ![...of.sources, ...of.enrich].includes(neededBy))
      problems.push(
        `optionalPermissions has ${role}, which is for ${neededBy}: add that to enrich, or remove the role`,
      );
  const hasNames = of.licensePlanNames !== undefined;
  if (of.enrich.includes('users') && hasNames !== of.optionalPermissions.includes(PLAN_NAMES_ROLE))
    problems.push(
      hasNames
        ? `licensePlanNames needs ${PLAN_NAMES_ROLE}: add it to optionalPermissions`
        : `optionalPermissions has ${PLAN_NAMES_ROLE}, which finds plans by name: set licensePlanNames, or remove the role`,
    );
  return problems;
}
