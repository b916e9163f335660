import type { ChoiceParameter, ParameterValue, Setting, Values } from '../../../kql/workbook/workbook.ts';

/** A drop-down that differs from a plain one in what is given. */
export const dropDown = (given: Partial<ChoiceParameter> = {}): ChoiceParameter => ({
  kind: 'choice',
  style: 'drop-down',
  name: 'User',
  label: 'Person',
  isRequired: false,
  isHidden: false,
  choices: { query: 'x' },
  value: [],
  isMultiple: true,
  quote: "'",
  delimiter: ',',
  all: { value: '*' },
  ...given,
});

export const text = (value: string): Setting => ({ parameter: undefined, value: { kind: 'text', text: value } });

export const chosen = (values: readonly string[], parameter = dropDown()): Setting => ({
  parameter,
  value: { kind: 'choice', values, isAll: false },
});

export const everything = (parameter = dropDown(), values: readonly string[] = []): Setting => ({
  parameter,
  value: { kind: 'choice', values, isAll: true },
});

export const time = (value: Extract<ParameterValue, { kind: 'time' }>): Setting => ({
  parameter: undefined,
  value,
});

export const values = (settings: Readonly<Record<string, Setting>>): Values => new Map(Object.entries(settings));
