/** The pack of rules over a store, at the times at which there is something new to see. */
import { join } from 'node:path';
import { toMinutes } from '../../../kql/content/duration.ts';
import { readRules } from '../../../kql/content/read-rules.ts';
import type { NetworkLocation } from '../../../kql/engine/scope.ts';
import type { Alert } from '../../../workspace/rules/alert.ts';
import { type PreparedRule, prepareRule, reasonOf } from '../../../workspace/rules/run-rule.ts';
import { rowsOf } from '../../../workspace/rules/row.ts';
import { toAlerts } from '../../../workspace/rules/to-alerts.ts';
import { workspaceEngine } from '../../../workspace/workspace.ts';
import { root } from '../bench.ts';
import type { Store } from './store.ts';

const MINUTE_MS = 60_000;
// A scheduled rule runs five minutes after the end of its period.
const DELAY_MS = 5 * MINUTE_MS;

/** A rule, ready to run; its problem where it cannot. */
export interface PackRule {
  readonly prepared: PreparedRule;
  readonly catalogue: readonly string[];
  readonly frequencyMs: number;
  readonly periodMs: number;
  /** It looks for what is missing, so it runs whether or not something is new. */
  readonly isForAbsence: boolean;
}

/** Rules that bind, in the order of their files; and why the others do not. */
export interface Pack {
  readonly rules: readonly PackRule[];
  readonly failures: readonly string[];
}

let read: Pack | undefined;

/** The shipped rules: read and bound once in a process. */
export function pack(): Pack {
  read ??= readPack();
  return read;
}

function readPack(): Pack {
  const engine = workspaceEngine();
  const failures: string[] = [];
  const rules: PackRule[] = [];
  for (const rule of readRules(join(root, 'analytics-rules'))) {
    const bound = prepareRule(engine, rule);
    if (!bound.ok) {
      failures.push(`${bound.failure.rule}: ${bound.failure.reason}`);
      continue;
    }
    rules.push({
      prepared: bound.prepared,
      catalogue: rule.tags.flatMap((tag) => /^catalogue:(.+)$/.exec(tag)?.[1] ?? []),
      frequencyMs: (toMinutes(rule.queryFrequency) ?? 0) * MINUTE_MS,
      periodMs: (toMinutes(rule.queryPeriod) ?? 0) * MINUTE_MS,
      isForAbsence: /\bCopilotHealth/.test(rule.query),
    });
  }
  return { rules, failures };
}

/** The scheduled times from `fromMs` to before `toMs` at which a rule sees something that it did not see before. */
export function runTimes(rule: PackRule, fromMs: number, toMs: number, news: readonly number[]): readonly number[] {
  const { frequencyMs, isForAbsence } = rule;
  const next = (ms: number): number => Math.ceil(ms / frequencyMs) * frequencyMs;
  const times = new Set<number>();
  if (isForAbsence) for (let ms = next(fromMs); ms < toMs; ms += frequencyMs) times.add(ms);
  for (const ms of news) if (next(ms) >= fromMs && next(ms) < toMs) times.add(next(ms));
  return [...times].toSorted((one, other) => one - other);
}

/** The alerts of one run, or why it fails. */
export function run(
  { prepared: { rule, query }, periodMs }: PackRule,
  atMs: number,
  store: Store,
  networks: readonly NetworkLocation[],
): { readonly alerts: readonly Alert[]; readonly failure?: string } {
  try {
    const result = query.run({
      now: new Date(atMs),
      tables: store.cut({ fromMs: atMs - periodMs, toMs: atMs, receivedMs: atMs + DELAY_MS }),
      networks,
    });
    return { alerts: toAlerts(rule, rowsOf(result), new Date(atMs)) };
  } catch (error) {
    return { alerts: [], failure: `${rule.file}: ${reasonOf(error)}` };
  }
}

/** Ids of the records behind an alert. */
export const recordIds = ({ customDetails }: Alert): readonly string[] =>
  Object.entries(customDetails)
    .filter(([name]) => /^RecordIds?$/i.test(name))
    .flatMap(([, values]) =>
      values.flatMap((value) => value.match(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi) ?? []),
    )
    .map((id) => id.toLowerCase());
