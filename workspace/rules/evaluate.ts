/** Everything that rules raise over a directory of rows, in order of time. */
import type { ContentFile } from '../../kql/content/content-file.ts';
import type { Alert, Incident } from './alert.ts';
import { type AlertJson, toAlertJson } from './alert-json.ts';
import { incidentBook } from './incidents.ts';
import type { Failure } from './run-rule.ts';
import type { Times } from './runner.ts';
import { evaluateFiles } from './threads.ts';

/** Alerts, their incidents, and rules that could not run. */
export interface Outcome {
  readonly alerts: readonly AlertJson[];
  readonly incidents: readonly Incident[];
  readonly failures: readonly Failure[];
}

const inOrder = (a: Alert, b: Alert): number =>
  a.time.getTime() - b.time.getTime() || (a.rule < b.rule ? -1 : Number(a.rule > b.rule));

/** Runs the rules of files. @throws ContentError naming a watchlist that cannot be read */
export async function evaluate(
  files: readonly ContentFile[],
  data: { readonly directory: string; readonly times: Times },
): Promise<Outcome> {
  const evaluations = await evaluateFiles(files, data);
  const rules = new Map(evaluations.flatMap(({ rule }) => (rule === undefined ? [] : [[rule.id, rule] as const])));
  const book = incidentBook();
  // The sort is stable: alerts of one run stay in the order of its rows.
  const alerts = evaluations
    .flatMap((one) => one.alerts)
    .toSorted(inOrder)
    .flatMap((alert) => {
      const rule = rules.get(alert.id);
      return rule === undefined ? [] : [toAlertJson(alert, book.add(rule, alert), rule)];
    });
  const failures = evaluations.flatMap(({ failure }) => failure ?? []);
  return { alerts, incidents: book.all(), failures: failures.toSorted((a, b) => (a.rule < b.rule ? -1 : 1)) };
}
