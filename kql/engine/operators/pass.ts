import type { Operator } from '../scope.ts';

const pass: Operator = (_, { relation }) => relation;

/** Operators that tell the server or the client something and leave the rows alone. */
export const passOperators: Readonly<Record<string, Operator>> = {
  RenderOperator: pass,
  ExecuteAndCacheOperator: pass,
};
