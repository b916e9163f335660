/**
 * Nodes of the bound tree. Names of kinds and properties (`JoinOperator.ConditionClause`) are those of the public C#
 * API of Kusto.Language.
 */
import { type Position, positionOf } from '../errors.ts';
import { type Type, toType } from '../values/types.ts';
import { type GeneratedNode, kindNames, kusto } from './kusto-language.ts';

/** The text that a tree was parsed from. */
export interface Source {
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
    // Not by recursion: generators within generators cost the square of the depth, and end with the stack.
    const waiting: Syntax[] = [this];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      yield node;
      for (const child of node.children.toReversed()) waiting.push(child);
    }
  }

  /** The nearest node above of one of these kinds. */
  ancestor(...kinds: readonly string[]): Syntax | undefined {
    let at = this.parent;
    while (at !== undefined && !kinds.includes(at.kind)) at = at.parent;
    return at;
  }
}
