/** Microsoft's parser and binder over a schema. */
import { KqlError, type Position, positionOf } from '../errors.ts';
import { toType } from '../values/types.ts';
import { completionsAt, type Completions } from './completions-at.ts';
import {
  enumerate,
  type GeneratedCode,
  type GeneratedDiagnostic,
  type GeneratedType,
  kusto,
} from './kusto-language.ts';
import type { ColumnSchema, FunctionDefinition, TableSchema } from './schema.ts';
import { Syntax } from './syntax.ts';

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
  /** What may stand at a character of a text, counted from 0; nothing where the binder cannot tell. */
  readonly complete: (text: string, position: number) => Completions;
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
    complete: (text, position) => completionsAt(text, position, globals),
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
