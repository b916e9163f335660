/**
 * KQL over rows in memory, as Kusto would answer.
 *
 * ```ts
 * const kql = engine({ tables: [{ name: 'T', columns: [{ name: 'User', type: 'string' }] }] });
 * const { columns, rows } = kql.prepare('T | summarize count() by User').run({ now: new Date(), tables: { T: relation } });
 * ```
 */
import { isAccepted } from './binder-overrides.ts';
import { budget, type Limits } from './budget.ts';
import { KqlError } from './errors.ts';
import { type Library, rootScope } from './evaluate.ts';
import type { Completions } from './language/completions-at.ts';
import { type Analysis, type Diagnostic, language } from './language/language.ts';
import { type ColumnSchema, type FunctionDefinition, type TableSchema } from './language/schema.ts';
import { type Syntax } from './language/syntax.ts';
import { forbiddenConstructs } from './log-analytics.ts';
import { declarationsIn, namesIn } from './names-in.ts';
import { isOffered } from './offered.ts';
import type { Relation } from './relation.ts';
import type { NetworkLocation } from './scope.ts';
import { runStatements } from './statements.ts';
import { didYouMean } from './suggest.ts';
import { type Period, type TableRows, tableReader } from './table-reader.ts';
import { fromUnixMilliseconds } from './values/calendar.ts';
import type { Datetime, Value } from './values/types.ts';

/** The binder's codes for a column, table, fuzzy table or function that it does not know. */
const unknownNames: ReadonlySet<string> = new Set(['KS142', 'KS204', 'KS205', 'KS211']);

// Microsoft's binder takes seconds for some texts of this length, and its time grows faster than the text. Log
// Analytics takes 10,000 characters in a rule.
const longestQuery = 100_000;

/** What queries are bound against. */
export interface EngineOptions {
  readonly tables?: readonly TableSchema[];
  readonly functions?: readonly FunctionDefinition[];
  /** Whose constructs may be used: `kusto` takes what Log Analytics refuses. Default `log-analytics`. */
  readonly dialect?: 'log-analytics' | 'kusto';
}

/** What a query runs on. */
export interface RunOptions {
  /** What `now()` says. */
  readonly now: Date | Datetime;
  /** Rows by name of table; a table of the schema that is missing here is empty. */
  readonly tables?: Readonly<Record<string, TableRows>>;
  /** What a scheduled rule sees: rows whose TimeGenerated lies in it, of every table but watchlists. */
  readonly period?: Period;
  readonly limits?: Limits;
  /** What `geo_info_from_ip_address` answers from; without it the function is refused. */
  readonly networks?: readonly NetworkLocation[];
  /** The source of `rand()`. Default `Math.random`. */
  readonly random?: () => number;
  /** The clock of the time limit, in milliseconds. Default `performance.now`. */
  readonly clock?: () => number;
}

/** The answer to a query. */
export interface Result {
  readonly columns: readonly ColumnSchema[];
  readonly rows: readonly (readonly Value[])[];
}

/** A bound query. */
export interface Query {
  readonly analysis: Analysis;
  /** @throws KqlError with code `runtime`, `unsupported` or `budget` */
  readonly run: (options: RunOptions) => Result;
}

export interface Engine {
  /**
   * Parses and binds.
   * @throws KqlError of the first problem, with the binder's code or `forbidden`; with code `budget` for a text of more
   * than 100,000 characters
   */
  readonly prepare: (text: string) => Query;
  /** All that the binder says, without what it is known to be wrong about. @throws KqlError with code `budget`, as `prepare` */
  readonly diagnose: (text: string) => readonly Diagnostic[];
  /** What may stand at a character of a text, counted from 0, of what the engine can run. @throws KqlError with code `budget`, as `prepare` */
  readonly complete: (text: string, position: number) => Completions;
}

function toResult({ columns, length }: Relation, run: { readonly budget: ReturnType<typeof budget> }): Result {
  run.budget.keep(length + Math.floor((length * columns.length) / 16));
  const rows: Value[][] = [];
  for (let row = 0; row < length; row += 1) {
    run.budget.visit();
    rows.push(columns.map(({ at }) => at(row)));
  }
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows };
}

/** A body starts with no brace and a parameter list with no parenthesis: the engine puts them around. */
function assertBare({ name, parameters, body }: FunctionDefinition): void {
  const refuse = (part: string, given: string, marks: string): never => {
    const begin = given.trim().slice(0, 40);
    throw new KqlError(`function ${name}: give its ${part} without the ${marks} around it: ${begin}`, {
      code: 'syntax',
    });
  };
  if (parameters.trim().startsWith('(')) refuse('parameter list', parameters, 'parentheses');
  if (body.trim().startsWith('{')) refuse('body', body, 'braces');
}

