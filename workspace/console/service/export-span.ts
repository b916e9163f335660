/** The span of time that the events of a directory of rows cover. */
import { columnOf } from '../../../kql/engine/relation.ts';
import { toUnixMilliseconds } from '../../../kql/engine/values/calendar.ts';
import { Datetime } from '../../../kql/engine/values/types.ts';
import { directoryTables } from '../../workspace.ts';

/** Epoch milliseconds of the first and the last event. */
export interface EventSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The span of `CopilotAudit_CL`; undefined without events.
 * @param latestMs what is later comes of a wrong clock, and would leave the rest out of every look at the latest weeks
 */
export function eventSpan(directory: string, latestMs: number): EventSpan | undefined {
  const rows = directoryTables(directory)['CopilotAudit_CL'];
  const relation = typeof rows === 'function' ? rows(new Set(['EventTime'])) : rows;
  const time = relation === undefined ? undefined : columnOf(relation, 'EventTime');
  if (relation === undefined || time === undefined) return undefined;
  let [fromMs, toMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < relation.length; row += 1) {
    const at = time.at(row);
    if (!(at instanceof Datetime)) continue;
    const ms = toUnixMilliseconds(at);
    if (ms > latestMs) continue;
    fromMs = Math.min(fromMs, ms);
    toMs = Math.max(toMs, ms);
  }
  return fromMs <= toMs ? { fromMs, toMs } : undefined;
}
