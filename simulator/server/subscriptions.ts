import { apiError } from './api-errors.ts';
import { jsonReply, type Reply } from './reply.ts';
import type { Switches } from './switches.ts';

/** Content types of the Management Activity API. */
export const contentTypes: readonly string[] = [
  'Audit.AzureActiveDirectory',
  'Audit.Exchange',
  'Audit.SharePoint',
  'Audit.General',
  'DLP.All',
];

/** `stopped` was asked for by the client, `disabled` by an administrator; a list shows both as disabled. */
type SubscriptionState = 'enabled' | 'stopped' | 'disabled';

/** Subscriptions of one application in one tenant. */
export interface Subscriptions {
  list(): Reply;
  start(contentType: string): Reply;
  stop(contentType: string): Reply;
  /** An administrator disables the subscription, unless it was started in the last 15 minutes. Says whether he did. */
  disable(contentType: string): boolean;
  /** The error of a content request without an enabled subscription. */
  problem(contentType: string): Reply | undefined;
}

const quarterHourMs = 15 * 60_000;

/** Subscriptions with Audit.General in the given state. `nowMs` is the simulated clock. */
export function subscriptions(options: {
  readonly general: 'enabled' | 'disabled' | 'absent';
  readonly switches: Switches;
  readonly nowMs: () => number;
}): Subscriptions {
  const states = new Map<string, SubscriptionState>();
  const startedMs = new Map<string, number>();
  if (options.general !== 'absent') states.set('Audit.General', options.general);

  return {
    list: () =>
      // Management Activity API: the list holds the subscriptions that were ever started, with their status.
      jsonReply(
        200,
        [...states].map(([contentType, state]) => ({
          contentType,
          status: state === 'enabled' ? 'enabled' : 'disabled',
          webhook: null,
        })),
      ),
    start: (contentType) => {
      const now = options.nowMs();
      const last = startedMs.get(contentType);
      // Management Activity API: "do not repeat start within 15 minutes"; what happens then is not documented.
      if (last !== undefined && now - last < options.switches.startCooldownMinutes * 60_000)
        return apiError('AF429', 'StartSubscription', '00000000-0000-0000-0000-000000000000');
      // Live: 400 AF20024 although the documentation calls start idempotent.
      if (states.get(contentType) === 'enabled' && options.switches.secondStart === 'live') return apiError('AF20024');
      startedMs.set(contentType, now);
      states.set(contentType, 'enabled');
      return jsonReply(200, { contentType, status: 'enabled', webhook: null });
    },
    stop: (contentType) => {
      if (!states.has(contentType)) return apiError('AF20022');
      states.set(contentType, 'stopped');
      // Management Activity API: stop answers 200 with an empty body.
      return { status: 200, headers: {}, body: '', delivery: 'whole' };
    },
    disable: (contentType) => {
      const last = startedMs.get(contentType);
      if (last !== undefined && options.nowMs() - last < quarterHourMs) return false;
      states.set(contentType, 'disabled');
      return true;
    },
    problem: (contentType) => {
      const state = states.get(contentType);
      if (state === 'enabled') return undefined;
      // Management Activity API: AF20023 "disabled by a tenant or service admin"; no subscription is AF20022.
      return apiError(state === 'disabled' ? 'AF20023' : 'AF20022');
    },
  };
}
