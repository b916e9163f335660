import type { ParameterValue, Values } from './workbook.ts';

/** The same values with one of them changed; a parameter that nobody declared is one of tabs or chosen rows. */
export function withValue(values: Values, name: string, value: ParameterValue): Values {
  return new Map(values).set(name, { parameter: values.get(name)?.parameter, value });
}

/** Sets what a tab or a chosen row sets. */
export function withText(values: Values, name: string, text: string): Values {
  const parameter = values.get(name)?.parameter;
  // A tab may choose for a drop-down that is declared.
  return parameter?.kind === 'choice'
    ? withValue(values, name, { kind: 'choice', values: text === '' ? [] : [text], isAll: false })
    : withValue(values, name, { kind: 'text', text });
}
