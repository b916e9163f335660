/** How aggregates are defined: an accumulator class for each group, and what the `…if` variants add. */
import { KqlError } from '../errors.ts';
import type { Cells } from '../relation.ts';
import type { Accumulator, Aggregate, Site } from '../scope.ts';
import type { Type } from '../values/types.ts';

/** The argument at a place. @throws KqlError where the query leaves it out */
export function argument(args: readonly Cells[], index: number, site: Site): Cells {
  const cells = args[index];
  if (cells !== undefined) return cells;
  throw new KqlError(`${site.name}: argument ${index + 1} is missing`, {
    code: 'runtime',
    position: site.node.position,
  });
}

/** An aggregate of one argument: its result type and its accumulator. */
export const over =
  (type: Type | ((of: Type, site: Site) => Type), accumulator: (of: Cells, site: Site) => Accumulator): Aggregate =>
  (args, site) => {
    const of = argument(args, 0, site);
    return {
      type: typeof type === 'string' ? type : type(of.type, site),
      accumulator: () => accumulator(of, site),
    };
  };

class Conditional implements Accumulator {
  readonly #inner: Accumulator;
  readonly #condition: Cells;
  constructor(inner: Accumulator, condition: Cells) {
    this.#inner = inner;
    this.#condition = condition;
  }
  add(row: number): void {
    if (this.#condition.at(row) === true) this.#inner.add(row);
  }
  result(): ReturnType<Accumulator['result']> {
    return this.#inner.result();
  }
}

/** The same aggregate over the rows where a condition is true. @param position The place of the condition's argument */
export const conditional =
  (aggregate: Aggregate, position = 1): Aggregate =>
  (args, site) => {
    const condition = argument(args, position, site);
    const aggregation = aggregate(
      args.filter((_, index) => index !== position),
      site,
    );
    return { ...aggregation, accumulator: () => new Conditional(aggregation.accumulator(), condition) };
  };
