import { SourceError } from '../../contracts.ts';
import type { Asked, AuditQueryApi, Trouble } from './api.ts';
import type { Query } from './place.ts';
import type { Sleep } from './readings.ts';

/** What is lost without it, and what to do: for the end of an error. */
export const NEEDED =
  'grant AuditLogsQuery.Read.All (application permission of Microsoft Graph) and consent to it; a token may be cached for an hour, of a managed identity for a day';

// 400, 403 and 500 were seen to be over in a moment; a permission that is missing must not hold up other sources.
const TRIES = 3;
const RETRY_MS = 1000;
const MAX_WAIT_MS = 60_000;

const VERSIONS = ['v1.0', 'beta'] as const;

/** What ends a pass: the message says what, why and the remedy. */
export function toSourceError(name: string, what: string, { kind, detail }: Trouble): SourceError {
  const remedy = kind === 'forbidden' ? NEEDED : 'trying later';
  return new SourceError(`${name}: ${what}: ${detail}: ${remedy}`);
}

/**
 * Finds the version of Graph that serves audit queries in this tenant: v1.0, which some tenants answer with 404, else
 * beta. Asked once; a failure is not remembered. Throws a SourceError when there is none, or no answer.
 */
export function versionFinder(
  name: string,
  api: AuditQueryApi,
  sleep: Sleep,
): (signal: AbortSignal) => Promise<Query['version']> {
  let found: Query['version'] | undefined;

  async function probe(version: Query['version'], signal: AbortSignal): Promise<Asked<true>> {
    for (let attempt = 1; ; attempt++) {
      const answer = await api.probe(version, signal);
      if (answer.ok || answer.kind === 'gone' || attempt === TRIES || answer.waitMs > MAX_WAIT_MS) return answer;
      await sleep(Math.max(answer.waitMs, RETRY_MS * 2 ** (attempt - 1)), signal);
    }
  }

  return async (signal) => {
    if (found !== undefined) return found;
    for (const version of VERSIONS) {
      const answer = await probe(version, signal);
      if (answer.ok) return (found = version);
      if (answer.kind !== 'gone') throw toSourceError(name, `audit queries of Graph ${version} do not answer`, answer);
    }
    throw new SourceError(
      `${name}: this tenant has no audit queries: security/auditLog/queries is neither in v1.0 nor in beta of its Graph (national clouds may lack it): leave ${name} out; for the past export from Microsoft Purview and use import`,
    );
  };
}
