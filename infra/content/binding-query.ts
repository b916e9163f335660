import type { SavedFunction } from './read-functions.ts';

/** One query that binds when every function does; it reads no rows. Functions with a parameter that must be given are
 *  left out. Undefined where there is nothing to ask. */
export function bindingQuery(functions: readonly Pick<SavedFunction, 'name' | 'parameters'>[]): string | undefined {
  const callable = functions.filter(({ parameters }) =>
    parameters.split(',').every((parameter) => parameter.trim() === '' || parameter.includes('=')),
  );
  if (callable.length === 0) return undefined;
  return `union\n${callable.map(({ name }) => `(${name}() | take 0 | project Bound = true)`).join(',\n')}`;
}
