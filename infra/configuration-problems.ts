/** Problems of a configuration as lines: key, value, remedy. */
import { RunError } from '@pulumi/pulumi';
import { closest, distance } from 'fastest-levenshtein';
import type { z } from 'zod';

/** Project namespace of the configuration keys. */
export const NAMESPACE = 'copilot-sentinel';

// A wrong value may be long; the first part is enough to find it.
const SHOWN_MAX = 120;

/** Every problem of the configuration at once; the message lists them, one per line, with the remedy. Pulumi shows a
 *  RunError without its stack. */
export class ConfigurationError extends RunError {
  override readonly name = 'ConfigurationError';

  constructor(problems: readonly string[]) {
    super(['The configuration cannot be deployed:', ...problems.map((problem) => `- ${problem}`)].join('\n'));
  }
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, step) : undefined),
    value,
  );
}

const shown = (value: unknown): string =>
  (typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'not set')).slice(0, SHOWN_MAX);

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');

/** One line per problem that zod found in the value of a key. */
export function problemLines(key: string, value: unknown, error: z.ZodError): readonly string[] {
  return error.issues.map(({ path, message }) => {
    const found = at(value, path);
    const name = `${NAMESPACE}:${key}${pathText(path)}`;
    return `${name} is ${shown(found)}: ${message.startsWith('must') ? message : message.toLowerCase()}`;
  });
}

/** What `name` was probably meant to be: a known name that holds it, or that is a few letters away. */
function meant(name: string, known: readonly string[]): string | undefined {
  const holding = known.find((one) => one.toLowerCase().includes(name.toLowerCase()));
  if (holding !== undefined || known.length === 0) return holding;
  const near = closest(name, known);
  return distance(name, near) <= near.length / 3 ? near : undefined;
}

/** A sentence about a name that nobody knows, with what there is. */
export function unknownName(name: string, known: readonly string[]): string {
  const found = meant(name, known);
  const hint = found === undefined ? '' : `; did you mean "${found}"?`;
  return `"${name}" is not known${hint} (known: ${[...known].sort().join(', ') || 'none'})`;
}
