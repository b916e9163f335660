import { placeholders } from '../../workbook/substitute.ts';
import { parametersOf } from '../../workbook/walk.ts';
import { valueAt } from '../json-place.ts';
import { argumentOf, callsOf } from '../workbook-calls.ts';
import type { WorkbookRule, WorkbookSubject } from '../workbook-rule.ts';

// What is kept at most in a workspace's interactive tier.
const MIN_DURATION_MS = 730 * 24 * 3_600_000;

const ownSpan = /\/\/ *not the time range: *\S/i;

/** The bounds of time that the functions in a query take: `startTime`, `endTime`, in lower case. */
function boundsTaken(query: string, { schemas }: WorkbookSubject): ReadonlySet<string> {
  const words = new Set(query.match(/[A-Za-z_]\w*/g));
  const called = [...schemas.functions.values()].filter(({ name }) => words.has(name));
  const taken = called.flatMap(({ parameters }) => parameters.toLowerCase().match(/\b(?:start|end)time(?=:)/g) ?? []);
  return new Set(taken);
}

/**
 * Calls that read from another time on than the range does: all there is, the last days, the end of the range. An end
 * may be left out by one call of several, where later rows tell of the range.
 */
function* strayCalls(query: string, { schemas }: WorkbookSubject): Generator<{ offset: number; problem: string }> {
  const bounded = new Map(
    [...schemas.functions.values()]
      .filter(({ parameters }) => /\bstartTime:/i.test(parameters))
      .map((definition) => [definition.name, definition.parameters]),
  );
  for (const call of callsOf(query, new Set(bounded.keys()))) {
    const start = argumentOf(call, bounded.get(call.name) ?? '', 'starttime');
    const problem =
      start === undefined
        ? 'has no start'
        : /\b(?:ago|now)\s*\(/.test(start)
          ? `starts at ${start}`
          : start.includes(':end}') && !start.includes(':start}')
            ? 'starts at the end of the range'
            : undefined;
    if (problem !== undefined) yield { offset: call.offset, problem: `${call.name} ${problem}` };
  }
}

/**
 * Azure cuts TimeGenerated to the range that an item is bound to, at both ends. A late row is stamped when it comes in,
 * so it would be lost: the functions get the range instead, and the item is bound to all there is.
 */
export const timeRule: WorkbookRule = {
  code: 'KQL029',
  title: 'The functions get the time range; the item is bound to 730 days, so that late rows stay.',
  *remarks(subject) {
    const times = parametersOf(subject.workbook).flatMap(({ kind, name }) => (kind === 'time' ? name : []));
    for (const { name, query, parameter, path } of subject.queries) {
      const owner = path.slice(0, -1);
      const own = (...keys: readonly string[]): unknown => valueAt(subject.json.value, [...owner, ...keys]);
      const from = own('timeContextFromParameter');
      const durationMs = own('timeContext', 'durationMs');
      if (typeof from === 'string' && from !== '')
        yield {
          at: [...owner, 'timeContextFromParameter'],
          message: `${name} is bound to ${from}: Azure would cut late rows; write "timeContext": {"durationMs": ${MIN_DURATION_MS}}`,
        };
      else if (typeof durationMs !== 'number' || durationMs < MIN_DURATION_MS)
        yield {
          at: owner,
          message: `${name}: Azure adds a narrower span of its own; write "timeContext": {"durationMs": ${MIN_DURATION_MS}}`,
        };
      const forms = placeholders(query).filter(({ name: used }) => times.includes(used));
      for (const { form, offset, name: used } of forms)
        if (form === '' || form === 'query' || form === 'value')
          yield {
            at: path,
            offset,
            message: `{${used}} would filter TimeGenerated: pass {${used}:start} and {${used}:end} to the function`,
          };
      // What a drop-down offers may come from all time; a budget's month is no range of the reader's.
      if (parameter !== undefined || times.length === 0 || ownSpan.test(query)) continue;
      for (const { offset, problem } of strayCalls(query, subject))
        yield {
          at: path,
          offset,
          message: `${name}: ${problem}: pass {${times[0]}:start}, or say why not: // Not the time range: <reason>`,
        };
      for (const bound of boundsTaken(query, subject)) {
        const form = bound === 'starttime' ? 'start' : 'end';
        if (!forms.some((used) => used.form === form))
          yield {
            at: path,
            message: `${name} does not pass {${times[0]}:${form}} to the function: pass it, or say why not: // Not the time range: <reason>`,
          };
      }
    }
  },
};
