/** When rules run, and what their runs raise. */
import { toMinutes } from '../../kql/content/duration.ts';
import type { Rule } from '../../kql/content/read-rules.ts';
import type { Alert } from './alert.ts';
import { type Failure, type PreparedRule, type RunAt, runRule } from './run-rule.ts';

/** One run of a rule, runs at these times in their order, or every run that is scheduled between two times, both included. */
export type Times =
  | { readonly now: Date }
  | { readonly at: readonly Date[] }
  | { readonly from: Date; readonly to: Date };

/** What rules run on. */
export type RunnerOptions = Omit<RunAt, 'at'>;

/** The alerts of a rule's runs in order of time, and which run failed and why: the first one. */
export interface Evaluation {
  readonly alerts: readonly Alert[];
  readonly failure?: Failure;
}

const msOf = (duration: string): number => (toMinutes(duration) ?? 0) * 60_000;

/** The scheduled times of a rule: those given, or the whole multiples of its frequency between two times. */
export function scheduleOf(rule: Pick<Rule, 'queryFrequency'>, times: Times): readonly Date[] {
  if ('now' in times) return [times.now];
  if ('at' in times) return times.at;
  const every = msOf(rule.queryFrequency);
  const first = Math.ceil(times.from.getTime() / every);
  const count = Math.max(0, Math.floor(times.to.getTime() / every) - first + 1);
  return Array.from({ length: count }, (_, index) => new Date((first + index) * every));
}

/** Runs a rule at each of its times. A rule with suppression rests after an alert. */
export function evaluateRule(prepared: PreparedRule, times: Times, options: RunnerOptions): Evaluation {
  const { rule } = prepared;
  const alerts: Alert[] = [];
  let failure: Failure | undefined;
  let silentUntil = Number.NEGATIVE_INFINITY;
  for (const at of scheduleOf(rule, times)) {
    if (at.getTime() < silentUntil) continue;
    const outcome = runRule(prepared, { ...options, at });
    if (!outcome.ok) {
      const { rule: file, reason } = outcome.failure;
      failure ??= { rule: file, reason: `run of ${at.toISOString()}: ${reason}` };
      continue;
    }
    alerts.push(...outcome.alerts);
    if (outcome.alerts.length > 0 && rule.suppressionEnabled)
      silentUntil = at.getTime() + msOf(rule.suppressionDuration);
  }
  return failure === undefined ? { alerts } : { alerts, failure };
}
