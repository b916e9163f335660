/** Calls a text function with constant arguments, as the engine would. */
import { expect, test } from 'vitest';
import { budget } from '../../../kql/engine/budget.ts';
import { language } from '../../../kql/engine/language/language.ts';
import { constant } from '../../../kql/engine/relation.ts';
import type { NetworkLocation, Site } from '../../../kql/engine/scope.ts';
import { textFunctions } from '../../../kql/engine/functions/text.ts';
import { asString } from '../../../kql/engine/values/convert.ts';
import { Datetime, Decimal, Real, Timespan, type Type, type Value } from '../../../kql/engine/values/types.ts';

/** A value of a type that JavaScript's values do not tell. */
export const typed = (type: Type, value: Value): { readonly type: Type; readonly value: Value } => ({ type, value });
export type Argument = Value | ReturnType<typeof typed>;

const isTyped = (value: Argument): value is ReturnType<typeof typed> =>
  typeof value === 'object' && value !== null && 'type' in value && 'value' in value;

function toTyped(value: Argument): { readonly type: Type; readonly value: Value } {
  if (isTyped(value)) return value;
  if (typeof value === 'string') return typed('string', value);
  if (typeof value === 'boolean') return typed('bool', value);
  if (typeof value === 'bigint') return typed('long', value);
  if (typeof value === 'number') return typed(Number.isInteger(value) ? 'long' : 'real', value);
  if (value instanceof Datetime) return typed('datetime', value);
  if (value instanceof Timespan) return typed('timespan', value);
  if (value instanceof Decimal) return typed('decimal', value);
  return typed('dynamic', value instanceof Real ? value.value : value);
}

const nowhere = { position: { line: 1, column: 1, offset: 0 } };

function nodeOf(text: string): unknown {
  const { root } = language([], []).analyze(`print ${text}`);
  const node = [...root.descendants()].find(({ kind }) => kind === 'FunctionCallExpression');
  if (node === undefined) throw new Error(`no call: ${text}`);
  return node;
}

/** The result of a call; `text` is the call as a query has it, where its type depends on that. */
export function call(
  name: string,
  args: readonly Argument[],
  options: { readonly text?: string; readonly networks?: readonly NetworkLocation[] } = {},
): Value {
  const implementation = textFunctions[name];
  if (implementation === undefined) throw new Error(`no function ${name}`);
  const cells = args.map((argument) => {
    const { type, value } = toTyped(argument);
    return constant(type, value);
  });
  const node = options.text === undefined ? nowhere : nodeOf(options.text);
  const site = {
    name,
    node,
    scope: { run: { networks: options.networks, budget: budget({}, () => 0) } },
  } as unknown as Site;
  return implementation(cells, site).at(0);
}

/** A call and what it must yield. */
export type Case = readonly [name: string, args: readonly Argument[], expected: unknown];

const show = (argument: Argument): string => {
  const { type, value } = toTyped(argument);
  return type === 'string' ? JSON.stringify(value) : `${type}(${asString(value, type)})`;
};

/** A test for each case, named after the call. */
export function calls(cases: readonly Case[]): void {
  const named = cases.map(([name, args, expected]) => ({
    title: `${name}(${args.map(show).join(', ')})`,
    name,
    args,
    expected,
  }));
  test.for(named)('$title', ({ name, args, expected }) => {
    expect(call(name, args)).toEqual(expected);
  });
}
