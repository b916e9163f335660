/** Arguments of plugins, which may be given by place or by name. */
import { KqlError } from '../errors.ts';
import type { Syntax } from '../language/syntax.ts';

export interface Arguments {
  /** Those without a name, in their order. */
  readonly placed: readonly Syntax[];
  /** Those given as `name=value`. */
  readonly named: ReadonlyMap<string, Syntax>;
}

export function argumentsOf(call: Syntax): Arguments {
  const all = call.child('ArgumentList').list('Expressions');
  const isNamed = ({ kind }: Syntax): boolean => kind === 'SimpleNamedExpression';
  return {
    placed: all.filter((argument) => !isNamed(argument)),
    named: new Map(all.filter(isNamed).map((argument) => [argument.child('Name').name, argument.child('Expression')])),
  };
}

/** The argument at a place. @throws KqlError where it is missing */
export function argument(call: Syntax, place: number): Syntax {
  const found = argumentsOf(call).placed[place];
  if (found !== undefined) return found;
  throw new KqlError(`${call.child('Name').name}: argument ${place + 1} is missing`, {
    code: 'runtime',
    position: call.position,
  });
}
