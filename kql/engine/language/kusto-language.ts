/**
 * The generated API of `@kusto/language-service-next` (Kusto.Language compiled to JavaScript), as far as it is used.
 * `as` is allowed in this folder, and nowhere else in the engine.
 */
import { createRequire } from 'node:module';

/** A node as the generated code has it. */
export interface GeneratedNode {
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
export interface GeneratedType {
  readonly Name: string;
  readonly IsTabular: boolean;
  readonly Columns?: unknown;
}
export interface GeneratedDiagnostic {
  readonly Code: string;
  readonly Severity: string;
  readonly Message: string;
  readonly Start: number;
  readonly Length: number;
}
export interface GeneratedCode {
  readonly Syntax: GeneratedNode;
  readonly ResultType: GeneratedType | null;
  GetDiagnostics: () => unknown;
}
/** An item of a list of completions: `BeforeText` goes before the cursor, `AfterText` behind it. */
export interface GeneratedCompletion {
  readonly Kind: number;
  readonly DisplayText: string;
  readonly MatchText: string;
  readonly BeforeText: string;
  readonly AfterText: string;
}
interface GeneratedCompletionOptions {
  WithAutoAppendWhitespace: (isOn: boolean) => GeneratedCompletionOptions;
  WithEnableParameterInjection: (isOn: boolean) => GeneratedCompletionOptions;
}
export interface GeneratedGlobals {
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
  readonly Functions: { readonly All: unknown };
  readonly Aggregates: { readonly All: unknown };
  readonly PlugIns: { readonly All: unknown };
  readonly Syntax: { readonly SyntaxKind: Readonly<Record<string, unknown>> };
  readonly GlobalState: { readonly Default: GeneratedGlobals };
  readonly KustoCode: { ParseAndAnalyze: (text: string, globals: GeneratedGlobals) => GeneratedCode };
  readonly Editor: {
    readonly KustoCodeService: {
      $ctor1: new (
        text: string,
        globals: GeneratedGlobals,
      ) => {
        GetCompletionItems: (
          position: number,
          options: GeneratedCompletionOptions,
        ) => { readonly Items: unknown; readonly EditStart: number };
      };
    };
    readonly CompletionOptions: { readonly Default: GeneratedCompletionOptions };
    readonly CompletionKind: Readonly<Record<string, unknown>>;
  };
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
export { kusto };

/** Names of kinds of nodes by their number. */
export const kindNames = new Map<number, string>();
for (const [name, value] of Object.entries(kusto.Syntax.SyntaxKind))
  if (typeof value === 'number') kindNames.set(value, name);

/** The elements of a .NET list; none for null. */
export function* enumerate(list: unknown): Generator {
  if (list === null || list === undefined) return;
  const enumerator = bridge.getEnumerator(list);
  while (enumerator.moveNext()) yield enumerator.Current;
}
