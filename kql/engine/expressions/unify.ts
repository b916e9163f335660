/** The one type that holds several. */
import { isNumeric, type Type } from '../values/types.ts';

/**
 * The common type of branches (`iff`, `case`, `coalesce`, `max_of`): the type itself where all agree, real over
 * decimal over long for numbers, dynamic where one branch is dynamic. Others take the first: Kusto refuses to mix
 * them, and the binder says so.
 */
export function unify(types: readonly Type[]): Type {
  const different = [...new Set(types)];
  const [first = 'dynamic', ...more] = different;
  if (more.length === 0) return first;
  const scalar = different.filter((type) => type !== 'dynamic');
  if (scalar.length === 1) return 'dynamic';
  if (scalar.every(isNumeric)) {
    if (scalar.includes('real')) return 'real';
    return scalar.includes('decimal') ? 'decimal' : 'long';
  }
  return scalar[0] ?? 'dynamic';
}
