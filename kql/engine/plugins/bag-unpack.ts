/** `bag_unpack`: a column for each key of a bag. The columns depend on the rows, so all bags are read at once. */
import { KqlError, UnsupportedError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';
import { type Column, columnOf, listed, type Relation, valuesOf } from '../relation.ts';
import type { Plugin, Scope } from '../scope.ts';
import { asString, convert } from '../values/convert.ts';
import { isNumber } from '../values/numbers.ts';
import { type Bag, Datetime, isArray, isBag, Real, Timespan, type Type, type Value } from '../values/types.ts';
import { argument, argumentsOf } from './arguments.ts';

function typeOf(value: Exclude<Value, null>): Type {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Datetime) return 'datetime';
  if (value instanceof Timespan) return 'timespan';
  if (value instanceof Real || (typeof value === 'number' && !Number.isInteger(value))) return 'real';
  return isNumber(value) ? 'long' : 'dynamic';
}

/** The type that holds all values: long and real together are real, other mixtures dynamic. */
function inferred(values: readonly Value[]): Type {
  const types = new Set<Type>();
  for (const value of values) if (value !== null) types.add(typeOf(value));
  const [first = 'dynamic'] = types;
  if (types.size <= 1) return first;
  return types.size === 2 && types.has('long') && types.has('real') ? 'real' : 'dynamic';
}

type Conflict = 'error' | 'replace_source' | 'keep_source';

interface Options {
  readonly prefix: string;
  readonly conflict: Conflict;
  readonly ignored: ReadonlySet<string>;
}

function toOptions(call: Syntax, scope: Scope): Options {
  const { placed, named } = argumentsOf(call);
  const read = (name: string, place: number): Value => {
    const node = named.get(name) ?? placed[place];
    return node === undefined ? null : scope.constant(node);
  };
  const conflict = read('columnsConflict', 2) ?? 'error';
  if (conflict !== 'error' && conflict !== 'replace_source' && conflict !== 'keep_source')
    throw new KqlError(
      `bag_unpack: columnsConflict is ${asString(conflict)}: use error, replace_source or keep_source`,
      {
        code: 'runtime',
        position: call.position,
      },
    );
  const ignored = read('ignoredProperties', 3);
  return {
    prefix: asString(read('OutputColumnPrefix', 1)),
    conflict,
    ignored: new Set(isArray(ignored) ? ignored.map((name) => asString(name)) : []),
  };
}

function unpacked(bags: readonly (Bag | null)[], key: string, name: string): Column {
  const values = bags.map((bag) => (bag !== null && Object.hasOwn(bag, key) ? (bag[key] ?? null) : null));
  const type = inferred(values);
  return { name, ...listed(type, type === 'dynamic' ? values : values.map((value) => convert(value, type))) };
}

/** Other columns stay in place; those of the keys follow in order of their names. */
export const bagUnpack: Plugin = (call, scope) => {
  const { relation } = scope;
  const node = argument(call, 0);
  const source = columnOf(relation, node.name);
  if (source === undefined) throw new UnsupportedError(`bag_unpack of ${node.text}, which is no column`, node.position);
  const { prefix, conflict, ignored } = toOptions(call, scope);
  scope.run.budget.visit(relation.length);
  const bags = valuesOf(source, relation.length).map((value) => (isBag(value) ? value : null));
  const keys = new Set<string>();
  for (const bag of bags) if (bag !== null) for (const key of Object.keys(bag)) if (!ignored.has(key)) keys.add(key);
  scope.run.budget.keep(relation.length);

  const columns: Column[] = relation.columns.filter((column) => column !== source);
  for (const key of [...keys].toSorted()) {
    const name = prefix + key;
    const place = columns.findIndex((column) => column.name === name);
    if (place >= 0 && conflict === 'error')
      throw new KqlError(`bag_unpack: the input has a column ${name} too: set columnsConflict or OutputColumnPrefix`, {
        code: 'runtime',
        position: call.position,
      });
    if (place < 0) columns.push(unpacked(bags, key, name));
    else if (conflict === 'replace_source') columns[place] = unpacked(bags, key, name);
  }
  const result: Relation = { ...relation, columns };
  return result;
};
