import { createContext, useContext } from 'react';
import type { ParameterValue } from '../../../../kql/workbook/workbook.ts';
import type { ResolvedView } from './resolve-values.ts';

/** An open workbook, as its items see it. */
export interface View extends ResolvedView {
  /** What "last 7 days" ends at, the same for every tile. */
  readonly now: Date;
  /** Version of the rows that tiles show. */
  readonly version: number;
  readonly set: (changes: readonly { readonly name: string; readonly value: ParameterValue }[]) => void;
}

/** Given by the page of a workbook. */
export const ViewContext = createContext<View | undefined>(undefined);

/** The open workbook around a component. */
export function useView(): View {
  const view = useContext(ViewContext);
  if (view === undefined) throw new Error('an item of a workbook stands outside of a workbook page');
  return view;
}
