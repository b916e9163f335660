/**
 * Microsoft's own parser and binder (`@kusto/language-service-next`, Kusto.Language compiled to JavaScript).
 * The only file that knows the generated API; `as` is allowed here for that reason. Names of node kinds and
 * properties (`JoinOperator.ConditionClause`) are those of the public C# API of Kusto.Language.
 */
import { createRequire } from 'node:module';
import { KqlError, type Position, positionOf } from './errors.ts';
import type { Type } from './values/types.ts';

interface GeneratedNode {
  readonly Kind: number;
  readonly ChildCount: number;
  readonly Parent: GeneratedNode | null;
  readonly TextStart: number;
  readonly Width: number;
  readonly IsToken?: boolean;
  readonly ResultType?: GeneratedType | null;
  readonly SimpleName?: string;
  readonly LiteralValue?: unknown;
  readonly Text?: string;
  GetChild: (index: number) => GeneratedNode | null;
  ToString: (trivia: number) => string;
}
interface GeneratedType {
  readonly Name: string;
  readonly IsTabular: boolean;
  readonly Columns?: unknown;
}
interface GeneratedDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}
interface GeneratedCode {
  readonly Syntax: GeneratedNode;
  readonly ResultType: GeneratedType | null;
  GetDiagnostics: () => unknown;
}
interface GeneratedGlobals {
  WithDatabase: (database: unknown) => GeneratedGlobals;
  WithCache: () => GeneratedGlobals;
}
interface Generated {
  readonly Symbols: {
    readonly TableSymbol: { From: (schema: string) => { WithName: (name: string) => unknown } };
    readonly FunctionSymbol: {
      $ctor16: new (name: string, parameters: string, body: string, description: string) => unknown;
    };
    readonly DatabaseSymbol: { $ctor1: new (name: string, members: readonly unknown[], isOpen: boolean) => unknown };
  };
  readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
  readonly GlobalState: { readonly Default: GeneratedGlobals };
  readonly KustoCode: { ParseAndAnalyze: (text: string, globals: GeneratedGlobals) => GeneratedCode };
  readonly KustoFacts: { GetStringLiteralValue: (text: string) => string };
  readonly Binding: {
    readonly Binder: { GetExpressionResultName: (node: GeneratedNode, fallback: null, row: null) => string | null };
  };
}
interface Enumerator {
  readonly Current: unknown;
  moveNext: () => boolean;
}
interface Bridge {
  getEnumerator: (list: unknown) => Enumerator;
}

function load(): { readonly kusto: Generated; readonly bridge: Bridge } {
  const require = createRequire(import.meta.url);
  // The bundles write Bridge, System and Kusto to the global object; the order matters.
  require('@kusto/language-service-next/bridge.min.js');
  require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
  const globals = globalThis as unknown as { Bridge: Bridge; Kusto: { Language: Generated } };
  return { kusto: globals.Kusto.Language, bridge: globals.Bridge };
}

const { kusto, bridge } = load();

const kindNames = new Map<number, string>();
for (const [name, value] of Object.entries(kusto.Syntax.SyntaxKind))
  if (typeof value === 'number') kindNames.set(value, name);

function* enumerate(list: unknown): Generator {
  if (list === null || list === undefined) return;
  const enumerator = bridge.getEnumerator(list);
  while (enumerator.moveNext()) yield enumerator.Current;
}

const typeNames: Readonly<Record<string, Type>> = {
  bool: 'bool',
  boolean: 'bool',
  int: 'int',
  long: 'long',
  real: 'real',
  double: 'real',
  decimal: 'decimal',
  string: 'string',
  datetime: 'datetime',
  date: 'datetime',
  timespan: 'timespan',
  time: 'timespan',
  guid: 'guid',
  uuid: 'guid',
  uniqueid: 'guid',
  dynamic: 'dynamic',
  object: 'dynamic',
};

/** The type that a name in a query or a schema means (`double` is `real`); undefined for other names. */
export const toType = (name: string): Type | undefined => typeNames[name.toLowerCase()];

interface Source {
  readonly text: string;
  readonly within: string | undefined;
  readonly known: WeakMap<object, Syntax>;
}

/** A node of the bound tree, read-only. Children are wrapped once, so a node is always the same object. */
export class Syntax {
  readonly #node: GeneratedNode;
  readonly #source: Source;
  readonly #children = new Map<string, Syntax | undefined>();
  readonly #lists = new Map<string, readonly Syntax[]>();
  #text: string | undefined;
  #resultName: string | null | undefined;
  /** The SyntaxKind by name: `JoinOperator`, `NameReference`, … */
  readonly kind: string;

  constructor(node: GeneratedNode, source: Source) {
    this.#node = node;
    this.#source = source;
    this.kind = kindNames.get(node.Kind) ?? `SyntaxKind ${node.Kind}`;
  }

