import type { Syntax } from '../language/syntax.ts';

/** The named parameters of an operator (`kind=inner`, `with_itemindex=i`) as text, strings unquoted. */
export function namedParameters(node: Syntax): ReadonlyMap<string, string> {
  const parameters = node.list('Parameters').filter(({ kind }) => kind === 'NamedParameter');
  return new Map(
    parameters.map((parameter) => {
      const value = parameter.child('Expression');
      return [parameter.child('Name').name, value.literal ?? (value.name || value.text)];
    }),
  );
}
