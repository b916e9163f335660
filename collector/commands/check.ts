import type { ArchivePlace } from '../archive/place.ts';
import type { Sink } from '../contracts.ts';
import type { HealthRows } from '../health-rows.ts';
import type { Token } from '../http.ts';
import { copilotHealth } from '../schema/index.ts';
import type { FeedApi } from '../sources/activity-feed/api.ts';
import type { ExportContainer } from '../sources/storage-export/blobs.ts';
import { TakenError } from '../state/place.ts';
import type { State } from '../state/state.ts';
import { CACHED, graphLines } from './check-graph.ts';
import { exportLines } from './check-exports.ts';
import { skewProblem } from './clock-skew.ts';
import { rolesOf } from './token-roles.ts';

/** What `check` tries. */
export interface CheckOptions {
  readonly token: Token;
  readonly graphToken: Token;
  /** Names of the sources and enrichers that are on. */
  readonly active: ReadonlySet<string>;
  /** Roles of optional permissions that a setting needs. */
  readonly optional: ReadonlySet<string>;
  readonly api: FeedApi;
  /** Where exports lie; none without the source. */
  readonly exports: readonly ExportContainer[];
  /** Where raw copies of records lie, if they are kept. */
  readonly archived?: ArchivePlace | undefined;
  readonly sink: Sink;
  readonly state: State;
  readonly health: HealthRows;
  readonly clockSkewMs: () => number;
  readonly print: (line: string) => void;
}

/** Tries each thing that collection needs, prints a line for each, and returns whether all passed. */
export async function check(options: CheckOptions, signal: AbortSignal): Promise<boolean> {
  const { token, graphToken, active, optional, api, exports, archived, sink, state, health, clockSkewMs, print } =
    options;
  let isGood = true;
  async function line(what: string, attempt: () => Promise<string>): Promise<void> {
    try {
      print(`pass  ${what}: ${await attempt()}`);
    } catch (error) {
      isGood = false;
      print(`FAIL  ${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  async function feedLines(): Promise<void> {
    let bearer = '';
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
  }

  if (active.has('activity-feed')) await feedLines();
  const lines = [...(await graphLines(graphToken, active, optional, signal)), ...(await exportLines(exports, signal))];
  for (const { level, text } of lines) {
    if (level === 'FAIL') isGood = false;
    print(`${level}  ${text}`);
  }
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
  if (archived !== undefined)
    await line('archive', async () => {
      const { length } = await archived.list(signal);
      // What is written to try it could not be removed again.
      return `${length} objects listed; the first pass shows whether it can be written`;
    });
  return isGood;
}
