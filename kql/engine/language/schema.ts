/** What queries are bound against. */
import type { Type } from '../values/types.ts';

/** A column as schemas and results tell it. */
export interface ColumnSchema {
  readonly name: string;
  readonly type: Type;
}

/** A table as the binder must know it. */
export interface TableSchema {
  readonly name: string;
  readonly columns: readonly ColumnSchema[];
}

/** A workspace function. */
export interface FunctionDefinition {
  readonly name: string;
  /** The parameter list without parentheses: `lookback:timespan=1d, actor:string=""`; '' for none. */
  readonly parameters: string;
  /** The statements and the final expression, without braces. */
  readonly body: string;
}
