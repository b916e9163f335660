/** Members of dynamic values: `d.name`, `d["name"]`, `d[0]`; and `$left.column` in the condition of a join. */
import { KqlError, UnsupportedError } from '../errors.ts';
import { pure } from '../functions/define.ts';
import type { Syntax } from '../language/syntax.ts';
import { type Cells, columnOf } from '../relation.ts';
import type { Expression, Scope } from '../scope.ts';
import { member } from '../values/json.ts';

/** The column of one side of a join; undefined where the path is none. */
function sideColumn(of: Syntax, selector: Syntax, scope: Scope): Cells | undefined {
  if (of.kind !== 'NameReference' || (of.name !== '$left' && of.name !== '$right')) return undefined;
  if (scope.sides === undefined)
    throw new KqlError(`${of.name} stands only in the condition of a join; name the column alone`, {
      code: 'runtime',
      position: of.position,
    });
  const relation = of.name === '$left' ? scope.sides.left : scope.sides.right;
  const column = columnOf(relation, selector.name);
  if (column === undefined)
    throw new KqlError(
      `${of.name} has no column ${selector.name}; it has ${relation.columns.map(({ name }) => name).join(', ')}`,
      {
        code: 'runtime',
        position: selector.position,
      },
    );
  return { type: column.type, at: column.at };
}

/** The member of a value under a key that may differ from row to row; null where there is none. */
function memberOf(value: Cells, key: Cells): Cells {
  const { at } = value;
  if (key.constant !== undefined) {
    const known = key.constant;
    return pure([value], 'dynamic', (row) => member(at(row), known));
  }
  return pure([value, key], 'dynamic', (row) => member(at(row), key.at(row)));
}

const path: Expression = (node, scope) => {
  const of = node.child('Expression');
  const selector = node.child('Selector');
  const column = sideColumn(of, selector, scope);
  if (column !== undefined) return column;
  if (selector.kind === 'NameReference') {
    const value = scope.scalar(of);
    // A step of `scan` is several columns under one name.
    const part = value.tuple?.find(({ name }) => name === selector.name);
    if (part !== undefined) return { type: part.type, at: part.at };
    const { at } = value;
    const key = selector.name;
    return pure([value], 'dynamic', (row) => member(at(row), key));
  }
  if (selector.kind === 'BracketedExpression')
    return memberOf(scope.scalar(of), scope.scalar(selector.child('Expression')));
  throw new UnsupportedError(`the path ${node.text}`, selector.position);
};

const element: Expression = (node, scope) =>
  memberOf(scope.scalar(node.child('Expression')), scope.scalar(node.child('Selector').child('Expression')));

/** By kind of node. */
export const paths: Readonly<Record<string, Expression>> = { PathExpression: path, ElementExpression: element };
