/** What `npm start` says of rows and counts, apart from the processes that it starts. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareStored, defectOf } from '../../../../scripts/start/stored-records.ts';
import { toTable } from '../../../../scripts/start/summary-table.ts';

const rows = mkdtempSync(join(tmpdir(), 'start-parts-'));
afterAll(() => rmSync(rows, { recursive: true }));

const folder = join(rows, 'CopilotAudit_CL');
const put = (day: string, ...ids: readonly string[]): void => {
  mkdirSync(folder, { recursive: true });
  const lines = ids.map((RecordId) => `${JSON.stringify({ TimeGenerated: '', RecordId, RecordType: 'x' })}\n`);
  writeFileSync(join(folder, `${day}.ndjson`), lines.join(''));
};

describe('stored records', () => {
  it('are compared with what was there, over all files; what came since is no defect', async () => {
    expect(await compareStored(rows, ['a'])).toEqual({ expected: 1, stored: 0, missing: 1, twice: 0 });
    put('2026-11-19', 'a', 'b');
    put('2026-11-20', 'c', 'new');
    const whole = await compareStored(rows, ['a', 'b', 'c']);
    expect(whole).toEqual({ expected: 3, stored: 4, missing: 0, twice: 0 });
    expect(defectOf(whole)).toBeUndefined();
  });

  it('that are missing or there twice are a defect, with numbers', async () => {
    put('2026-11-19', 'a', 'b');
    put('2026-11-20', 'b');
    const broken = await compareStored(rows, ['a', 'b', 'c', 'd', 'e']);
    expect(defectOf(broken)).toBe(
      'Of 5 records that were there, 3 are not stored, and 1 rows are stored twice: this is a defect.',
    );
    expect(defectOf({ ...broken, missing: 0 })).toContain('0 are not stored, and 1 rows');
    expect(defectOf({ ...broken, twice: 0 })).toContain('3 are not stored, and 0 rows');
  });
});

describe('the summary table', () => {
  it('sets values below each other', () => {
    expect(
      toTable([
        ['stored', '12'],
        ['gaps', '0'],
      ]),
    ).toBe('\n  stored  12\n  gaps    0\n');
  });
});
