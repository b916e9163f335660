/** What tests read off a graph of resources. */
import type { Plan } from '../../infra/plan/plan.ts';
import type { Registration } from '../../infra/plan/registration.ts';

/** Last part of a Pulumi type. */
export const kindOf = ({ type }: Registration): string => type.slice(type.lastIndexOf(':') + 1);
/** Every resource of a kind, for example `Table`. */
export const ofKind = (plan: Plan, kind: string) => plan.registrations.filter((one) => kindOf(one) === kind);

/** Whether `one` is created after `other`, directly or through what is between. */
export function isAfter(plan: Plan, one: Registration, other: Registration): boolean {
  const byUrn = new Map(plan.registrations.map((registration) => [registration.urn, registration]));
  const open = [...one.dependencies];
  const passed = new Set<string>();
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    if (urn === other.urn) return true;
    if (passed.has(urn)) continue;
    passed.add(urn);
    open.push(...(byUrn.get(urn)?.dependencies ?? []));
  }
  return false;
}

/** Every string in a value, with its path. */
export function texts(value: unknown, at = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string') return [[at, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => texts(item, at === '' ? key : `${at}.${key}`));
}

/** The workspace that a resource lies in, by name; undefined when in none. */
export const workspaceOf = ({ inputs }: Registration): unknown => inputs['workspaceName'];
