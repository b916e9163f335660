/** What Microsoft's language service proposes at a place of a query. */
import { enumerate, type GeneratedCompletion, type GeneratedGlobals, kusto } from './kusto-language.ts';

/** What a proposal is. */
export type CompletionKind =
  | 'column'
  | 'table'
  | 'function'
  | 'aggregate'
  | 'operator'
  | 'keyword'
  | 'variable'
  | 'other';

/** One proposal. */
export interface Completion {
  /** A name or a word. */
  readonly label: string;
  /** Goes before the cursor. */
  readonly text: string;
  /** Goes behind the cursor: `)` of a call. */
  readonly after: string;
  readonly kind: CompletionKind;
  /** The parameters of a function, `(value, roundTo)`; of a column its type, where that is known by its name. */
  readonly detail: string;
  /** Whether the query or the workspace declares it. */
  readonly isOwn: boolean;
}

/** All proposals at a place. */
export interface Completions {
  /** The first of the characters, up to the place, that a proposal replaces. */
  readonly start: number;
  readonly items: readonly Completion[];
}

// By the names of Kusto's own kinds. Punctuation and examples are left out: they are noise in a list.
const kinds: Readonly<Record<string, CompletionKind>> = {
  Column: 'column',
  Table: 'table',
  MaterialiedView: 'table',
  BuiltInFunction: 'function',
  LocalFunction: 'function',
  DatabaseFunction: 'function',
  AggregateFunction: 'aggregate',
  ScalarPrefix: 'function',
  QueryPrefix: 'operator',
  TabularPrefix: 'operator',
  TabularSuffix: 'operator',
  ScalarInfix: 'operator',
  Keyword: 'keyword',
  Syntax: 'keyword',
  RenderChart: 'keyword',
  Option: 'keyword',
  ScalarType: 'keyword',
  Parameter: 'variable',
  Variable: 'variable',
  Example: 'other',
  Identifier: 'other',
};

const own: ReadonlySet<string> = new Set(['LocalFunction', 'DatabaseFunction', 'Table', 'Variable', 'Parameter']);

interface Known {
  readonly kind: CompletionKind;
  readonly isOwn: boolean;
}
const kindsByNumber = new Map<number, Known>();
for (const [name, number] of Object.entries(kusto.Editor.CompletionKind)) {
  const kind = kinds[name];
  if (kind !== undefined && typeof number === 'number') kindsByNumber.set(number, { kind, isOwn: own.has(name) });
}

const isCall = (kind: CompletionKind): boolean => kind === 'function' || kind === 'aggregate';

function toCompletion({ Kind, DisplayText, BeforeText, AfterText }: GeneratedCompletion): Completion | undefined {
  const known = kindsByNumber.get(Kind);
  if (known === undefined) return undefined;
  const { kind, isOwn } = known;
  const parenthesis = isCall(kind) ? DisplayText.indexOf('(') : -1;
  return {
    label: parenthesis < 0 ? DisplayText : DisplayText.slice(0, parenthesis),
    // A table comes with a pipe on the next line, and a column with a blank: not what everybody wants next.
    text: BeforeText.replace(/\s*\n\| $/, '').trimEnd(),
    after: AfterText,
    kind,
    detail: parenthesis < 0 ? '' : DisplayText.slice(parenthesis),
    isOwn,
  };
}

/** Asks the language service. A text that it fails on has no proposals. */
export function completionsAt(text: string, position: number, globals: GeneratedGlobals): Completions {
  const options =
    kusto.Editor.CompletionOptions.Default.WithAutoAppendWhitespace(false).WithEnableParameterInjection(false);
  try {
    const service = new kusto.Editor.KustoCodeService.$ctor1(text, globals);
    const { Items, EditStart } = service.GetCompletionItems(position, options);
    const items = [...enumerate(Items)].flatMap((item) => toCompletion(item as GeneratedCompletion) ?? []);
    return { start: items.length === 0 ? position : EditStart, items };
  } catch {
    // The generated code throws objects of its own on some unfinished texts, and an editor asks at every key.
    return { start: position, items: [] };
  }
}
