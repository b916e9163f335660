/** Which tables `union` and `search` are over: names, expressions, patterns, or all that there are. */
import { KqlError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import { noInput } from '../relation.ts';
import type { Scope } from '../scope.ts';
import type { Leg } from './concatenate.ts';
import { isPattern, namePattern } from './name-pattern.ts';

/** The views (functions declared as `view`) that can be called without arguments. */
function viewsOf({ names }: Scope): readonly string[] {
  return names.views().filter((name) => {
    const view = names.find(name);
    if (view?.kind !== 'function') return false;
    const parameters = view.declaration.child('Parameters').list('Parameters');
    return parameters.every((parameter) => parameter.optional('DefaultValue') !== undefined);
  });
}

/** All tables of the workspace and all views of the query whose name passes. */
export function everyTable(scope: Scope, isWanted: (name: string) => boolean = () => true): Leg[] {
  const { run, names } = scope;
  const tables = run.tables.filter(isWanted).flatMap((name) => {
    const relation = run.table(name);
    return relation === undefined ? [] : [{ name, relation }];
  });
  const views = viewsOf(scope)
    .filter(isWanted)
    .flatMap((name) => {
      const view = names.find(name);
      if (view?.kind !== 'function') return [];
      // A declaration stands for its call without arguments.
      const relation = scope.over(noInput, { names: view.names }).tabular(view.declaration);
      return [{ name, relation }];
    });
  return [...tables, ...views];
}

function legOf(node: Syntax, place: number, scope: Scope): Leg {
  const relation = scope.tabular(node);
  const isReference = node.kind === 'NameReference';
  // A variable is told by its place, as Kusto does; a table, a function, and what `as` named by their names.
  if (isReference && scope.names.find(node.name)?.kind !== 'tabular') return { name: node.name, relation };
  if (isReference && relation.name !== node.name) return { name: `union_arg${place}`, relation };
  return { name: relation.name ?? `union_arg${place}`, relation };
}

// The code of "no table of that name", from the binder's own.
const MISSING_TABLE = 'KS204';

/**
 * The tables that a list of names, patterns and expressions means.
 * @param options.missing `leave-out` drops what reads a table that does not exist; other errors are thrown all the same.
 * @param options.before Legs that stand before these: they count for names like `union_arg1`.
 */
export function legsOf(
  nodes: readonly Syntax[],
  scope: Scope,
  {
    missing = 'refuse',
    before = [],
  }: { readonly missing?: 'refuse' | 'leave-out'; readonly before?: readonly Leg[] } = {},
): readonly Leg[] {
  const legs = [...before];
  for (const node of nodes) {
    if (node.kind === 'NameReference' && isPattern(node.name)) {
      const found = everyTable(scope, namePattern(node.name));
      if (found.length === 0 && missing === 'refuse')
        throw new KqlError(`no table matches ${node.name}`, { code: MISSING_TABLE, position: node.position });
      legs.push(...found);
      continue;
    }
    try {
      legs.push(legOf(node, legs.length, scope));
    } catch (error) {
      if (missing === 'refuse' || !(error instanceof KqlError) || error.code !== MISSING_TABLE) throw error;
    }
  }
  if (legs.length === 0)
    throw new KqlError(`none of these tables exists: ${nodes.map(({ text }) => text.slice(0, 60)).join(', ')}`, {
      code: MISSING_TABLE,
    });
  return legs;
}
