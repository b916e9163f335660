import type { Sink } from '../contracts.ts';
import type { HealthRows } from '../health-rows.ts';
import type { Token } from '../http.ts';
import { type Permission, permissions } from '../permissions.ts';
import { copilotHealth } from '../schema/index.ts';
import type { FeedApi } from '../sources/activity-feed/api.ts';
import { TakenError } from '../state/place.ts';
import type { State } from '../state/state.ts';
import { skewProblem } from './clock-skew.ts';

/** What `check` tries. */
export interface CheckOptions {
  readonly token: Token;
  readonly graphToken: Token;
  /** Names of the sources and enrichers that are on. */
  readonly active: ReadonlySet<string>;
  readonly api: FeedApi;
  readonly sink: Sink;
  readonly state: State;
  readonly health: HealthRows;
  readonly clockSkewMs: () => number;
  readonly print: (line: string) => void;
}

/** Roles of an access token; it is read, not verified: the API does that. */
function rolesOf(token: string): readonly string[] {
  const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  if (typeof claims !== 'object' || claims === null || !('roles' in claims) || !Array.isArray(claims.roles)) return [];
  return claims.roles.filter((role) => typeof role === 'string');
}

const CACHED = 'tokens may be cached for an hour (managed identity: a day)';

/** What is missing for a permission of Microsoft Graph. Fatal for a source; rows go out without enrichers. */
function graphProblem(
  { role, neededBy, withoutIt }: Permission,
  roles: readonly string[] | string,
): { readonly problem: string | undefined; readonly isFatal: boolean } {
  if (roles.includes(role) && typeof roles !== 'string') return { problem: undefined, isFatal: false };
  const why =
    typeof roles === 'string' ? `no token for Microsoft Graph (${roles})` : `the token does not carry ${role}`;
  const remedy = `${withoutIt}; grant this application permission of Microsoft Graph and consent to it; ${CACHED}`;
  return { problem: `${why}: ${remedy}`, isFatal: neededBy === 'usage-report' };
}

/** Tries each thing that collection needs, prints a line for each, and returns whether all passed. */
export async function check(options: CheckOptions, signal: AbortSignal): Promise<boolean> {
  const { token, graphToken, active, api, sink, state, health, clockSkewMs, print } = options;
  let isGood = true;
  let bearer = '';
  async function line(what: string, attempt: () => Promise<string>): Promise<void> {
    try {
      print(`pass  ${what}: ${await attempt()}`);
    } catch (error) {
      isGood = false;
      print(`FAIL  ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  await line('token', async () => {
    bearer = await token(undefined, signal);
    return 'Microsoft Entra gave one';
  });
  await line('permission', async () => {
    if (bearer === '') throw new Error('not tried: no token');
    if (rolesOf(bearer).includes('ActivityFeed.Read')) return 'the token carries ActivityFeed.Read';
    throw new Error(
      `the token does not carry ActivityFeed.Read: grant this application permission of Office 365 Management APIs and consent to it; ${CACHED}`,
    );
  });
  const wanted = permissions.filter(
    ({ api: of, neededBy, isOptional }) => of === 'Microsoft Graph' && active.has(neededBy) && isOptional !== true,
  );
  if (wanted.length > 0) {
    let roles: readonly string[] | string;
    try {
      roles = rolesOf(await graphToken(undefined, signal));
    } catch (error) {
      roles = error instanceof Error ? error.message : String(error);
    }
    for (const permission of wanted) {
      const { problem, isFatal } = graphProblem(permission, roles);
      if (isFatal) isGood = false;
      const what = `Graph ${permission.neededBy}`;
      print(
        problem === undefined
          ? `pass  ${what}: the token carries ${permission.role}`
          : `${isFatal ? 'FAIL' : 'warn'}  ${what}: ${problem}`,
      );
    }
  }
  let isSubscribed: boolean | undefined;
  await line('subscription', async () => {
    isSubscribed = await api.isSubscribed(signal);
    return isSubscribed ? 'Audit.General is enabled' : 'Audit.General is not enabled yet; run and once start it';
  });
  await line('listing', async () => {
    if (isSubscribed === undefined) throw new Error('not tried: see the line of the subscription');
    if (!isSubscribed) return 'not tried: nothing is listed before the subscription is started';
    const toMs = api.serverNow();
    const pages = await Array.fromAsync(api.list({ fromMs: toMs - 3_600_000, toMs }, signal));
    return `${pages.flat().length} blobs in the last hour (none is normal in a small tenant)`;
  });
  // No failure: windows go by the clock of the service. But rows are stamped with ours.
  const skew = skewProblem(clockSkewMs());
  if (skew !== undefined) print(`warn  clock: ${skew}`);
  await line('sink', async () => {
    const refused = await sink.write(
      copilotHealth,
      [health.heartbeat('check', { lagSeconds: null, oldestExpiryMs: null })],
      signal,
    );
    if (refused.length > 0) throw new Error(`the sink refuses a health row: ${refused[0]?.reason ?? ''}`);
    return 'a health row was accepted';
  });
  await line('state', async () => {
    try {
      await state.save(await state.load());
      return 'loaded and saved';
    } catch (error) {
      // Beside a running collector: it can be reached, and that is what can be tried.
      if (error instanceof TakenError) return `reached; ${error.message}`;
      throw error;
    } finally {
      await state.close();
    }
  });
  return isGood;
}
