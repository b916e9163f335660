import { globSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ContentError } from './content-error.ts';
import { offsetOf, type Place, placesOf } from './yaml-place.ts';

/** One file of a content folder. */
export interface ContentFile {
  /** Relative to the folder's parent, with forward slashes: what errors name. */
  readonly path: string;
  /** File name without its extension: unique in its folder, and the item's name in configuration. */
  readonly name: string;
  readonly text: string;
}

/** Something that is wrong with a file, where, and what to do about it. */
export interface ContentProblem extends Place {
  readonly path: string;
  readonly message: string;
}

/** `path:line: message`. */
export const problemText = ({ path, line, message }: ContentProblem): string => `${path}:${line}: ${message}`;

/** A byte order mark or Windows line ends would make two checkouts of one file differ. */
export const normalText = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n');

/** The files of a folder and its subfolders by name; none where there is no such folder.
 *  @throws ContentError when two files have the same name. */
export function contentFiles(directory: string, extension: `.${string}`): readonly ContentFile[] {
  const files = globSync(`**/*${extension}`, { cwd: directory })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({
      path: `${basename(directory)}/${path}`,
      name: basename(path, extname(path)),
      text: normalText(readFileSync(join(directory, path), 'utf8')),
    }));
  const doubles = files.filter(({ name }, index) => files.findIndex((other) => other.name === name) !== index);
  if (doubles.length > 0)
    throw new ContentError(doubles.map(({ path, name }) => `${path}: another file is named ${name}, too: rename one`));
  return files;
}

const pathText = (path: readonly PropertyKey[]): string =>
  path.map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index > 0 ? '.' : ''}${String(key)}`)).join('');

const shown = (input: unknown): string => {
  if (input === undefined || (typeof input === 'object' && input !== null)) return '';
  const text = JSON.stringify(input);
  return ` (it is ${text.length > 60 ? `${text.slice(0, 60)}...` : text})`;
};

/** A parsed file: its value, and where a field of it stands. */
export interface ParsedFile<T> {
  readonly value: T;
  readonly at: (path: readonly PropertyKey[]) => Place;
}

/** A parsed file, or all that is wrong with it. */
export type FileOutcome<T> =
  | { readonly ok: true; readonly parsed: ParsedFile<T> }
  | { readonly ok: false; readonly problems: readonly ContentProblem[] };

/** The value of a document, or why it has none: it may name an anchor that it does not have. */
function valueOf(
  document: Document,
  text: string,
): { readonly value: unknown } | { readonly broken: string; at: number } {
  const [error] = document.errors;
  if (error !== undefined) return { broken: error.message.split('\n')[0] ?? '', at: error.pos[0] };
  try {
    return { value: document.toJS() };
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // The error ends with the alias and has no place of its own.
    const alias = /: (\S+)$/.exec(message)?.[1];
    return { broken: message, at: alias === undefined ? 0 : Math.max(0, text.indexOf(`*${alias}`)) };
  }
}

const messageOf = ({ code, input, message }: z.core.$ZodIssue): string =>
  input === undefined && (code === 'invalid_type' || code === 'invalid_value') ? `is missing: ${message}` : message;

const fieldOf = ({ path, code, ...issue }: z.core.$ZodIssue): readonly PropertyKey[] =>
  code === 'unrecognized_keys' && 'keys' in issue ? [...path, issue.keys[0] ?? ''] : path;

/** Reads a YAML file in the shape of `schema`. */
export function readYaml<T extends z.ZodType>({ path, text }: ContentFile, schema: T): FileOutcome<z.output<T>> {
  const document = parseDocument(text);
  const place = placesOf(text);
  const found = valueOf(document, text);
  if ('broken' in found)
    return { ok: false, problems: [{ path, ...place(found.at), message: `no YAML: ${found.broken}` }] };
  const result = schema.safeParse(found.value, { reportInput: true });
  const at = (field: readonly PropertyKey[]): Place => place(offsetOf(document, field));
  if (result.success) return { ok: true, parsed: { value: result.data, at } };
  const problems = result.error.issues.map((issue) => ({
    path,
    ...at(fieldOf(issue)),
    message: `${issue.path.length > 0 ? `${pathText(issue.path)}: ` : ''}${messageOf(issue)}${shown(issue.input)}`,
  }));
  return { ok: false, problems };
}

/** A YAML file in the shape of `schema`. @throws ContentError naming file and line of each wrong field. */
export function parseYaml<T extends z.ZodType>(file: ContentFile, schema: T): z.output<T> {
  const outcome = readYaml(file, schema);
  if (outcome.ok) return outcome.parsed.value;
  throw new ContentError(outcome.problems.map(problemText));
}
