import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readContent } from '../content/read-content.ts';
import { createUiDefinition } from './create-ui-definition.ts';
import { mainTemplate } from './main-template.ts';

// A template deployment takes 4 MB (Azure Resource Manager limits).
const MAX_BYTES = 4 * 1024 * 1024;

/** A file that was written. */
export interface WrittenFile {
  readonly path: string;
  readonly bytes: number;
}

/** Writes mainTemplate.json and createUiDefinition.json from the content below `root` into `directory`.
 *  @throws ContentError for content that cannot be shipped, Error for a template that Azure would refuse for its size. */
export function writePackage(root: string, directory: string): readonly WrittenFile[] {
  const content = readContent(root);
  const files = { 'mainTemplate.json': mainTemplate(content), 'createUiDefinition.json': createUiDefinition(content) };
  mkdirSync(directory, { recursive: true });
  return Object.entries(files).map(([name, json]) => {
    const text = `${JSON.stringify(json, null, 2)}\n`;
    const bytes = Buffer.byteLength(text);
    if (bytes > MAX_BYTES)
      throw new Error(`${name}: ${bytes} bytes; a template has at most ${MAX_BYTES}: move large watchlists out`);
    writeFileSync(join(directory, name), text);
    return { path: join(directory, name), bytes };
  });
}
