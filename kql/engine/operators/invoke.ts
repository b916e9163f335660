import type { Operator } from '../scope.ts';

/** `invoke f(…)`: calls a function of the query or the workspace with the input as first argument. */
export const invoke: Operator = (node, scope) => scope.invoke(node.child('Function'), scope.relation);

export const invokeOperators: Readonly<Record<string, Operator>> = { InvokeOperator: invoke };
