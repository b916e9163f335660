/** A reader who opens a workbook, looks at every tab, and follows what can be followed. */
import type { Result } from '../../kql/engine/engine.ts';
import { holds } from '../../kql/workbook/conditions.ts';
import { cellText } from '../../kql/workbook/cell-text.ts';
import { choicesFrom } from '../../kql/workbook/choices.ts';
import { allOf, initialValues, valuesFrom } from '../../kql/workbook/parameters.ts';
import { substitute } from '../../kql/workbook/substitute.ts';
import type { Span } from '../../kql/workbook/time-range.ts';
import { withText, withValue } from '../../kql/workbook/values.ts';
import { queryOf, steps } from '../../kql/workbook/walk.ts';
import type { Condition, Parameter, QueryItem, Values, Workbook } from '../../kql/workbook/workbook.ts';
import { cellRows } from './cells.ts';
import type { Runner } from './runner.ts';

/** What a reader does. */
export interface Reader {
  /** Chooses All wherever it can be chosen; default: leaves what the workbook opens with. */
  readonly choosesAll?: boolean;
  /** Chooses this row of every grid that sets something, the last where there are fewer; default: chooses none. */
  readonly choosesRow?: number;
  /** Instead of the time range that the workbook opens with. */
  readonly span?: Span;
}

/** A tile that was seen. */
export interface Seen {
  readonly item: QueryItem;
  readonly text: string;
  readonly outcome: { readonly result: Result } | { readonly error: Error };
}

function setParameter(values: Values, parameter: Parameter, { run, now, reader }: Visit): Values {
  const query = queryOf(parameter);
  if (parameter.kind === 'text') {
    if (query === undefined) return values;
    const [row] = cellRows(run(substitute(query, values, now).text));
    return withText(values, parameter.name, cellText(row?.[0]));
  }
  if (parameter.kind !== 'choice') return values;
  const answer = query === undefined ? undefined : run(substitute(query, values, now).text);
  const choices =
    'fixed' in parameter.choices
      ? parameter.choices.fixed
      : choicesFrom(
          (answer?.columns ?? []).map(({ name }) => name),
          answer === undefined ? [] : cellRows(answer),
        );
  const isAll = reader.choosesAll === true && parameter.all !== undefined;
  return withValue(values, parameter.name, isAll ? allOf(parameter, choices) : valuesFrom(parameter, choices));
}

interface Visit {
  readonly run: Runner;
  readonly now: Date;
  readonly reader: Reader;
}

/** Clicks on the tabs that an item is behind; undefined where something else hides it. */
function reached(conditions: readonly Condition[], tabs: ReadonlySet<string>, values: Values): Values | undefined {
  const clicked = conditions
    .filter(({ parameterName, comparison }) => tabs.has(parameterName) && comparison === 'isEqualTo')
    .reduce((all, { parameterName, value }) => withText(all, parameterName, value), values);
  return conditions.every((condition) => holds(condition, clicked)) ? clicked : undefined;
}

function withRow(values: Values, { exports }: QueryItem, result: Result, choosesRow: number): Values {
  if (exports.length === 0) return values;
  const { columns, rows } = result;
  const nth = Math.min(choosesRow, rows.length - 1);
  const [cells] = cellRows({ columns, rows: rows.slice(Math.max(0, nth), nth + 1) });
  if (cells === undefined) return values;
  return exports.reduce((all, { field, parameter }) => {
    const whole = Object.fromEntries(columns.map(({ name }, index) => [name, cells[index]]));
    return withText(all, parameter, field === undefined ? JSON.stringify(whole) : cellText(whole[field]));
  }, values);
}

/** Every tile that such a reader sees, in the order of the file. */
export function visit(workbook: Workbook, run: Runner, now: Date, reader: Reader = {}): readonly Seen[] {
  const visiting = { run, now, reader };
  const tabs = new Set(
    steps(workbook).flatMap(({ item }) =>
      item.kind === 'links' ? item.links.flatMap(({ action }) => ('set' in action ? action.set : [])) : [],
    ),
  );
  let values = initialValues(workbook, reader.span);
  const seen: Seen[] = [];
  for (const { item, conditions } of steps(workbook)) {
    const here = reached(conditions, tabs, values);
    if (item.kind === 'parameters')
      for (const parameter of item.parameters) values = setParameter(values, parameter, visiting);
    if (item.kind !== 'query' || here === undefined) continue;
    const { text } = substitute(item.query, here, now);
    try {
      const result = run(text);
      seen.push({ item, text, outcome: { result } });
      if (reader.choosesRow !== undefined) values = withRow(values, item, result, reader.choosesRow);
    } catch (error) {
      seen.push({ item, text, outcome: { error: error instanceof Error ? error : new Error(String(error)) } });
    }
  }
  return seen;
}
