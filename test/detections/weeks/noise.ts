/** What the benign weeks raised, as tables, and whether it is too much. */
import type { WeekResult } from './week.ts';

// The promise of the pack.
const MOST_PER_RULE = 1;
const MOST_HIGH = 10;

const weeksOf = (results: readonly WeekResult[]): readonly number[] =>
  [...new Set(results.map(({ week }) => week))].toSorted((one, other) => one - other);

const raisedIn = (results: readonly WeekResult[]): WeekResult['raised'] => results.flatMap(({ raised }) => raised);

/** Which limits are broken, in words. */
export function limitsBroken(results: readonly WeekResult[]): readonly string[] {
  return weeksOf(results).flatMap((week) => {
    const own = raisedIn(results).filter((one) => one.week === week);
    const byRule = [...Map.groupBy(own, ({ rule }) => rule)];
    const high = own.filter(({ severity }) => severity === 'High').length;
    return [
      ...byRule
        .filter(([, incidents]) => incidents.length > MOST_PER_RULE)
        .map(([rule, incidents]) => `week ${week}: ${rule}: ${incidents.length} incidents, at most ${MOST_PER_RULE}`),
      ...(high > MOST_HIGH ? [`week ${week}: ${high} incidents of high severity, at most ${MOST_HIGH}`] : []),
    ];
  });
}

/** A rule a line, a week a column; only rules that raised something. */
export function noiseTable(results: readonly WeekResult[], isMarkdown: boolean): string {
  const weeks = weeksOf(results);
  const raised = raisedIn(results);
  const rules = [...new Set(raised.map(({ rule }) => rule))].toSorted();
  const count = (rule: string, week: number): string => {
    const amount = raised.filter((one) => one.rule === rule && one.week === week).length;
    return amount === 0 ? '' : String(amount);
  };
  const high = weeks.map((week) => String(raised.filter((one) => one.week === week && one.severity === 'High').length));
  const lines = [
    ['Rule', ...weeks.map((week) => String(week + 1))],
    ...rules.map((rule) => [rule, ...weeks.map((week) => count(rule, week))]),
    ['All of high severity', ...high],
  ];
  if (isMarkdown) {
    const [head = [], ...rest] = lines.map((cells) => `| ${cells.join(' | ')} |`);
    return [head, `| --- |${weeks.map(() => ' ---: |').join('')}`, ...rest].join('\n');
  }
  return lines
    .map(([name = '', ...cells]) => name.padEnd(64) + cells.map((cell) => cell.padStart(4)).join(''))
    .join('\n');
}

/** A line for each incident: what it was about. */
export const raisedLines = (results: readonly WeekResult[]): readonly string[] =>
  raisedIn(results).map(
    ({ week, rule, severity, time, name, alertCount, entities, recordIds }) =>
      `week ${week} ${time} ${severity} ${rule}: ${name} (${alertCount} alerts; ${entities.slice(0, 4).join(', ')}; ` +
      `${recordIds.length} records, ${recordIds.slice(0, 2).join(' ')})`,
  );
