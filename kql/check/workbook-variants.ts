import { allOf, choiceOf, initialValues, valuesFrom } from '../workbook/parameters.ts';
import type { Choice, ChoiceParameter, ParameterValue, Setting, Values, Workbook } from '../workbook/workbook.ts';

/** What a reader may have chosen. */
export interface Variant {
  /** `by default`, `with All chosen`, ... */
  readonly name: string;
  readonly values: Values;
}

// What no query can answer here; a quote would end a literal that is not escaped.
const samples: readonly Choice[] = [{ value: "sample o'one", label: 'One', isSelected: false }];

const choicesOf = ({ choices }: ChoiceParameter): readonly Choice[] => ('fixed' in choices ? choices.fixed : samples);

/** `now` of every check: what is written must not change from day to day. */
export const checkedNow = new Date('2026-01-02T00:00:00.000Z');

type Change = (setting: Setting) => ParameterValue;

const changed = (values: Values, change: Change): Values =>
  new Map([...values].map(([name, setting]) => [name, { parameter: setting.parameter, value: change(setting) }]));

const opened: Change = ({ parameter, value }) =>
  parameter?.kind === 'choice' ? valuesFrom(parameter, choicesOf(parameter)) : value;

const everything: Change = (setting) =>
  setting.parameter?.kind === 'choice' && setting.parameter.all !== undefined
    ? allOf(setting.parameter, choicesOf(setting.parameter))
    : opened(setting);

const nothing: Change = (setting) => {
  const { parameter, value } = setting;
  if (parameter?.kind === 'choice' && parameter.isMultiple) return choiceOf(parameter, [], []);
  return value.kind === 'text' ? { kind: 'text', text: '' } : opened(setting);
};

/** The nth choice of every parameter; of fewer, the last. */
const chosen =
  (nth: number): Change =>
  ({ parameter, value }) => {
    if (parameter?.kind !== 'choice')
      return value.kind === 'text' && value.text === '' ? { kind: 'text', text: "sample o'one" } : value;
    const choices = choicesOf(parameter);
    const one = choices[Math.min(nth, choices.length - 1)];
    return choiceOf(parameter, choices, one === undefined ? [] : [one.value]);
  };

/** What a workbook opens with, All, nothing, and each of the fixed choices in turn. */
export function variantsOf(workbook: Workbook): readonly Variant[] {
  const initial = initialValues(workbook);
  const counts = [...initial.values()].map(({ parameter }) =>
    parameter?.kind === 'choice' ? choicesOf(parameter).length : 1,
  );
  const most = Math.max(1, ...counts);
  return [
    { name: 'by default', values: changed(initial, opened) },
    { name: 'with All chosen', values: changed(initial, everything) },
    { name: 'with nothing chosen', values: changed(initial, nothing) },
    ...Array.from({ length: most }, (_, index) => ({
      name: `with choice ${index + 1}`,
      values: changed(initial, chosen(index)),
    })),
  ];
}
