/** Every shipped workbook against Microsoft's JSON schema of workbooks, which is not part of this repository. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';

const folder = fileURLToPath(new URL('../../../workbooks', import.meta.url));
const schemaPath = fileURLToPath(new URL('../../../../shared/schemas/workbook/workbook.json', import.meta.url));
const isThere = existsSync(schemaPath);
const read = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

// Its definitions give themselves ids that hide the references to them.
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) => (key === '$id' ? [] : [[key, withoutIds(each)]])),
  );
}

describe.skipIf(!isThere)(`workbook.json of Application-Insights-Workbooks${isThere ? '' : ' (not here)'}`, () => {
  const validate = isThere ? new Ajv({ strict: false }).compile(withoutIds(read(schemaPath)) as object) : undefined;

  it.each(globSync('*.json', { cwd: folder }).toSorted())('%s keeps to it', (file) => {
    expect(validate?.(read(`${folder}/${file}`)), JSON.stringify(validate?.errors)).toBe(true);
  });

  it('refuses what is no workbook', () => expect(validate?.({ items: [{ type: 3 }] })).toBe(false));
});
