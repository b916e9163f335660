import type { Operator } from '../scope.ts';

/** Gives the rows a name that the rest of the query can use, and passes them on. */
const as: Operator = (node, { relation, names }) => {
  const { name } = node.child('Name');
  const named = { ...relation, name };
  names.outermost().set(name, { kind: 'tabular', relation: () => named });
  return named;
};

export const asOperators: Readonly<Record<string, Operator>> = { AsOperator: as };
