/** OData query options as Graph takes them: $select, $expand, $top and $skiptoken. */
import type { Ask } from './ask.ts';
import { found, refused, type Outcome } from './outcome.ts';

/** Properties of an entity and those that come without $select. */
export interface Shape {
  /** Type name in messages, such as microsoft.graph.user. */
  readonly type: string;
  readonly properties: readonly string[];
  readonly byDefault: readonly string[];
  /** Error code of the service for a name that does not exist. */
  readonly code: string;
}

/** Property names from texts that hold them with blanks between. */
export function fields(...texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split(' '));
}

const names = (text: string): readonly string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

function noProperty(shape: Shape, name: string): Outcome {
  return refused(
    400,
    shape.code,
    `Parsing OData Select and Expand failed: Could not find a property named '${name}' on type '${shape.type}'.`,
  );
}

/** The first thing in a request's options that Graph refuses; undefined when there is none. */
export function optionProblem(ask: Ask, shape: Shape, expandable: readonly string[] = []): Outcome | undefined {
  const wrong = names(ask.options.get('$select') ?? '').find((name) => !shape.properties.includes(name));
  if (wrong !== undefined) return noProperty(shape, wrong);
  for (const { name } of toExpands(ask.options.get('$expand') ?? '')) {
    if (!expandable.includes(name)) return noProperty(shape, name);
  }
  const filter = ask.options.get('$filter');
  if (filter === undefined) return undefined;
  const used = filter.replaceAll(/'(?:[^']|'')*'/g, '').match(/[a-z][\w/]*/gi) ?? [];
  const words = new Set(['eq', 'ne', 'gt', 'ge', 'lt', 'le', 'and', 'or', 'not', 'in', 'has', 'any', 'all', 'true']);
  const unknown = used.find((name) => !words.has(name) && !shape.properties.includes(name.split('/')[0] ?? ''));
  if (unknown !== undefined)
    return refused(400, shape.code, `Could not find a property named '${unknown}' on type '${shape.type}'.`);
  // No filter is needed so far; to ignore one would be kinder than the service.
  return refused(400, 'Request_UnsupportedQuery', 'The simulator does not evaluate $filter.');
}

/** One expanded relationship. */
export interface Expand {
  readonly name: string;
  /** Text of its own $select; undefined when absent. */
  readonly select: string | undefined;
}

/** `manager($select=id,userPrincipalName)` and the like. */
export function toExpands(text: string): readonly Expand[] {
  return [...text.matchAll(/([^,()]+)(?:\(([^)]*)\))?/g)].map(([, name = '', inner = '']) => ({
    name: name.trim(),
    select: /(?:^|;)\s*\$select=([^;]*)/i.exec(inner)?.[1],
  }));
}

/** The selected properties of an entity, or its default ones; null stands for a property without a value. */
export function selected(
  values: Readonly<Record<string, unknown>>,
  shape: Shape,
  select: string | undefined,
): Readonly<Record<string, unknown>> {
  const wanted = select === undefined || select === '' ? shape.byDefault : names(select);
  return Object.fromEntries(wanted.map((name) => [name, values[name] ?? null]));
}

/** What tells the pages of a collection apart in the report. */
export function pageKey(ask: Ask, name: string): string {
  return `${name} ${ask.options.get('$skiptoken') ?? ''}`.trim();
}

/** One page of a collection, with a link to the next; $top above `most` is refused. */
export function page<T>(
  ask: Ask,
  all: readonly T[],
  sizes: { readonly usual: number; readonly most: number },
  origin: string,
  toValue: (item: T) => unknown,
): Outcome {
  const top = ask.options.get('$top');
  const size = top === undefined ? sizes.usual : Number(top);
  if (!Number.isInteger(size) || size < 1 || size > sizes.most)
    return refused(
      400,
      'Request_BadRequest',
      `Invalid page size specified: '${top}'. Must be between 1 and ${sizes.most}.`,
    );
  const from = fromToken(ask.options.get('$skiptoken'));
  if (from === undefined) return refused(400, 'Request_BadRequest', 'The specified page token value has expired.');
  const value = all.slice(from, from + size).map(toValue);
  const next = from + size < all.length ? { '@odata.nextLink': nextLink(ask, from + size, origin) } : {};
  return found({ '@odata.context': `${origin}/${ask.version}/$metadata#${ask.segments.join('/')}`, ...next, value });
}

const toToken = (from: number): string => Buffer.from(`page:${from}`).toString('base64url');

function fromToken(token: string | undefined): number | undefined {
  if (token === undefined) return 0;
  const match = /^page:(\d+)$/.exec(Buffer.from(token, 'base64url').toString());
  return match ? Number(match[1]) : undefined;
}

function nextLink(ask: Ask, from: number, origin: string): string {
  const path = ask.url.split('?')[0] ?? '';
  const query = [...ask.options].filter(([name]) => name !== '$skiptoken');
  const text = [...query, ['$skiptoken', toToken(from)]].map(
    ([name = '', value = '']) => `${name}=${encodeURIComponent(value)}`,
  );
  return `${origin}/${ask.version}${path}?${text.join('&')}`;
}