  #wrap(node: GeneratedNode): Syntax {
    let wrapped = this.#source.known.get(node);
    if (wrapped === undefined) {
      wrapped = new Syntax(node, this.#source);
      this.#source.known.set(node, wrapped);
    }
    return wrapped;
  }

  #property(name: string): GeneratedNode | undefined {
    const value = (this.#node as unknown as Readonly<Record<string, GeneratedNode | null | undefined>>)[name];
    return value ?? undefined;
  }

  /** The child that a property holds, undefined where the query leaves it out. */
  optional(property: string): Syntax | undefined {
    if (!this.#children.has(property)) {
      const node = this.#property(property);
      this.#children.set(property, node === undefined ? undefined : this.#wrap(node));
    }
    return this.#children.get(property);
  }

  /** The child that a property holds. @throws Error where there is none: a bug of the engine, not of the query. */
  child(property: string): Syntax {
    const found = this.optional(property);
    if (found === undefined) throw new Error(`${this.kind} has no ${property}: ${this.text}`);
    return found;
  }

  /** The elements of a list property without separators; none where it is left out. */
  list(property: string): readonly Syntax[] {
    let found = this.#lists.get(property);
    if (found === undefined) {
      found = this.optional(property)?.children.map((element) =>
        element.kind === 'SeparatedElement' ? (element.children[0] ?? element) : element,
      );
      found ??= [];
      this.#lists.set(property, found);
    }
    return found;
  }

