/** Whether a rule's query keeps to its schedule: no row falls between two runs, none comes too late to be seen. */
import type { Syntax } from '../engine/language/syntax.ts';
import { argumentsOf, calledName } from './lint-rule.ts';
import { constantMinutes, type Lets, shown } from './minutes.ts';

/** Something at a character of the query's text. */
export interface QueryRemark {
  readonly offset: number;
  readonly message: string;
}

// A scheduled rule runs five minutes late by design; twice that covers a run that is late itself.
const LEAST_OVERLAP = 10;
// TimeGenerated is the time of the event up to this lateness, in minutes (collector/sinks/stamp-time.ts).
const LATEST_EVENT = 46 * 60;
const eventFunctions: ReadonlySet<string> = new Set([
  'CopilotAdminEvents',
  'CopilotCredits',
  'CopilotEvents',
  'CopilotInteractions',
  'CopilotMessages',
  'CopilotModels',
  'CopilotPlugins',
  'CopilotResources',
  'CopilotTurns',
]);

/** How often a rule runs and how far it sees, in minutes. */
export interface Schedule {
  readonly period: number;
  readonly frequency: number;
}

/** A `let frequency` that is not the rule's. */
export function frequencyRemarks(lets: Lets, frequency: number): readonly QueryRemark[] {
  const named = lets.get('frequency');
  const written = named === undefined ? undefined : constantMinutes(named, lets);
  if (named === undefined || written === undefined || written === frequency) return [];
  const message = `frequency is ${shown(written)}, queryFrequency ${shown(frequency)}: they must be the same`;
  return [{ offset: named.span.start, message }];
}

/** Bounds of the time of receipt that leave a gap between two runs when the later one is five minutes late. */
export function overlapRemarks(lets: Lets, agos: readonly Syntax[], frequency: number): readonly QueryRemark[] {
  const least = shown(LEAST_OVERLAP);
  const named = lets.get('overlap');
  const written = named === undefined ? undefined : constantMinutes(named, lets);
  if (named !== undefined && written !== undefined && written < LEAST_OVERLAP) {
    const message = `overlap is ${shown(written)}: a run that starts late misses rows; make it ${least} or more`;
    return [{ offset: named.span.start, message }];
  }
  return agos.flatMap((call): readonly QueryRemark[] => {
    const bound = call.ancestor('GreaterThanExpression', 'GreaterThanOrEqualExpression', 'FunctionCallExpression');
    if (bound === undefined || bound.kind === 'FunctionCallExpression') return [];
    const column = bound.child('Left').text;
    const [argument] = argumentsOf(call);
    const back = argument === undefined ? undefined : constantMinutes(argument, lets);
    if (!/^\s*(?:IngestedAt|ingestion_time\(\))\s*$/.test(column) || back === undefined) return [];
    if (back >= frequency + LEAST_OVERLAP) return [];
    const message = `takes rows of ${shown(back)}: a run that starts late misses some; use ago(frequency + overlap), overlap ${least} or more`;
    return [{ offset: call.span.start, message }];
  });
}

/** A call of a function of events in a rule whose period does not reach events that come in late. */
export function periodRemarks(root: Syntax, { period, frequency }: Schedule): readonly QueryRemark[] {
  const least = LATEST_EVENT + frequency;
  if (period >= least) return [];
  const call = [...root.descendants()].find(
    (node) => node.kind === 'FunctionCallExpression' && eventFunctions.has(calledName(node) ?? ''),
  );
  if (call === undefined) return [];
  const message = `reads events over ${shown(period)}: they keep their own time until they are 46 h late; make queryPeriod ${shown(least)} or more`;
  return [{ offset: call.span.start, message }];
}
