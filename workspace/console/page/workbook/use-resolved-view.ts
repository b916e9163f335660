import { useQueries, useQueryClient } from '@tanstack/react-query';
import { choicesFrom } from '../../../../kql/workbook/choices.ts';
import type { Values, Workbook } from '../../../../kql/workbook/workbook.ts';
import { answerOptions } from './answer-options.ts';
import { type Offer, type ResolvedView, resolveValues } from './resolve-values.ts';
import type { Changes } from './view-hash.ts';

/** Values of a view, with the queries behind its parameters run in the order they depend on each other. */
export function useResolvedView(
  workbook: Workbook,
  initial: Values,
  changes: Changes,
  { now, version }: { readonly now: Date; readonly version: number },
): ResolvedView {
  const client = useQueryClient();
  const asked = new Set<string>();
  const ask = (query: string): Offer => {
    asked.add(query);
    const options = answerOptions(query, version);
    const answer = client.getQueryData(options.queryKey);
    if (answer === undefined) {
      const error = client.getQueryState(options.queryKey)?.error;
      return error === undefined || error === null ? { state: 'waiting' } : { state: 'failed', reason: error.message };
    }
    if (!answer.ok) return { state: 'failed', reason: answer.problem.message };
    const names = answer.columns.map(({ name }) => name);
    return { state: 'known', choices: choicesFrom(names, answer.rows) };
  };
  const view = resolveValues(workbook, initial, changes, now, ask);
  // Each answer renders anew, and the next queries can be asked.
  useQueries({ queries: [...asked].map((query) => answerOptions(query, version)) });
  return view;
}
