import type { Operator } from '../scope.ts';

const count: Operator = (node, { relation: { length } }) => {
  const name = node.optional('AsIdentifier')?.child('Identifier').text ?? 'Count';
  return { columns: [{ name, type: 'long', at: () => length }], length: 1, order: 'none' };
};

export const countOperators: Readonly<Record<string, Operator>> = { CountOperator: count };
