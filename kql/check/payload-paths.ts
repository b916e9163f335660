import type { Syntax } from '../engine/language/syntax.ts';
import { didYouMean } from '../engine/suggest.ts';
import { argumentsOf, at, calledName, type Subject } from './lint-rule.ts';
import { absentProperties, payloadShape, type PayloadShape } from './payload-shape.ts';
import type { Schemas } from './schemas.ts';

/** A property that the payload has not, or an item that stands for many. */
export interface PathRemark {
  /** `absent` where people often look for it, `unknown` where it is likely misspelt, `index` for one item of an array. */
  readonly kind: 'absent' | 'index' | 'unknown';
  readonly offset: number;
  readonly message: string;
}

/** What a column holds: a part of the payload; null where it is not known or differs from place to place. */
type Aliases = Map<string, PayloadShape | null>;
type Note = (kind: PathRemark['kind'], node: Syntax, message: string) => void;

/** Functions that hand on what a property path goes into. */
const transparent: ReadonlySet<string> = new Set(['todynamic', 'parse_json', 'toobject', 'tostring', 'materialize']);
const ignore: Note = () => {};

/** Whether a node stands in a later argument of coalesce(): the place to try another casing. */
function isFallback(node: Syntax): boolean {
  const call = node.ancestor('FunctionCallExpression');
  if (call === undefined) return false;
  const [first] = argumentsOf(call);
  const isLater = first !== undefined && first.span.start + first.span.length <= node.span.start;
  return (calledName(call) === 'coalesce' && isLater) || isFallback(call);
}

function property(of: PayloadShape | undefined, name: string, node: Syntax, note: Note): PayloadShape | undefined {
  if (of === undefined) return name === 'CopilotEventData' ? payloadShape : undefined;
  if (of.kind === 'open') return undefined;
  if (of.kind === 'value') {
    note('unknown', node, `.${name} of a value that has no properties is always null`);
    return undefined;
  }
  if (of.kind === 'list') {
    if (of.isItemToo) return property(of.item, name, node, note);
    note('unknown', node, `.${name} of an array is always null: use mv-expand, mv-apply or an index`);
    return undefined;
  }
  const known = of.fields[name];
  if (known !== undefined) return known;
  const otherCasing =
    isFallback(node) && Object.entries(of.fields).find(([field]) => field.toLowerCase() === name.toLowerCase());
  if (otherCasing) return otherCasing[1];
  const reason = absentProperties.get(name.toLowerCase());
  const names = Object.keys(of.fields);
  if (reason !== undefined) note('absent', node, `LLMEventData has no ${name}: ${reason}`);
  else {
    const guess = didYouMean(name, names);
    note(
      'unknown',
      node,
      `LLMEventData has no property ${name} here${guess === '' ? ` (it has ${names.join(', ')})` : guess}`,
    );
  }
  return undefined;
}

function bracketed(of: PayloadShape | undefined, selector: Syntax, note: Note): PayloadShape | undefined {
  const index = selector.child('Expression');
  if (index.literal !== undefined) return property(of, index.literal, selector, note);
  if (of?.kind !== 'list') return undefined;
  if (/^-?\d+$/.test(index.text) && !of.isItemToo)
    note('index', selector, `[${index.text}] is one item of an array that may hold many: use mv-expand or mv-apply`);
  return of.item;
}

/** The part of the payload that an expression gives; undefined where that is not known. */
function shapeOf(node: Syntax, aliases: Aliases, note: Note): PayloadShape | undefined {
  switch (node.kind) {
    case 'ParenthesizedExpression':
      return shapeOf(node.child('Expression'), aliases, note);
    case 'NameReference':
      return aliases.get(node.name) ?? undefined;
    case 'FunctionCallExpression': {
      const [first] = argumentsOf(node);
      if (calledName(node) === 'coalesce')
        return argumentsOf(node)
          .map((argument) => shapeOf(argument, aliases, note))
          .find((shape) => shape !== undefined);
      return first !== undefined && transparent.has(calledName(node)) ? shapeOf(first, aliases, note) : undefined;
    }
    case 'PathExpression':
    case 'ElementExpression': {
      const of = shapeOf(node.child('Expression'), aliases, note);
      const selector = node.child('Selector');
      return selector.kind === 'NameReference'
        ? property(of, selector.name, selector, note)
        : bracketed(of, selector, note);
    }
    default:
      return undefined;
  }
}

