import type { AccessedResource } from './audit-record.ts';

/** What became of a resource under data loss prevention; `failed` is a failure without a policy. */
export type PolicyOutcome = 'blocked' | 'audited' | 'failed';

const strength: readonly (PolicyOutcome | null)[] = [null, 'failed', 'audited', 'blocked'];

const isBlock = (action: string): boolean => /^block(?:access)?$/i.test(action);

/** Outcome for one resource; null when no policy applied and nothing failed. */
export function resourceOutcome({ status, policies }: AccessedResource): PolicyOutcome | null {
  const isFailure = status?.toLowerCase() === 'failure';
  if (policies.length === 0) return isFailure ? 'failed' : null;
  const isEnforced = policies.some(({ rules }) =>
    rules.some(({ mode, actions }) => mode?.toLowerCase() === 'enforce' && actions.some(isBlock)),
  );
  return isFailure || isEnforced ? 'blocked' : 'audited';
}

/** The strongest outcome over all resources: blocked, audited, failed, or null. */
export function policyOutcome(resources: readonly AccessedResource[]): PolicyOutcome | null {
  let strongest = 0;
  for (const resource of resources) strongest = Math.max(strongest, strength.indexOf(resourceOutcome(resource)));
  return strength[strongest] ?? null;
}
