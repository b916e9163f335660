import type { Condition, ParameterValue, Values } from './workbook.ts';

/** A value as conditions compare it: '' for none; '*', or what the file says, for all. */
export function plainValue(value: ParameterValue | undefined): string {
  if (value === undefined) return '';
  if (value.kind === 'text') return value.text;
  if (value.kind === 'choice') return value.isAll ? '*' : value.values.join(',');
  return 'durationMs' in value ? String(value.durationMs) : `${value.from.toISOString()}/${value.to.toISOString()}`;
}

/** Whether one condition holds. */
export function holds({ parameterName, comparison, value }: Condition, values: Values): boolean {
  const isEqual = plainValue(values.get(parameterName)?.value) === value;
  return comparison === 'isEqualTo' ? isEqual : !isEqual;
}

/** Whether an item is shown. The groups around it have conditions of their own. */
export const isVisible = (item: { readonly conditions: readonly Condition[] }, values: Values): boolean =>
  item.conditions.every((condition) => holds(condition, values));