/** Gives what JavaScript refuses to do (texts of 512 M characters, calls 10,000 deep) the form of the engine's own limits. */
function withinLimits<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new KqlError(`the query makes a value that is too long or nested too deep (${error.message})`, {
      code: 'budget',
      cause: error,
    });
  }
}

/** Gives the end of the stack, which a query with thousands of parentheses or plus signs reaches, the form of the engine's own limits. */
function notTooDeep<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new KqlError('the query is nested too deep to be read: use fewer parentheses and shorter chains', {
      code: 'budget',
      cause: error,
    });
  }
}

/**
 * An engine for a schema. Making one takes 0.1 to 0.3 s the first time in a process, binding a query some milliseconds.
 * @throws KqlError with code `syntax` for a function that is given with the braces or parentheses of its declaration
 */
export function engine({ tables = [], functions = [], dialect = 'log-analytics' }: EngineOptions): Engine {
  functions.forEach(assertBare);
  const library: Library = {
    language: language(tables, functions),
    functions: new Map(functions.map((definition) => [definition.name, definition])),
  };
  const schemas = new Map(tables.map((schema) => [schema.name, schema]));
  const candidates = [
    ...schemas.keys(),
    ...library.functions.keys(),
    ...tables.flatMap(({ columns }) => columns.map(({ name }) => name)),
  ];
  // Most names mean the same in every table; one that has two types says none.
  const columnTypes = new Map<string, string>();
  for (const { name, type } of tables.flatMap(({ columns }) => columns))
    columnTypes.set(name, (columnTypes.get(name) ?? type) === type ? type : '');
  const problems = ({ diagnostics, text }: Analysis): readonly Diagnostic[] =>
    diagnostics.filter((diagnostic) => !isAccepted(diagnostic, text));

  const run = (analysis: Analysis, options: RunOptions): Result => {
    const {
      now,
      tables = {},
      period,
      limits = {},
      networks,
      random = Math.random,
      clock = () => performance.now(),
    } = options;
    const spending = budget(limits, clock);
    const context = {
      now: now instanceof Date ? fromUnixMilliseconds(now.getTime()) : now,
      budget: spending,
      random,
      networks,
      tables: [...schemas.keys()],
      table: tableReader({ schemas, rows: tables, period, mentioned: () => namesIn(analysis.root, library) }, spending),
    };
    const relation = runStatements(analysis.statements, rootScope(library, context));
    if (relation === undefined)
      throw new KqlError('the query yields nothing: end it with an expression', { code: 'runtime' });
    return toResult(relation, context);
  };

  // A stored function that is allowed once stays so: its tree is not walked for every query.
  const allowed = new WeakSet<Syntax>();
  const assertAllowed = (root: Syntax): void => {
    for (const tree of [root, ...declarationsIn(root, library)]) {
      if (allowed.has(tree)) continue;
      for (const { node, reason } of forbiddenConstructs(tree.descendants()))
        throw new KqlError(reason, { code: 'forbidden', position: node.position });
      allowed.add(tree);
    }
  };

  const toError = ({ code, message, position, start, length }: Diagnostic, text: string): KqlError => {
    const guess = unknownNames.has(code) ? didYouMean(text.slice(start, start + length), candidates) : '';
    return new KqlError(guess === '' ? message : `${message.replace(/\.$/, '')}${guess}`, { code, position });
  };

  const assertLength = (text: string): void => {
    if (text.length > longestQuery)
      throw new KqlError(`the query has ${text.length} characters, at most ${longestQuery} are read: shorten it`, {
        code: 'budget',
      });
  };
  const analyze = (text: string): Analysis => {
    assertLength(text);
    return notTooDeep(() => library.language.analyze(text));
  };

  const complete = (text: string, position: number): Completions => {
    assertLength(text);
    const { start, items } = library.language.complete(text, position);
    const detailed = items.map((item) =>
      item.kind === 'column' ? { ...item, detail: columnTypes.get(item.label) ?? '' } : item,
    );
    return { start, items: detailed.filter(isOffered) };
  };

  return {
    diagnose: (text) => problems(analyze(text)),
    complete,
    prepare: (text) => {
      const analysis = analyze(text);
      if (dialect === 'log-analytics') notTooDeep(() => assertAllowed(analysis.root));
      const [first] = problems(analysis).filter(({ severity }) => severity === 'Error');
      if (first !== undefined) throw toError(first, text);
      return { analysis, run: (options) => withinLimits(() => run(analysis, options)) };
    },
  };
}
