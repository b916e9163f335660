/** The rules of a console: their runs, the incidents that come of them, and how far they are. */
import type { ContentFile } from '../../../kql/content/content-file.ts';
import { toMinutes } from '../../../kql/content/duration.ts';
import type { Rule } from '../../../kql/content/read-rules.ts';
import type { Alert } from '../../rules/alert.ts';
import type { FileEvaluation } from '../../rules/evaluate-file.ts';
import { incidentBook } from '../../rules/incidents.ts';
import type { FileTask } from '../../rules/thread-data.ts';
import type { IncidentView, Status } from '../api.ts';
import type { AlertFile } from './alert-file.ts';
import { failureReason } from './failure-reason.ts';
import { byNews, countBySeverity, toIncidentView } from './incident-views.ts';
import { dueRuns, lastTime, rulePack, runsAt, startRuns } from './rule-runs.ts';
import type { RunFile } from './run-file.ts';

/** Runs tasks over the rows that there are now, and tells each outcome. */
export type RunTasks = (
  tasks: readonly FileTask[],
  done: (one: FileEvaluation, task: FileTask) => void,
) => Promise<void>;

/** What the service works with. */
export interface RuleServiceOptions {
  readonly files: readonly ContentFile[];
  readonly run: RunTasks;
  /** Names of the tables that there are now. */
  readonly tables: () => ReadonlySet<string>;
  /** Keeps alerts, and when rules have run, from start to start. */
  readonly kept?: { readonly alerts: AlertFile; readonly runs: RunFile };
  /** Told the alerts of a rule as they are raised. */
  readonly raised?: (rule: Rule, alerts: readonly Alert[]) => void;
}

/** Rules at work. */
export interface RuleService {
  /** One run of each rule at each of these times, in this order, the severest rules first. */
  readonly runAt: (times: readonly Date[], remark?: string) => Promise<void>;
  /** The runs of a start that is to go on: all rules now, or those that have not run since the last start in time. */
  readonly start: (now: Date) => Promise<void>;
  /** The runs that have become due since; nothing before the first runs, or while others are under way. */
  readonly runDue: (now: Date) => Promise<void>;
  /** Whether the first runs are over. */
  readonly hasRun: () => boolean;
  readonly status: () => Status['rules'];
  /** The newest first. */
  readonly incidents: () => readonly IncidentView[];
}

/** A service that has not run yet. @throws Error naming what is kept and cannot be read */
export function ruleService({ files, run, tables, kept, raised }: RuleServiceOptions): RuleService {
  const pack = rulePack(files);
  const ruleById = new Map(pack.rules.map(({ rule }) => [rule.id, rule]));
  const ruleByFile = new Map(pack.rules.map(({ rule }) => [rule.file, rule]));
  const book = incidentBook();
  const ranUpTo = new Map(kept?.runs.read());
  const silentUntil = new Map<string, number>();
  const failures = new Map(pack.failures.map(({ rule, reason }) => [rule, reason]));
  let isRunning = false;
  let hasRun = false;
  let done = 0;
  let total = pack.rules.length;
  let evaluatedUpTo = ranUpTo.size === 0 ? null : new Date(Math.max(...ranUpTo.values()));
  let remark: string | null = null;
  let views: readonly IncidentView[] = [];
  let isStale = false;

  const take = (alert: Alert): void => {
    const rule = ruleById.get(alert.id);
    // Kept alerts of a rule that is no more have nothing to be explained by.
    if (rule === undefined) return;
    book.add(rule, alert);
    isStale = true;
    if (rule.suppressionEnabled) {
      const untilMs = alert.time.getTime() + (toMinutes(rule.suppressionDuration) ?? 0) * 60_000;
      silentUntil.set(rule.id, Math.max(untilMs, silentUntil.get(rule.id) ?? untilMs));
    }
  };

  const finish = ({ rule, alerts, failure }: FileEvaluation, task: FileTask): void => {
    kept?.alerts.append(alerts);
    alerts.forEach(take);
    const known = rule ?? ruleByFile.get(task.file.name);
    if (known === undefined) return;
    raised?.(known, alerts);
    if (failure === undefined) failures.delete(known.file);
    else failures.set(known.file, failureReason(known, failure.reason, tables()));
    const ranMs = lastTime(task).getTime();
    ranUpTo.set(known.id, Math.max(ranMs, ranUpTo.get(known.id) ?? ranMs));
  };

  const runAll = async (tasks: readonly FileTask[], told: () => void): Promise<void> => {
    isRunning = true;
    try {
      await run(tasks, (one, task) => {
        finish(one, task);
        told();
      });
      const last = Math.max(...tasks.map((task) => lastTime(task).getTime()), evaluatedUpTo?.getTime() ?? 0);
      evaluatedUpTo = new Date(last);
      hasRun = true;
    } finally {
      isRunning = false;
      // Those that have ended are not repeated, whatever stopped the others.
      kept?.runs.write(ranUpTo);
    }
  };

  const runFirst = async (tasks: readonly FileTask[], wanted: number): Promise<void> => {
    total = wanted;
    // Those that need no run are done.
    done = wanted - tasks.length;
    if (tasks.length > 0) await runAll(tasks, () => (done += 1));
    hasRun = true;
  };

  /** After a clock was set back: what has run, or rests, up to a time that is still to come would wait until then. */
  const forgetFuture = (nowMs: number): void => {
    for (const [id, ms] of ranUpTo) ranUpTo.set(id, Math.min(ms, nowMs));
    for (const [id, ms] of silentUntil) {
      const restMs = (toMinutes(ruleById.get(id)?.suppressionDuration ?? '') ?? 0) * 60_000;
      silentUntil.set(id, Math.min(ms, nowMs + restMs));
    }
  };

  const refreshed = (): readonly IncidentView[] => {
    if (!isStale) return views;
    const counts = new Map<string, number>();
    const nthOf = (rule: Rule): number => {
      const nth = (counts.get(rule.file) ?? 0) + 1;
      counts.set(rule.file, nth);
      return nth;
    };
    views = book
      .all()
      .flatMap((incident) => {
        const rule = ruleByFile.get(incident.rule);
        return rule === undefined ? [] : [toIncidentView(incident, rule, nthOf(rule))];
      })
      .toSorted(byNews);
    isStale = false;
    return views;
  };

  kept?.alerts.read().forEach(take);
  return {
    runAt: async (times, note) => {
      remark = note ?? null;
      await runFirst(runsAt(pack.rules, { silentUntil }, times), pack.rules.length * times.length);
    },
    start: async (now) => {
      forgetFuture(now.getTime());
      await runFirst(startRuns(pack.rules, { ranUpTo, silentUntil }, now.getTime()), pack.rules.length);
    },
    runDue: async (now) => {
      if (isRunning || !hasRun) return;
      forgetFuture(now.getTime());
      const tasks = dueRuns(pack.rules, { ranUpTo, silentUntil }, now.getTime());
      if (tasks.length > 0) await runAll(tasks, () => undefined);
    },
    hasRun: () => hasRun,
    status: () => ({
      evaluatedUpTo: evaluatedUpTo?.toISOString() ?? null,
      done,
      total,
      failures: [...failures].map(([rule, reason]) => ({ rule, reason })),
      incidents: countBySeverity(refreshed()),
      remark,
    }),
    incidents: refreshed,
  };
}