function assign(aliases: Aliases, name: string, shape: PayloadShape | undefined): void {
  const before = aliases.get(name);
  aliases.set(name, before === undefined || before === shape ? (shape ?? null) : null);
}

const isExpansion = (node: Syntax | undefined): boolean =>
  node?.kind === 'MvExpandExpression' || node?.kind === 'MvApplyExpression';
const projecting = new Set(['ProjectOperator', 'ExtendOperator']);

type Shapes = ReadonlyMap<string, PayloadShape>;
const known = new WeakMap<Schemas, Map<string, Shapes>>();

/** The parts of the payload that a function yields, by column. */
function yieldedBy(name: string, schemas: Schemas): Shapes {
  const cache = known.get(schemas) ?? new Map<string, Shapes>();
  known.set(schemas, cache);
  const found = cache.get(name);
  if (found !== undefined) return found;
  // Nothing, while its own body is read: a function cannot call itself, but a column may have its name.
  cache.set(name, new Map());
  const definition = schemas.functions.get(name);
  if (definition === undefined) return new Map();
  const { declaration, analyze } = schemas.language;
  const columns = new Set(analyze(name).columns?.map((column) => column.name));
  const nodes = [...declaration(definition).descendants()].filter(({ isToken }) => !isToken);
  const aliases = aliasesOf({ nodes: (...kinds) => nodes.filter(({ kind }) => kinds.includes(kind)), schemas });
  const shapes = new Map<string, PayloadShape>();
  for (const [column, shape] of aliases)
    if (shape !== null && columns.has(column))
      shapes.set(column, shape.kind === 'list' && shape.isItemToo ? shape.item : shape);
  cache.set(name, shapes);
  return shapes;
}

/** Follows the names that a query, and the functions it calls, give to parts of the payload, in order of the text. */
function aliasesOf({ nodes, schemas }: Pick<Subject, 'nodes' | 'schemas'>): Aliases {
  const aliases: Aliases = new Map([['LLMEventData', payloadShape]]);
  for (const { name } of nodes('NameReference'))
    if (schemas.functions.has(name))
      for (const [column, shape] of yieldedBy(name, schemas)) assign(aliases, column, shape);
  for (const node of nodes('SimpleNamedExpression', 'PathExpression', 'NameReference')) {
    const isNamed = node.kind === 'SimpleNamedExpression';
    const { parent } = node;
    const isColumn = parent?.kind === 'SeparatedElement' && projecting.has(parent.parent?.parent?.kind ?? '');
    if (!isNamed && !isExpansion(parent) && !(isColumn && node.kind === 'PathExpression')) continue;
    const name = isNamed ? node.child('Name').name : node.resultName;
    if (name === null || name === '') continue;
    const shape = shapeOf(isNamed ? node.child('Expression') : node, aliases, ignore);
    if (!isExpansion(parent)) assign(aliases, name, shape);
    else if (shape?.kind !== 'list') assign(aliases, name, shape);
    // `mv-expand Messages`: the column is an array before and an item after.
    else if (aliases.get(name) === shape) aliases.set(name, { ...shape, isItemToo: true });
    else assign(aliases, name, shape.item);
  }
  return aliases;
}

/** Every property path into the payload that leads nowhere; what cannot be followed is left alone. */
export function payloadPaths(subject: Subject): readonly PathRemark[] {
  const aliases = aliasesOf(subject);
  const remarks = new Map<Syntax, PathRemark>();
  const note: Note = (kind, node, message) => {
    remarks.set(node, { kind, ...at(node, message) });
  };
  for (const node of subject.nodes('PathExpression', 'ElementExpression')) shapeOf(node, aliases, note);
  return [...remarks.values()];
}