  /** All children, tokens included, in order of the text. */
  get children(): readonly Syntax[] {
    const found: Syntax[] = [];
    for (let index = 0; index < this.#node.ChildCount; index += 1) {
      const node = this.#node.GetChild(index);
      if (node) found.push(this.#wrap(node));
    }
    return found;
  }

  get parent(): Syntax | undefined {
    return this.#node.Parent ? this.#wrap(this.#node.Parent) : undefined;
  }

  get isToken(): boolean {
    return this.#node.IsToken === true;
  }

  /** The text of the node without blanks and comments around it. */
  get text(): string {
    // IncludeTrivia.Interior
    this.#text ??= this.#node.ToString(1).trim();
    return this.#text;
  }

  /** The unquoted name of a NameReference, NameDeclaration or any node that carries one; '' for others. */
  get name(): string {
    return this.#node.SimpleName ?? '';
  }

  /** The value of a string literal, unescaped; undefined for other nodes. */
  get literal(): string | undefined {
    const value = this.#node.LiteralValue;
    return typeof value === 'string' ? value : undefined;
  }

  /** The name that Kusto gives a column made by this expression without a name of its own (`count_`); null for none. */
  get resultName(): string | null {
    if (this.#resultName === undefined) {
      try {
        this.#resultName = kusto.Binding.Binder.GetExpressionResultName(this.#node, null, null) || null;
      } catch {
        // The binder's own code fails on a few kinds of nodes; those have no name.
        this.#resultName = null;
      }
    }
    return this.#resultName;
  }

  /** Whether it yields a table. */
  get isTabular(): boolean {
    // A pipe is one even where the binder cannot know its columns (`evaluate schema_merge`).
    return (
      this.#node.ResultType?.IsTabular === true || this.kind === 'PipeExpression' || this.kind.endsWith('Operator')
    );
  }

  /** The scalar type that the binder gives it; undefined for tables and where it cannot know. */
  get type(): Type | undefined {
    const type = this.#node.ResultType;
    return type && !type.IsTabular ? toType(type.Name) : undefined;
  }

  get position(): Position {
    return positionOf(this.#source.text, this.#node.TextStart, this.#source.within);
  }

  /** Characters from the start of the text to the node and its length. */
  get span(): { readonly start: number; readonly length: number } {
    return { start: this.#node.TextStart, length: this.#node.Width };
  }

  /** The node and all nodes below it, parents first. */
  *descendants(): Generator<Syntax> {
    yield this;
    for (const child of this.children) yield* child.descendants();
  }

  /** The nearest node above of one of these kinds. */
  ancestor(...kinds: readonly string[]): Syntax | undefined {
    let at = this.parent;
    while (at !== undefined && !kinds.includes(at.kind)) at = at.parent;
    return at;
  }
}

/** A column as schemas and results tell it. */
export interface ColumnSchema {
  readonly name: string;
  readonly type: Type;
}

/** A table as the binder must know it. */
export interface TableSchema {
  readonly name: string;
  readonly columns: readonly ColumnSchema[];
}

/** A workspace function. */
export interface FunctionDefinition {
  readonly name: string;
  /** The parameter list without parentheses: `lookback:timespan=1d, actor:string=""`; '' for none. */
  readonly parameters: string;
  /** The statements and the final expression, without braces. */
  readonly body: string;
}

/** What the binder says of a query. */
export interface Diagnostic {
  /** `KSnnn`. */
  readonly code: string;
  readonly severity: 'Error' | 'Warning' | 'Suggestion' | 'Information' | 'Hidden';
  readonly message: string;
  readonly start: number;
  readonly length: number;
  readonly position: Position;
}

/** A parsed and bound text. */
export interface Analysis {
  readonly text: string;
  readonly statements: readonly Syntax[];
  readonly root: Syntax;
  readonly diagnostics: readonly Diagnostic[];
  /** The columns that the query yields, as far as the binder knows them; undefined where it yields no table. */
  readonly columns: readonly ColumnSchema[] | undefined;
}

/** A set of tables and functions that queries are bound against. */
export interface Language {
  /** Parses and binds. A wrong query is told by `diagnostics`. @throws KqlError with code `syntax` where the binder itself fails */
  readonly analyze: (text: string) => Analysis;
  /** A function's declaration as a tree (kind `FunctionDeclaration`), bound against the same schema. */
  readonly declaration: (definition: FunctionDefinition) => Syntax;
}

const quoted = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `['${name}']`);
const severities = ['Error', 'Warning', 'Suggestion', 'Information', 'Hidden'] as const;

function toDiagnostic(value: unknown, text: string, within?: string): Diagnostic {
  const { Code, Severity, Message, Start, Length } = value as GeneratedDiagnostic;
  return {
    code: Code,
    severity: severities.find((name) => name === Severity) ?? 'Error',
    message: Message,
    start: Start,
    length: Length,
    position: positionOf(text, Start, within),
  };
}

function columnsOf(type: GeneratedType | null): readonly ColumnSchema[] | undefined {
  if (!type?.IsTabular) return undefined;
  return [...enumerate(type.Columns)].map((column) => {
    const { Name, Type: of } = column as { readonly Name: string; readonly Type: { readonly Name: string } };
    return { name: Name, type: toType(of.Name) ?? 'dynamic' };
  });
}

/** Makes the binder ready for a schema: 0.1 to 0.3 s the first time in a process, then some milliseconds. */
export function language(tables: readonly TableSchema[], functions: readonly FunctionDefinition[]): Language {
  const { TableSymbol, FunctionSymbol, DatabaseSymbol } = kusto.Symbols;
  const members = [
    ...tables.map(({ name, columns }) =>
      TableSymbol.From(`(${columns.map((column) => `${quoted(column.name)}:${column.type}`).join(',')})`).WithName(
        name,
      ),
    ),
    ...functions.map(
      ({ name, parameters, body }) => new FunctionSymbol.$ctor16(name, `(${parameters})`, `{\n${body}\n}`, ''),
    ),
  ];
  const globals = kusto.GlobalState.Default.WithDatabase(
    new DatabaseSymbol.$ctor1('workspace', members, false),
  ).WithCache();
  const declarations = new Map<FunctionDefinition, Syntax>();

  const bound = (text: string): { readonly code: GeneratedCode; readonly diagnostics: readonly unknown[] } => {
    try {
      const code = kusto.KustoCode.ParseAndAnalyze(text, globals);
      return { code, diagnostics: [...enumerate(code.GetDiagnostics())] };
    } catch (cause) {
      // What the generated code throws is no Error: `summarize [long(null) count()` is a null argument to it.
      throw new KqlError(`Microsoft's parser fails on this text (${String(cause).split('\n')[0]}): mend its syntax`, {
        code: 'syntax',
        cause,
      });
    }
  };

  const analyzeAs = (text: string, within: string | undefined): Analysis => {
    const { code, diagnostics } = bound(text);
    const root = new Syntax(code.Syntax, { text, within, known: new WeakMap() });
    return {
      text,
      root,
      statements: root.list('Statements'),
      diagnostics: diagnostics.map((value) => toDiagnostic(value, text, within)),
      columns: columnsOf(code.ResultType),
    };
  };

  return {
    analyze: (text) => analyzeAs(text, undefined),
    declaration: (definition) => {
      let found = declarations.get(definition);
      if (found === undefined) {
        // The body starts on line 1, so that positions are those of the function's own text.
        const text = `let ${quoted(definition.name)} = (${definition.parameters}) {${definition.body}\n}; print 1`;
        const [statement] = analyzeAs(text, definition.name).statements;
        if (statement?.kind !== 'LetStatement') throw new Error(`${definition.name}: parameters or body do not parse`);
        found = statement.child('Expression');
        declarations.set(definition, found);
      }
      return found;
    },
  };
}

/** The value of a string literal as written in a query, quotes and escapes resolved. */
export const stringLiteral = (text: string): string => kusto.KustoFacts.GetStringLiteralValue(text);
