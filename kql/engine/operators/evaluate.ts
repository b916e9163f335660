/** `evaluate`: plugins, and the output schema that a query may declare for them. */
import { UnsupportedError } from '../errors.ts';
import { type Syntax } from '../language/syntax.ts';
import { defaultOf, toType } from '../values/types.ts';
import { type Column, columnOf, type Relation, withColumns } from '../relation.ts';
import { plugins } from '../plugins/plugins.ts';
import type { Operator } from '../scope.ts';
import { convert } from '../values/convert.ts';

/** The columns as declared: `*` stands for those of the input that the plugin keeps; what it does not yield is empty. */
function declared(schema: Syntax, input: Relation, output: Relation): Relation {
  const columns = schema.list('Columns').map((column): Column => {
    const { name } = column.child('Name');
    const type = toType(column.child('Type').text) ?? 'dynamic';
    const found = columnOf(output, name);
    if (found === undefined) return { name, type, at: () => defaultOf(type) };
    return { name, type, at: (row) => convert(found.at(row), type, found.type) ?? defaultOf(type) };
  });
  if (schema.optional('AsteriskToken') === undefined) return withColumns(output, columns);
  const names = new Set(columns.map(({ name }) => name));
  const kept = output.columns.filter(({ name }) => columnOf(input, name) !== undefined && !names.has(name));
  return withColumns(output, [...kept, ...columns]);
}

/** Looks the plugin up by its name. @throws UnsupportedError for plugins that the engine has not */
export const evaluate: Operator = (node, scope) => {
  const call = node.child('FunctionCall');
  const { name } = call.child('Name');
  const plugin = plugins.get(name);
  if (plugin === undefined) throw new UnsupportedError(`plugin ${name}`, call.position);
  const output = plugin(call, scope);
  const schema = node.optional('Schema');
  return schema === undefined ? output : declared(schema.child('Schema'), scope.relation, output);
};

export const evaluateOperators: Readonly<Record<string, Operator>> = { EvaluateOperator: evaluate };
