import type { Library } from './evaluate.ts';
import type { Syntax } from './language/syntax.ts';

// Trees of stored functions stay as they are, and are large: each is walked once, not for every query.
const mentioned = new WeakMap<Syntax, ReadonlySet<string>>();

/** The names that a tree itself mentions, in their order. */
function ownNames(tree: Syntax): ReadonlySet<string> {
  let found = mentioned.get(tree);
  if (found === undefined) {
    const references = tree.descendants().filter(({ kind }) => kind === 'NameReference');
    found = new Set(references.map(({ name }) => name));
    mentioned.set(tree, found);
  }
  return found;
}

function visit(root: Syntax, { language, functions }: Library): { names: Set<string>; declarations: Syntax[] } {
  const names = new Set<string>();
  const declarations: Syntax[] = [];
  const look = (tree: Syntax): void => {
    for (const name of ownNames(tree)) {
      if (names.has(name)) continue;
      names.add(name);
      const definition = functions.get(name);
      if (definition === undefined) continue;
      const declaration = language.declaration(definition);
      declarations.push(declaration);
      look(declaration);
    }
  };
  look(root);
  return { names, declarations };
}

/** All names that a query and the functions it calls mention: no column beyond these can be asked for by name. */
export const namesIn = (root: Syntax, library: Library): ReadonlySet<string> => visit(root, library).names;

/** The stored functions that a query calls, and those that these call. */
export const declarationsIn = (root: Syntax, library: Library): readonly Syntax[] => visit(root, library).declarations;
