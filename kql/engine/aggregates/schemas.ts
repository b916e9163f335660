import type { Cells } from '../relation.ts';
import type { Accumulator, Aggregate } from '../scope.ts';
import { toBag } from '../values/json.ts';
import { Datetime, Decimal, isArray, isBag, Real, Timespan, type Value } from '../values/types.ts';
import { over } from './define.ts';

/** What was seen at one place of the values: names of simple types, members of bags, elements of arrays. */
interface Place {
  readonly types: Set<string>;
  readonly members: Map<string, Place>;
}

// The member that stands for all elements of an array, quoted as the engine writes it.
const elements = '`indexer`';
const place = (): Place => ({ types: new Set(), members: new Map() });

function typeName(value: Value): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (value instanceof Datetime) return 'datetime';
  if (value instanceof Timespan) return 'timespan';
  if (value instanceof Decimal) return 'decimal';
  return value instanceof Real || (typeof value === 'number' && !Number.isInteger(value)) ? 'double' : 'long';
}

function memberOf({ members }: Place, name: string): Place {
  const found = members.get(name) ?? place();
  members.set(name, found);
  return found;
}

function learn(at: Place, value: Value): void {
  if (value === null) return;
  if (isArray(value)) for (const element of value) learn(memberOf(at, elements), element);
  else if (isBag(value)) for (const [key, member] of Object.entries(value)) learn(memberOf(at, key), member);
  else at.types.add(typeName(value));
}

/** One type stands alone; several are a list, the bag before the names. */
function toSchema({ types, members }: Place): Value {
  const bag = toBag([...members].map(([name, member]) => [name, toSchema(member)] as const));
  const all: readonly Value[] = [...(members.size === 0 ? [] : [bag]), ...[...types].sort()];
  return all.length === 1 ? (all[0] ?? null) : all;
}

/** The smallest schema that all values of a group fit. */
class Schema implements Accumulator {
  readonly #of: Cells;
  readonly #root = place();
  constructor(of: Cells) {
    this.#of = of;
  }
  add(row: number): void {
    learn(this.#root, this.#of.at(row));
  }
  result(): Value {
    return this.#root.types.size === 0 && this.#root.members.size === 0 ? null : toSchema(this.#root);
  }
}

/** `buildschema`. */
export const schemas: Readonly<Record<string, Aggregate>> = {
  buildschema: over('dynamic', (of) => new Schema(of)),
};
