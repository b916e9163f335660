/** Stack configurations in examples/: read as `pulumi config` would hold them. */
import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parse } from 'yaml';
import { isValues, type Values, valuesAt } from './wire-values.ts';

/** Configuration of one stack, its secrets apart. */
export interface StackConfiguration {
  readonly config: Values;
  readonly secrets: Readonly<Record<string, string>>;
}

// A secret in a stack file is encrypted: the plan has no key and needs none.
const CERTIFICATE_WORDS = ['CERTIFICATE', 'PRIVATE KEY'].map(
  (word) => `-----BEGIN ${word}-----\nc3RhbmQtaW4=\n-----END ${word}-----\n`,
);
/** What stands for an encrypted value: any text, and PEM where one is asked for. */
export const STAND_IN_SECRET = `stand-in secret\n${CERTIFICATE_WORDS.join('')}`;

/** A value with every `secure:` replaced, and whether there was one. */
function opened(value: unknown): { readonly value: unknown; readonly isSecret: boolean } {
  if (Array.isArray(value)) {
    const items = value.map(opened);
    return { value: items.map((item) => item.value), isSecret: items.some((item) => item.isSecret) };
  }
  if (!isValues(value)) return { value, isSecret: false };
  if (Object.keys(value).length === 1 && 'secure' in value) return { value: STAND_IN_SECRET, isSecret: true };
  const entries = Object.entries(value).map(([name, item]) => [name, opened(item)] as const);
  return {
    value: Object.fromEntries(entries.map(([name, item]) => [name, item.value])),
    isSecret: entries.some(([, item]) => item.isSecret),
  };
}

/** Reads the text of a stack file; what is encrypted becomes a stand-in secret. */
export function stackConfiguration(yaml: string): StackConfiguration {
  const parsed: unknown = parse(yaml);
  const entries = Object.entries(valuesAt(parsed, 'config')).map(([key, value]) => [key, opened(value)] as const);
  const text = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
  return {
    config: Object.fromEntries(entries.filter(([, one]) => !one.isSecret).map(([key, one]) => [key, one.value])),
    secrets: Object.fromEntries(entries.filter(([, one]) => one.isSecret).map(([key, one]) => [key, text(one.value)])),
  };
}

/** Reads a stack file by path, or an example by name; throws when there is none, naming the examples. */
export async function readExample(named: string, directory: string): Promise<StackConfiguration> {
  const file = [named, join(directory, `${named}.yaml`), join(directory, named)].find(
    (path) => path.endsWith('.yaml') && existsSync(path),
  );
  if (file !== undefined) return stackConfiguration(await readFile(file, 'utf8'));
  const files = existsSync(directory) ? await readdir(directory) : [];
  const names = files.filter((name) => name.endsWith('.yaml')).map((name) => basename(name, '.yaml'));
  throw new Error(`no stack configuration "${named}": give the path of a .yaml file, or one of ${names.join(', ')}`);
}
