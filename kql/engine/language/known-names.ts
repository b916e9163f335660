/** All that Microsoft's binder knows by name, of whatever use it is here. */
import { enumerate, kindNames, kusto } from './kusto-language.ts';

/** Names of a version of Kusto.Language; what begins with `__` is Microsoft's own and left out. */
export interface KnownNames {
  /** Kinds of nodes (`JoinOperator`). */
  readonly operators: readonly string[];
  readonly functions: readonly string[];
  readonly aggregates: readonly string[];
  /** Of `evaluate`. */
  readonly plugins: readonly string[];
}

const namesOf = (symbols: unknown): readonly string[] =>
  [...enumerate(symbols)]
    .map((symbol) => (symbol as { readonly Name: string }).Name)
    .filter((name) => !name.startsWith('__'))
    .toSorted();

/** Reads the binder's lists. */
export const knownNames = (): KnownNames => ({
  // What the parser makes of a text that is no operator is a kind, too.
  operators: [...kindNames.values()].filter((kind) => kind.endsWith('Operator') && kind !== 'BadQueryOperator'),
  functions: namesOf(kusto.Functions.All),
  aggregates: namesOf(kusto.Aggregates.All),
  plugins: namesOf(kusto.PlugIns.All),
});
