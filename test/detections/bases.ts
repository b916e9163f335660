/** Named records and rows that cases start from. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const fields = z.record(z.string(), z.unknown());
const network = z.strictObject({
  network: z.string(),
  country: z.string(),
  city: z.string(),
  latitude: z.number(),
  longitude: z.number(),
});
const schema = z.strictObject({
  common: fields,
  records: z.record(z.string(), fields),
  rows: z.record(z.string(), fields),
  networks: z.array(network),
});

const bases = schema.parse(parse(readFileSync(new URL('bases.yaml', import.meta.url), 'utf8'), { merge: true }));

const known = (names: object): string => Object.keys(names).join(', ');

/** A raw audit record of its own. @throws Error naming the bases there are */
export function recordBase(name: string): Record<string, unknown> {
  const base = bases.records[name];
  if (base === undefined) throw new Error(`record: ${name}: bases.yaml has ${known(bases.records)}`);
  return structuredClone({ ...bases.common, ...base });
}

/** Default columns of a row of its own; none for a table that bases.yaml does not name. */
export const rowBase = (table: string): Record<string, unknown> => structuredClone(bases.rows[table] ?? {});

/** Names of all records. */
export const recordBases: readonly string[] = Object.keys(bases.records);
/** Names of all tables with defaults. */
export const rowBases: readonly string[] = Object.keys(bases.rows);
/** Where the addresses of cases are. */
export const { networks } = bases;
