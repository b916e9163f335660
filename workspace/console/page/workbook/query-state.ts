import { plainValue } from '../../../../kql/workbook/conditions.ts';
import { substitute } from '../../../../kql/workbook/substitute.ts';
import { namesIn, type ResolvedView } from './resolve-values.ts';

/** Whether a query can run, and with which text. */
export type QueryState =
  | { readonly state: 'ready'; readonly text: string }
  | { readonly state: 'waiting' }
  /** Required parameters that are not set, as readers know them. */
  | { readonly state: 'unset'; readonly labels: readonly string[] };

/** Puts the values of a view into a query, or tells what is missing. */
export function queryState(query: string, { values, unsettled }: ResolvedView, now: Date): QueryState {
  const names = [...new Set(namesIn(query))];
  if (names.some((name) => unsettled.has(name))) return { state: 'waiting' };
  const labels = names.flatMap((name) => {
    const { parameter, value } = values.get(name) ?? {};
    return parameter?.isRequired === true && plainValue(value) === '' ? [parameter.label] : [];
  });
  return labels.length > 0 ? { state: 'unset', labels } : { state: 'ready', text: substitute(query, values, now).text };
}
