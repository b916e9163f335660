/** What the parts of the engine know of each other: scopes, functions, aggregates, operators and plugins. */
import type { Syntax } from './language/syntax.ts';
import type { Cell, Cells, Column, Relation } from './relation.ts';
import type { Datetime, Type, Value } from './values/types.ts';

/** Limits of a run. Both methods throw a KqlError with code `budget` when a limit is reached. */
export interface Budget {
  /** Call for every row looked at. */
  readonly visit: (rows?: number) => void;
  /** Call for every row that is kept in memory: the results of joins, expansions, sorts, series and groups. */
  readonly keep: (rows: number) => void;
}

/** A network of the table that `geo_info_from_ip_address` answers from. */
export interface NetworkLocation {
  /** CIDR notation, IPv4 or IPv6. */
  readonly network: string;
  readonly country?: string;
  readonly state?: string;
  readonly city?: string;
  readonly latitude?: number;
  readonly longitude?: number;
}

/** One execution of a query. */
export interface Run {
  /** What `now()` says. */
  readonly now: Datetime;
  readonly budget: Budget;
  /** A number from 0 to under 1. */
  readonly random: () => number;
  /** A base table, restricted to what the query may see; undefined where the workspace has none of that name. */
  readonly table: (name: string) => Relation | undefined;
  /** Names of all base tables, for `union *` and `search`. */
  readonly tables: readonly string[];
  readonly networks: readonly NetworkLocation[] | undefined;
}

/** What a name stands for. */
export type Binding =
  | {
      readonly kind: 'scalar';
      readonly cells: () => Cells;
      /** Whose rows the cells are read by. Where they are not constant, no other relation may read them. */
      readonly rows: Relation;
    }
  | { readonly kind: 'tabular'; readonly relation: () => Relation }
  /** A FunctionDeclaration and the names that its body may use. */
  | { readonly kind: 'function'; readonly declaration: Syntax; readonly names: Names };

/** Names in force, inner ones before outer ones. */
export interface Names {
  readonly find: (name: string) => Binding | undefined;
  readonly set: (name: string, binding: Binding) => void;
  /** A new inner set of names. */
  readonly inner: () => Names;
  /** The names that there are so far: an expression does not see what is bound after it, nor what it is bound to. */
  readonly earlier: () => Names;
  /** The outermost set: where `as` puts its name, for expressions before it, too. */
  readonly outermost: () => Names;
  /** Names of functions declared as `view`, for `union *` and `search`. */
  readonly views: () => readonly string[];
}

/** Where a call stands. */
export interface Site {
  readonly name: string;
  readonly node: Syntax;
  readonly scope: Scope;
}

/** A scalar function: cells of arguments to cells of results. */
export type ScalarFunction = (args: readonly Cells[], site: Site) => Cells;

/** Gathers the rows of one group. */
export interface Accumulator {
  readonly add: (row: number) => void;
  readonly result: () => Value;
}

/** An aggregate function over given arguments. */
export interface Aggregation {
  readonly type: Type;
  /** A new accumulator for a group. It reads the arguments itself, by row of the input. */
  readonly accumulator: () => Accumulator;
  /**
   * For aggregates that yield several columns (`arg_max`, `percentiles`): the columns, by group, from the reader of
   * the accumulators' results.
   */
  readonly tuple?: (result: Cell) => readonly Column[];
}

/** An aggregate function: `site.node` is the call, `site.scope.relation` the input. Args leave out `*`. */
export type Aggregate = (args: readonly Cells[], site: Site) => Aggregation;

/** Takes an aggregate call met inside an expression and gives the cells, by group, of its result. */
export type AggregateCollector = (call: Syntax, aggregate: Aggregate) => Cells;

/** A list element of `project`, `extend`, `summarize`, …, compiled. */
export interface NamedCells {
  readonly cells: Cells;
  /** One name for each column that it yields; null where Kusto gives none. */
  readonly names: readonly (string | null)[];
  /** Whether the query names it itself (`x = …`). */
  readonly naming: 'explicit' | 'automatic';
}

/** Where an expression stands: the rows that it is evaluated over and the names that it may use. */
export interface Scope {
  readonly run: Run;
  /** Names of columns come before other names. */
  readonly relation: Relation;
  readonly names: Names;
  /** How many calls of functions of the query or the workspace this stands in. */
  readonly depth: number;
  /** `$left` and `$right` in a join's condition. */
  readonly sides?: { readonly left: Relation; readonly right: Relation };
  /** Set where aggregates may stand; then columns may only stand inside of aggregates. */
  readonly collect?: AggregateCollector;
  /** In the condition of `search`: a bare string is looked for in all columns. */
  readonly search?: 'ignore-case' | 'case-sensitive';

  /** Compiles an expression over the relation. @throws KqlError, UnsupportedError */
  readonly scalar: (node: Syntax) => Cells;
  /** The value of an expression that must be constant. @throws KqlError where it is not */
  readonly constant: (node: Syntax) => Value;
  /** Compiles a list element with its name. */
  readonly named: (node: Syntax) => NamedCells;
  /** Evaluates a tabular expression (a source, a pipe, a call); the relation of this scope is not its input. */
  readonly tabular: (node: Syntax) => Relation;
  /** Pipes a relation into a sub-query (`mv-apply … on (…)`, `partition … (…)`): an operator or a pipe of operators. */
  readonly pipe: (node: Syntax, input: Relation) => Relation;
  /** Calls a function of the query or the workspace with a relation as first argument (`invoke`). */
  readonly invoke: (call: Syntax, input: Relation) => Relation;
  /** The same names and depth over another relation; other extras are not inherited. */
  readonly over: (
    relation: Relation,
    extras?: Partial<Pick<Scope, 'sides' | 'collect' | 'search' | 'names' | 'depth'>>,
  ) => Scope;
}

/** A tabular operator: `scope.relation` is its input (`noInput` at the head of a pipe). */
export type Operator = (node: Syntax, scope: Scope) => Relation;

/** A kind of scalar expression. */
export type Expression = (node: Syntax, scope: Scope) => Cells;

/** An `evaluate` plugin: `call` is its FunctionCallExpression, `scope.relation` its input. */
export type Plugin = (call: Syntax, scope: Scope) => Relation;
