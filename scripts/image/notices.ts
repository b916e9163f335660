import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundledPackage, keyOf } from './packages.ts';

const TEXTS = /^(?:licen[cs]e|copying|notice|thirdpartynotices?)(?:[.-].*)?$/i;
const RULE = '-'.repeat(80);

/** The licence and notice texts of packages, one section each; a package that ships none is named with its licence. */
export async function notices(packages: readonly BundledPackage[]): Promise<string> {
  const sections = await Promise.all(packages.map(section));
  return `This product contains the following third-party packages.\n\n${sections.join('\n')}`;
}

async function section(own: BundledPackage): Promise<string> {
  const names = (await readdir(own.directory)).filter((name) => TEXTS.test(name)).toSorted();
  const texts = await Promise.all(names.map((name) => readFile(join(own.directory, name), 'utf8')));
  const body = texts.length > 0 ? texts.map((text) => text.replaceAll('\r\n', '\n').trim()) : ['(ships no text)'];
  return `${RULE}\n${keyOf(own)} (${own.license ?? 'no licence named'})\n${RULE}\n${body.join('\n\n')}\n`;
}
