/** Which rules fire on rows of Microsoft's own table, as the committed file parity.json tells. */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { FileReport } from './check-file.ts';

/** By rule: all firing cases fire, some, none, or none holds audit records. */
export type Parity = Readonly<Record<string, 'all' | 'some' | 'none' | 'no records'>>;

const path = fileURLToPath(new URL('parity.json', import.meta.url));
const schema = z.record(z.string(), z.enum(['all', 'some', 'none', 'no records']));

/** What reports say. */
export function toParity(reports: readonly FileReport[]): Parity {
  const entries = reports.flatMap(({ path: file, parity }) => {
    if (parity === undefined) return [];
    const { fires, of } = parity;
    const said = of === 0 ? 'no records' : fires === of ? 'all' : fires === 0 ? 'none' : 'some';
    return [[basename(file, '.yaml'), said] as const];
  });
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** What the committed file says. */
export const readParity = (): Parity => schema.parse(JSON.parse(readFileSync(path, 'utf8')));

/** Writes the file. */
export const writeParity = (reports: readonly FileReport[]): void =>
  writeFileSync(path, `${JSON.stringify(toParity(reports), null, 2)}\n`);
