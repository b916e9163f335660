import type { Syntax } from '../engine/language/syntax.ts';
import { didYouMean } from '../engine/suggest.ts';
import { argumentsOf, at, calledName, type Subject } from './lint-rule.ts';
import { absentProperties, payloadShape, type PayloadShape } from './payload-shape.ts';

/** A property that the payload has not. */
export interface PathRemark {
  /** `absent` where people often look for it, `unknown` where it is likely misspelt. */
  readonly kind: 'absent' | 'unknown';
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
  return of?.kind === 'list' ? of.item : undefined;
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

/** Follows the names that a query gives to parts of the payload, in order of the text. */
function aliasesOf({ nodes }: Subject): Aliases {
  const aliases: Aliases = new Map([['LLMEventData', payloadShape]]);
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
