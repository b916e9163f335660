/** What the service keeps in files, and sees of them. */
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { alertFile } from '../../../../workspace/console/service/alert-file.ts';
import { eventSpan } from '../../../../workspace/console/service/export-span.ts';
import { importPlan } from '../../../../workspace/console/service/import-slices.ts';
import { runFile } from '../../../../workspace/console/service/run-file.ts';
import { tableStatus } from '../../../../workspace/console/service/table-status.ts';
import { sampleAlert } from './samples.ts';

const directory = mkdtempSync(join(tmpdir(), 'console-service-'));
afterAll(() => rmSync(directory, { recursive: true }));

describe('kept alerts', () => {
  it('come back as they were, in their order, and only their owner can read them', () => {
    const path = join(directory, 'alerts.ndjson');
    const file = alertFile(path);
    expect(file.read()).toEqual([]);
    const alerts = [sampleAlert(), sampleAlert({ user: 'lea@contoso.example', minute: 5 })];
    for (const alert of alerts) file.append([alert]);
    file.append([]);
    expect(alertFile(path).read()).toEqual(alerts);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('lose a line that a crash has cut short, and nothing after it', () => {
    const path = join(directory, 'torn.ndjson');
    alertFile(path).append([sampleAlert()]);
    appendFileSync(path, '{"rule":"sam');
    expect(alertFile(path).read()).toEqual([sampleAlert()]);
    alertFile(path).append([sampleAlert({ minute: 1 })]);
    expect(alertFile(path).read()).toEqual([sampleAlert(), sampleAlert({ minute: 1 })]);
  });

  it('that cannot be read are named by their line', () => {
    const path = join(directory, 'broken.ndjson');
    alertFile(path).append([sampleAlert()]);
    appendFileSync(path, '{"rule":"sample"}\n');
    expect(() => alertFile(path).read()).toThrow(/broken\.ndjson, line 2: .*remove the line/);
    expect(readFileSync(path, 'utf8')).toContain('{"rule":"sample"}');
  });
});

describe('kept times of runs', () => {
  const path = join(directory, 'rule-runs.json');

  it('come back, only their owner can read them, and the newest replace the others', () => {
    const file = runFile(path);
    expect(file.read().size).toBe(0);
    file.write(new Map([['a', 1]]));
    file.write(new Map([['b', 2]]));
    expect([...runFile(path).read()]).toEqual([['b', 2]]);
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('that cannot be read are named with the remedy', () => {
    writeFileSync(path, '{"a":1}');
    expect(() => runFile(path).read()).toThrow(/rule-runs\.json: .*remove it/);
  });
});

const rowsOf = (name: string, tables: Readonly<Record<string, readonly object[]>>): string => {
  const rows = join(directory, name);
  for (const [table, lines] of Object.entries(tables)) {
    mkdirSync(join(rows, table), { recursive: true });
    writeFileSync(join(rows, table, '2026-11-20.ndjson'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }
  return rows;
};

describe('tables', () => {
  it('are told with their sizes, and the version changes when a row comes in or a list changes', () => {
    const rows = rowsOf('tables', { CopilotAudit_CL: [{ RecordId: 'a' }], CopilotHealth_CL: [] });
    mkdirSync(join(rows, 'watchlists'));
    const first = tableStatus(rows);
    expect(first.tables).toEqual([
      { name: 'CopilotAudit_CL', bytes: 17 },
      { name: 'CopilotHealth_CL', bytes: 0 },
    ]);
    expect(tableStatus(rows).version).toBe(first.version);
    expect(Number.isSafeInteger(first.version)).toBe(true);
    writeFileSync(join(rows, 'watchlists', 'CopilotVIP.csv'), 'SearchKey\n');
    const second = tableStatus(rows);
    expect(second.tables).toEqual(first.tables);
    expect(second.version).not.toBe(first.version);
    appendFileSync(join(rows, 'CopilotHealth_CL', '2026-11-20.ndjson'), '{}\n');
    expect(tableStatus(rows).version).not.toBe(second.version);
  });

  it('are none where nothing is yet', () => {
    expect(tableStatus(join(directory, 'nowhere')).tables).toEqual([]);
  });
});

describe('the span of an export', () => {
  it('is from its first event to its last', () => {
    const times = ['2026-09-03T10:00:00Z', '2026-09-01T00:00:00Z', '2026-09-02T12:00:00Z'];
    const rows = rowsOf('span', { CopilotAudit_CL: times.map((EventTime) => ({ EventTime })) });
    const later = Date.parse('2026-09-04T00:00:00Z');
    expect(eventSpan(rows, later)).toEqual({ fromMs: Date.parse(times[1] ?? ''), toMs: Date.parse(times[0] ?? '') });
    expect(eventSpan(rowsOf('empty', { CopilotAudit_CL: [] }), later)).toBeUndefined();
    expect(eventSpan(join(directory, 'nowhere'), later)).toBeUndefined();
  });

  it('leaves out events that a wrong clock has put into the future', () => {
    const rows = rowsOf('future', {
      CopilotAudit_CL: ['2026-09-01T00:00:00Z', '2099-01-01T00:00:00Z'].map((EventTime) => ({ EventTime })),
    });
    const only = Date.parse('2026-09-01T00:00:00Z');
    expect(eventSpan(rows, Date.parse('2026-09-02T00:00:00Z'))).toEqual({ fromMs: only, toMs: only });
  });

  it('is looked at week by week from the minute after its last event, the newest first', () => {
    const plan = importPlan({ fromMs: Date.parse('2026-09-01T00:00:00Z'), toMs: Date.parse('2026-09-10T10:00:00Z') });
    expect(plan.times).toEqual([new Date('2026-09-10T10:01:00Z'), new Date('2026-09-03T10:01:00Z')]);
    expect(plan.slices).toEqual({ endMs: Date.parse('2026-09-10T10:01:00Z'), lengthMs: 7 * 86_400_000 });
    expect(plan.remark).toMatch(/2026-09-01 to 2026-09-10 /);
    expect(plan.remark).not.toContain('older weeks');
  });

  it('is half a year at most, and says what is left out', () => {
    const plan = importPlan({ fromMs: Date.parse('2025-09-01T00:00:00Z'), toMs: Date.parse('2026-09-10T10:00:00Z') });
    expect(plan.times).toHaveLength(26);
    expect(plan.remark).toMatch(/Rules ran over 2026-03-12 to 2026-09-10.*no rule ran over them \(28 older weeks\)/);
  });
});
