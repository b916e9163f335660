import { UnsupportedError } from '../errors.ts';
import type { Operator } from '../scope.ts';

const refuse =
  (name: string): Operator =>
  (node) => {
    throw new UnsupportedError(`operator ${name}`, node.position);
  };

/** Operators that Kusto has and this engine has not. */
export const refusedOperators: Readonly<Record<string, Operator>> = {
  AssertSchemaOperator: refuse('assert-schema'),
  ConsumeOperator: refuse('consume'),
  FacetOperator: refuse('facet'),
  FindOperator: refuse('find'),
  ForkOperator: refuse('fork'),
  MacroExpandOperator: refuse('macro-expand'),
  ReduceByOperator: refuse('reduce'),
};
