import type { Library } from './evaluate.ts';
import type { Syntax } from './language.ts';

/** All names that a query and the functions it calls mention: no column beyond these can be asked for by name. */
export function namesIn(root: Syntax, { language, functions }: Library): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (tree: Syntax): void => {
    for (const { kind, name } of tree.descendants()) {
      if (kind !== 'NameReference' || names.has(name)) continue;
      names.add(name);
      const definition = functions.get(name);
      if (definition !== undefined) visit(language.declaration(definition));
    }
  };
  visit(root);
  return names;
}
