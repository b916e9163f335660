/** Stack configuration as Pulumi hands it to a program: full keys, every value text. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { isValues, type Values, valuesAt } from './wire-values.ts';

/** Keys get the project's namespace unless they have one; objects, numbers and flags become JSON. */
export function configurationText(project: string, values: Values): Readonly<Record<string, string>> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      key.includes(':') ? key : `${project}:${key}`,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  );
}

/** Defaults that Pulumi.yaml in `directory` declares, by key. */
export async function projectDefaults(directory: string): Promise<Values> {
  const file = join(directory, 'Pulumi.yaml');
  if (!existsSync(file)) return {};
  const parsed: unknown = parse(await readFile(file, 'utf8'));
  const entries = Object.entries(valuesAt(parsed, 'config')).flatMap(([key, declared]) => {
    const value = isValues(declared) ? (declared['value'] ?? declared['default']) : declared;
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries);
}
