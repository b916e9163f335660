import type { Span } from './time-range.ts';
import type { Choice, ChoiceParameter, Parameter, ParameterValue, Setting, Values, Workbook } from './workbook.ts';
import { steps } from './walk.ts';

type ChoiceValue = Extract<ParameterValue, { kind: 'choice' }>;

const ALL = 'value::all';
// `value::1` is the first, `value::2` the second.
const NTH = /^value::(\d+)$/;

/** Everything, where "All" can be chosen; otherwise nothing. */
export function allOf({ all }: ChoiceParameter, choices: readonly Choice[]): ChoiceValue {
  if (all === undefined) return { kind: 'choice', values: [], isAll: false };
  // Every value is written into queries: so they must be known.
  const values = 'every' in all ? choices.map(({ value }) => value) : [];
  return { kind: 'choice', values, isAll: true, labels: ['All'] };
}

/** The choice of these values, in the order of what is offered. */
export function choiceOf(
  parameter: ChoiceParameter,
  choices: readonly Choice[],
  values: readonly string[],
): ChoiceValue {
  const offered = choices.filter(({ value }) => values.includes(value));
  const unknown = values.filter((value) => offered.every((choice) => choice.value !== value));
  const all = [...offered, ...unknown.map((value) => ({ value, label: value }))];
  const chosen = parameter.isMultiple ? all : all.slice(0, 1);
  return {
    kind: 'choice',
    values: chosen.map(({ value }) => value),
    isAll: false,
    labels: chosen.map(({ label }) => label),
  };
}

/**
 * What a drop-down is set to once its choices are known: what was chosen before and is still offered, else what the
 * file says (`value::all`, `value::1`, a value that is offered), else what the choices mark as selected. Nothing where
 * none of it applies.
 */
export function valuesFrom(
  parameter: ChoiceParameter,
  choices: readonly Choice[],
  before?: ParameterValue,
): ChoiceValue {
  const offered = new Set(choices.map(({ value }) => value));
  if (before?.kind === 'choice') {
    if (before.isAll && parameter.all !== undefined) return allOf(parameter, choices);
    const kept = before.values.filter((value) => offered.has(value));
    if (kept.length > 0) return choiceOf(parameter, choices, kept);
  }
  if (parameter.value.includes(ALL)) return allOf(parameter, choices);
  const asked = parameter.value.flatMap((value) => {
    const nth = NTH.exec(value)?.[1];
    return nth === undefined ? value : (choices[Number(nth) - 1]?.value ?? []);
  });
  const named = asked.filter((value) => offered.has(value));
  const marked = choices.flatMap(({ value, isSelected }) => (isSelected ? value : []));
  return choiceOf(parameter, choices, named.length > 0 ? named : marked);
}

/** Whether everything is chosen, or nothing could be: then no filter applies. */
export const isAll = (value: ParameterValue | undefined): boolean => value?.kind === 'choice' && value.isAll;

function initialValue(parameter: Parameter, span: Span | undefined): ParameterValue {
  switch (parameter.kind) {
    case 'text':
      return { kind: 'text', text: parameter.value };
    case 'time':
      return span === undefined ? { kind: 'time', durationMs: parameter.durationMs } : { kind: 'time', ...span };
    case 'choice': {
      if ('fixed' in parameter.choices) return valuesFrom(parameter, parameter.choices.fixed);
      // What the query offers is not known yet: the values of the file count until it is.
      if (parameter.value.includes(ALL)) return allOf(parameter, []);
      return choiceOf(
        parameter,
        [],
        parameter.value.filter((value) => !NTH.test(value)),
      );
    }
    default:
      return parameter satisfies never;
  }
}

/**
 * What a workbook opens with: parameters as the file says, the first tab of tab bars, nothing chosen in grids but what
 * they export by default. A span stands in for the default of every time range.
 */
export function initialValues(workbook: Workbook, span?: Span): Values {
  const values = new Map<string, Setting>();
  const addText = (name: string, text: string): void => {
    if (name !== '' && !values.has(name)) values.set(name, { parameter: undefined, value: { kind: 'text', text } });
  };
  for (const { item } of steps(workbook)) {
    if (item.kind === 'parameters')
      for (const parameter of item.parameters)
        values.set(parameter.name, { parameter, value: initialValue(parameter, span) });
    else if (item.kind === 'links') {
      const sets = item.links.flatMap(({ action }) => ('set' in action ? action : []));
      for (const { set, to } of sets) addText(set, item.style === 'tabs' ? to : '');
    } else if (item.kind === 'query')
      for (const { parameter, defaultValue } of item.exports) addText(parameter, defaultValue);
  }
  return values;
}
