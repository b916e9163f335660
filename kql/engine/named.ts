/** Names of computed columns, as Kusto makes them. */
import type { Syntax } from './language/syntax.ts';
import type { Cells } from './relation.ts';
import type { NamedCells, Scope } from './scope.ts';

const calleeOf = (node: Syntax): string => (node.kind === 'FunctionCallExpression' ? node.child('Name').name : '');
const argumentsOf = (node: Syntax): readonly Syntax[] => node.child('ArgumentList').list('Expressions');

/** `x = arg_max(…)` names the first column only; `x = percentiles(…)` gives each its suffix; others give one column. */
function explicitNames(name: string, expression: Syntax, { tuple }: Cells): readonly string[] {
  const callee = calleeOf(expression);
  if (tuple === undefined) return [name];
  if (/^(?:arg_max|arg_min|take_any|any)$/.test(callee)) return [name, ...tuple.slice(1).map((column) => column.name)];
  if (callee.startsWith('percentiles'))
    return tuple.map((column) => name + column.name.slice(column.name.lastIndexOf('_')));
  return [name];
}

/** The name that the engine gives where the binder knows another or none. */
function automaticName(node: Syntax): string | null {
  const callee = calleeOf(node);
  if (callee === '') return node.resultName;
  const [first, second] = argumentsOf(node);
  if (first === undefined) return node.resultName;
  if (callee === 'take_any') return argumentsOf(node).length === 1 ? first.resultName : node.resultName;
  if (callee === 'percentile' && second !== undefined)
    return `percentile_${first.resultName ?? ''}_${second.text.replace('.', '_')}`;
  if (callee.startsWith('covariance') && second !== undefined) return `${callee}_${first.text}_${second.text}`;
  if (/^percentilesw?_array$/.test(callee)) return `percentiles_${first.resultName ?? ''}`;
  return node.resultName;
}

/** Compiles an element of a list of expressions together with the names of the columns that it yields. */
export function namedCells(node: Syntax, scope: Scope): NamedCells {
  if (node.kind === 'SimpleNamedExpression') {
    const expression = node.child('Expression');
    const cells = scope.scalar(expression);
    return { cells, names: explicitNames(node.child('Name').name, expression, cells), naming: 'explicit' };
  }
  if (node.kind === 'CompoundNamedExpression') {
    const cells = scope.scalar(node.child('Expression'));
    const given = node
      .child('Names')
      .list('Names')
      .map(({ name }) => name);
    const names = cells.tuple?.map((column, index) => given[index] ?? column.name) ?? given;
    return { cells, names, naming: 'explicit' };
  }
  const cells = scope.scalar(node);
  const names = cells.tuple?.map((column) => column.name) ?? [automaticName(node)];
  return { cells, names, naming: 'automatic' };
}
