import type { Analysis } from '../engine/language/language.ts';
import type { Syntax } from '../engine/language/syntax.ts';
import type { Schemas } from './schemas.ts';
import type { ContentKind, Remark } from './shipped-query.ts';

/** What a rule looks at: a bound query, what ships it, and what it was bound against. */
export interface Subject {
  readonly kind: ContentKind;
  readonly analysis: Analysis;
  readonly schemas: Schemas;
  /** Every node of these kinds, in order of the text. */
  readonly nodes: (...kinds: readonly string[]) => readonly Syntax[];
  /** The expression of each `let`, by name. */
  readonly lets: ReadonlyMap<string, Syntax>;
  /** References to base tables, by name not hidden by a `let`. */
  readonly tableReferences: readonly Syntax[];
}

/** One thing that Microsoft's binder does not see. */
export interface LintRule {
  /** `KQLnnn`. */
  readonly code: string;
  /** A sentence for the list of rules. */
  readonly title: string;
  readonly remarks: (subject: Subject) => Iterable<Omit<Remark, 'code'>>;
}

/** Whether a name stands behind a dot: then it names a property, whatever tables or functions are called so. */
export function isSelector(node: Syntax): boolean {
  const { parent } = node;
  return parent?.kind === 'PathExpression' && parent.child('Selector') === node;
}

/** The name of the function that a call calls. */
export const calledName = (call: Syntax): string => call.child('Name').name;

/** The arguments of a call; names of named arguments are left off. */
export const argumentsOf = (call: Syntax): readonly Syntax[] =>
  call
    .child('ArgumentList')
    .list('Expressions')
    .map((argument) => (argument.kind === 'SimpleNamedExpression' ? argument.child('Expression') : argument));

/** A remark at a node. */
export const at = (node: Syntax, message: string): Omit<Remark, 'code'> => ({ offset: node.span.start, message });

/** The text of string literals, of `let`s that are such, and of strcat() of both; undefined for anything else. */
export function constantText(node: Syntax | undefined, { lets }: Pick<Subject, 'lets'>): string | undefined {
  if (node?.kind === 'NameReference') {
    const named = lets.get(node.name);
    // A let that hides another of its name: without a second look-up there is no endless walk.
    const others = new Map([...lets].filter(([name]) => name !== node.name));
    return named === undefined ? undefined : constantText(named, { lets: others });
  }
  if (node?.kind === 'ParenthesizedExpression') return constantText(node.child('Expression'), { lets });
  if (node?.kind === 'FunctionCallExpression' && calledName(node) === 'strcat') {
    const parts = argumentsOf(node).map((argument) => constantText(argument, { lets }));
    return parts.includes(undefined) ? undefined : parts.join('');
  }
  return node?.literal;
}

/** Prepares a bound query for the rules. */
export function subject(kind: ContentKind, analysis: Analysis, schemas: Schemas): Subject {
  const byKind = Map.groupBy(
    [...analysis.root.descendants()].filter(({ isToken }) => !isToken),
    (node) => node.kind,
  );
  const nodes = (...kinds: readonly string[]): readonly Syntax[] => {
    const found = kinds.flatMap((name) => byKind.get(name) ?? []);
    return kinds.length < 2 ? found : found.sort((a, b) => a.span.start - b.span.start);
  };
  const lets = new Map(nodes('LetStatement').map((node) => [node.child('Name').name, node.child('Expression')]));
  const parameters = new Set(
    nodes('FunctionParameter').flatMap((node) => [...node.descendants()].find(({ name }) => name !== '')?.name ?? []),
  );
  const tableReferences = nodes('NameReference').filter(
    (node) =>
      node.isTabular &&
      schemas.tables.has(node.name) &&
      !lets.has(node.name) &&
      !parameters.has(node.name) &&
      !isSelector(node) &&
      node.parent?.kind !== 'FunctionCallExpression',
  );
  return { kind, analysis, schemas, nodes, lets, tableReferences };
}
