import { type Cell, type Column, freeName, type Relation } from '../relation.ts';
import { defaultOf, type Type } from '../values/types.ts';

/** One of the tables of a union and the name that tells its rows. */
export interface Leg {
  readonly name: string;
  readonly relation: Relation;
}

/** A column of the result: legs that have one of that name and type fill it. */
interface Target {
  readonly source: string;
  readonly type: Type;
}

const has = ({ relation }: Leg, { source, type }: Target): Column | undefined =>
  relation.columns.find((column) => column.name === source && column.type === type);

/** Reads rows of several relations as if they stood below each other. */
function stacked(readers: readonly Cell[], lengths: readonly number[], none: Cell): Cell {
  const [first = none, second = none, third = none] = readers;
  const [length = 0, more = 0] = lengths;
  if (readers.length <= 1) return first;
  if (readers.length === 2) return (row) => (row < length ? first(row) : second(row - length));
  const both = length + more;
  return (row) => {
    if (row < length) return first(row);
    return row < both ? second(row - length) : third(row - both);
  };
}

/** A way to stack readers over relations of these lengths; many share one table of which row is whose. */
function stacking(lengths: readonly number[]): (readers: readonly Cell[], none: Cell) => Cell {
  if (lengths.length <= 3) return (readers, none) => stacked(readers, lengths, none);
  const starts: number[] = [];
  let total = 0;
  for (const length of lengths) {
    starts.push(total);
    total += length;
  }
  const owners = new Uint16Array(total);
  for (const [leg, start] of starts.entries()) owners.fill(leg, start, start + (lengths[leg] ?? 0));
  return (readers, none) => (row) => {
    const owner = owners[row] ?? 0;
    return (readers[owner] ?? none)(row - (starts[owner] ?? 0));
  };
}

function targetsOf(legs: readonly Leg[], kind: 'inner' | 'outer'): readonly Target[] {
  const targets = new Map<string, Target>();
  for (const { relation } of legs)
    for (const { name, type } of relation.columns) targets.set(`${type} ${name}`, { source: name, type });
  const all = [...targets.values()];
  return kind === 'outer' ? all : all.filter((target) => legs.every((leg) => has(leg, target) !== undefined));
}

/** A name of several types becomes one for each: `x_long`, `x_int`, with a number where that is taken. */
function namesOf(targets: readonly Target[], taken: Set<string>): ReadonlyMap<Target, string> {
  const isSplit = ({ source, type }: Target): boolean =>
    targets.some((other) => other.source === source && other.type !== type);
  const whole = targets.filter((target) => !isSplit(target));
  const names = new Map(whole.map((target) => [target, freeName(target.source, taken)]));
  for (const target of targets)
    if (isSplit(target)) names.set(target, freeName(`${target.source}_${target.type}`, taken));
  return names;
}

/**
 * The rows of all legs below each other. Columns meet by name and type; a leg without the column gives '' or null.
 * @param options.kind `inner` keeps the columns that all legs have. Default `outer`.
 * @param options.source A first column with the name of each row's leg.
 */
export function concatenated(
  legs: readonly Leg[],
  { kind = 'outer', source }: { readonly kind?: 'inner' | 'outer'; readonly source?: string | undefined } = {},
): Relation {
  const filled = legs.filter(({ relation }) => relation.length > 0);
  const lengths = filled.map(({ relation }) => relation.length);
  const stack = stacking(lengths);
  const targets = targetsOf(legs, kind);
  const names = namesOf(targets, new Set(source === undefined ? [] : [source]));
  const columns = targets.map((target): Column => {
    const { type } = target;
    const absent = defaultOf(type);
    const none: Cell = () => absent;
    const at = stack(
      filled.map((leg) => has(leg, target)?.at ?? none),
      none,
    );
    return { name: names.get(target) ?? target.source, type, at };
  });
  const unknown: Cell = () => null;
  const isReceived = filled.some(({ relation }) => relation.receivedAt !== undefined);
  const tellsSource: Column[] =
    source === undefined
      ? []
      : [
          {
            name: source,
            type: 'string',
            at: stack(
              filled.map(
                ({ name }): Cell =>
                  () =>
                    name,
              ),
              () => '',
            ),
          },
        ];
  return {
    columns: [...tellsSource, ...columns],
    length: lengths.reduce((sum, length) => sum + length, 0),
    order: 'none',
    ...(isReceived
      ? {
          receivedAt: stack(
            filled.map(({ relation }) => relation.receivedAt ?? unknown),
            unknown,
          ),
        }
      : {}),
  };
}
