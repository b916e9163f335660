/** The table with which a collection ends on the terminal. */
import { emptySummary, plus } from '../../collector/pass-summary.ts';
import type { PassCounts } from '../../workspace/console/service/first-pass.ts';

/** A name and what stands beside it. */
export type Line = readonly [name: string, value: string];

/** A number with its thousands apart. */
export const number = (value: number): string => value.toLocaleString('en-US');

/** The lines of a pass. */
export const summaryLines = (counts: PassCounts): readonly Line[] => [
  ['audit records seen', number(counts.seen)],
  ['of other workloads, not kept', number(counts.foreign)],
  ['selected', number(counts.selected)],
  ['stored', number(counts.accepted)],
  ['duplicates dropped', number(counts.duplicate)],
  ['put aside (dead letters)', number(counts.deadLettered)],
  ['unparsable', number(counts.unparsable)],
  ['gaps', number(counts.gaps)],
];

/** What the passes over audit records come to together; those over reports count rows of another kind. */
export const sumOfAudit = (counts: ReadonlyMap<string, PassCounts>): PassCounts =>
  [...counts].filter(([source]) => source !== 'usage-report').reduce((sum, [, one]) => plus(sum, one), emptySummary());

/** The table as text. */
export function toTable(lines: readonly Line[]): string {
  const width = Math.max(...lines.map(([name]) => name.length));
  return `\n${lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n')}\n`;
}
