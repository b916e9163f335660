import { globSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import type { z } from 'zod';
import { ContentError } from './content-error.ts';

/** One file of a content folder. */
export interface ContentFile {
  /** Relative to the folder's parent, with forward slashes: what errors name. */
  readonly path: string;
  /** File name without its extension: unique in its folder, and the item's name in configuration. */
  readonly name: string;
  readonly text: string;
}

/** The files of a folder and its subfolders by name; none where there is no such folder.
 *  @throws ContentError when two files have the same name. */
export function contentFiles(directory: string, extension: `.${string}`): readonly ContentFile[] {
  const files = globSync(`**/*${extension}`, { cwd: directory })
    .map((path) => path.replaceAll('\\', '/'))
    .sort()
    .map((path) => ({
      path: `${basename(directory)}/${path}`,
      name: basename(path, extname(path)),
      // A byte order mark or Windows line ends would make two checkouts of one file differ.
      text: readFileSync(join(directory, path), 'utf8')
        .replace(/^\uFEFF/, '')
        .replaceAll('\r\n', '\n'),
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

/** The value of a document that may still name an anchor that it does not have. */
function valueOf(document: Document, { path, text }: ContentFile): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    // The error ends with the alias and has no place of its own.
    const alias = /: (\S+)$/.exec(message)?.[1];
    const line = alias === undefined ? -1 : text.split('\n').findIndex((one) => one.includes(`*${alias}`));
    throw new ContentError([`${path}: no YAML: ${message}${line === -1 ? '' : ` at line ${line + 1}`}`], { cause });
  }
}

/** A YAML file in the shape of `schema`. @throws ContentError naming the file, and the line or each wrong field. */
export function parseYaml<T extends z.ZodType>(file: ContentFile, schema: T): z.output<T> {
  const document = parseDocument(file.text);
  const [error] = document.errors;
  if (error !== undefined) throw new ContentError([`${file.path}: no YAML: ${error.message.split('\n')[0]}`]);
  const result = schema.safeParse(valueOf(document, file), { reportInput: true });
  if (result.success) return result.data;
  throw new ContentError(
    result.error.issues.map(({ path, message, input }) =>
      [file.path, ...(path.length > 0 ? [pathText(path)] : []), message + shown(input)].join(': '),
    ),
  );
}
