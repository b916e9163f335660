import type { Token } from '../http.ts';
import { type Permission, permissions } from '../permissions.ts';
import { rolesOf } from './token-roles.ts';

/** A line of `check`. */
export interface Line {
  readonly level: 'pass' | 'warn' | 'FAIL';
  readonly text: string;
}

/** For the end of a remedy: why a new permission may not show at once. */
export const CACHED = 'tokens may be cached for an hour (managed identity: a day)';

const sources: ReadonlySet<string> = new Set(['audit-query', 'usage-report']);

/** What is missing for a permission of Microsoft Graph. Fatal for a source; rows go out without enrichers. */
function graphProblem(
  { role, neededBy, withoutIt }: Permission,
  roles: readonly string[] | string,
): { readonly problem: string | undefined; readonly isFatal: boolean } {
  if (roles.includes(role) && typeof roles !== 'string') return { problem: undefined, isFatal: false };
  const why =
    typeof roles === 'string' ? `no token for Microsoft Graph (${roles})` : `the token does not carry ${role}`;
  const remedy = `${withoutIt}; grant this application permission of Microsoft Graph and consent to it; ${CACHED}`;
  return { problem: `${why}: ${remedy}`, isFatal: sources.has(neededBy) };
}

/** A line for each permission of Microsoft Graph that a source, an enricher or a setting needs. Never rejects. */
export async function graphLines(
  token: Token,
  active: ReadonlySet<string>,
  optional: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<readonly Line[]> {
  const wanted = permissions.filter(
    ({ api, role, neededBy, isOptional }) =>
      api === 'Microsoft Graph' && active.has(neededBy) && (isOptional !== true || optional.has(role)),
  );
  if (wanted.length === 0) return [];
  const roles = await token(undefined, signal)
    .then(rolesOf)
    .catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  return wanted.map((permission) => {
    const what = `Graph ${permission.neededBy}`;
    const { problem, isFatal } = graphProblem(permission, roles);
    if (problem === undefined) return { level: 'pass', text: `${what}: the token carries ${permission.role}` };
    return { level: isFatal ? 'FAIL' : 'warn', text: `${what}: ${problem}` };
  });
}
