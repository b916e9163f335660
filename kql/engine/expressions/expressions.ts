/** All kinds of scalar expressions but names, calls and wrappers, which are the walk's own. */
import { constant } from '../relation.ts';
import type { Expression } from '../scope.ts';
import { arithmetics } from './arithmetic.ts';
import { comparisons } from './comparison.ts';
import { dynamicLiterals } from './dynamic-literals.ts';
import { literals } from './literals.ts';
import { logic } from './logic.ts';
import { memberships } from './membership.ts';
import { paths } from './paths.ts';
import { ranges } from './ranges.ts';
import { searches } from './search.ts';
import { textOperators } from './text.ts';

/** By kind of node, as Kusto.Language names it. */
export const expressions: ReadonlyMap<string, Expression> = new Map(
  Object.entries({
    ...literals,
    ...dynamicLiterals,
    ...paths,
    ...logic,
    ...arithmetics,
    ...comparisons,
    ...ranges,
    ...memberships,
    ...textOperators,
    ...searches,
    // Its operator reads the columns itself.
    StarExpression: () => constant('dynamic', null),
  }),
);
