/** From the bodies of reports to rows. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { rowProblems } from '../../../collector/schema/row-check.ts';
import { copilotUsage, type CopilotUsageRow } from '../../../collector/schema/index.ts';
import { csvEntries, type Entries, jsonEntries, toName } from '../../../collector/sources/usage-report/entries.ts';
import { toProductName } from '../../../collector/sources/usage-report/products.ts';
import type { ReportKind, ReportVersion } from '../../../collector/sources/usage-report/reports.ts';
import { toRows } from '../../../collector/sources/usage-report/to-rows.ts';

const organizationId = '7a1f0c52-3b6e-4d8a-9c21-5e0f4b7d9a10';
const running = new AbortController().signal;
const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/usage/${name}`, import.meta.url), 'utf8');

async function rowsOf(
  entries: Entries | undefined,
  kind: ReportKind,
  version: ReportVersion = 'v2',
): Promise<readonly (CopilotUsageRow | null)[]> {
  const period = version === 'v2' ? 'D28' : 'D7';
  const rows: (CopilotUsageRow | null)[] = [];
  for await (const entry of entries ?? []) {
    rows.push(...((entry && toRows(entry, { kind, period, version, organizationId })) ?? [null]));
  }
  return rows;
}

const fromCsv = async (text: string, kind: ReportKind, version?: ReportVersion) =>
  rowsOf(await csvEntries(text, running), kind, version);
const itemsIn = (name: string): readonly unknown[] =>
  (JSON.parse(fixture(name)) as { value: readonly unknown[] }).value;
const fromJson = (name: string, kind: ReportKind, version?: ReportVersion) =>
  rowsOf(jsonEntries(itemsIn(name)), kind, version);

const order = (rows: readonly (CopilotUsageRow | null)[]): readonly unknown[] =>
  rows.toSorted((a, b) => ((a?.RecordId ?? '') < (b?.RecordId ?? '') ? -1 : 1));

const cases: readonly (readonly [ReportKind, ReportVersion])[] = [
  ['user', 'v1'],
  ['user', 'v2'],
  ['summary', 'v1'],
  ['summary', 'v2'],
  ['trend', 'v1'],
  ['trend', 'v2'],
];

describe('a usage report', () => {
  it.for(cases)('of kind %s and version %s gives the golden rows, from CSV and from JSON', async ([kind, version]) => {
    const golden = JSON.parse(fixture(`${kind}-${version}.rows.json`)) as readonly unknown[];
    expect(golden.length).toBeGreaterThan(2);
    expect(await fromCsv(fixture(`${kind}-${version}.csv`), kind, version)).toEqual(golden);
    expect(order(await fromJson(`${kind}-${version}.json`, kind, version))).toEqual(
      order(golden as readonly CopilotUsageRow[]),
    );
  });

  it.for(cases)('of kind %s and version %s fits its table, with a key for each row', async ([kind, version]) => {
    const rows = await fromCsv(fixture(`${kind}-${version}.csv`), kind, version);
    expect(rows.flatMap((row) => rowProblems(copilotUsage, row ?? {}))).toEqual([]);
    expect(new Set(rows.map((row) => row?.RecordId)).size).toBe(rows.length);
  });

  it('keeps its keys when Microsoft changes the order of columns and adds one', async () => {
    const lines = fixture('user-v2.csv').trim().split('\r\n');
    // The name with a comma would be torn apart here.
    const plain = [lines[0] ?? '', lines[1] ?? '', lines[3] ?? ''];
    const turned = plain.map((line, at) =>
      [at === 0 ? 'Copilot Designer Prompts' : '5', ...line.replace('\uFEFF', '').split(',').reverse()].join(','),
    );
    const before = await fromCsv(plain.join('\n'), 'user');
    const after = await fromCsv(turned.join('\n'), 'user');
    expect(after.map((row) => ({ ...row, Measures: null }))).toEqual(before.map((row) => ({ ...row, Measures: null })));
    expect(after[0]?.Measures).toMatchObject({ copilotDesignerPrompts: 5 });
    expect(before[0]?.Measures).not.toHaveProperty('copilotDesignerPrompts');
  });

  it('needs no column but the refresh date and the user', async () => {
    const [row] = await fromCsv('report refresh date,User principal name\n2026-11-17,noor@contoso.example\n', 'user');
    const [full] = (await fromCsv(fixture('user-v2.csv'), 'user')).slice(2);
    expect(row).toEqual({ ...full, DisplayName: null });
  });

  it('knows a product that is new', async () => {
    const text = 'Report Refresh Date,Planner Board Enabled Users,Planner Board Active Users\n2026-11-17,9,2\n';
    expect(await fromCsv(text, 'summary')).toMatchObject([
      { Product: 'Planner Board', EnabledUserCount: 9, ActiveUserCount: 2, PromptCount: null },
    ]);
  });

  it('keeps prompts although no column counts the users of all apps', async () => {
    const text = 'Report Refresh Date,Report Date,Prompts submitted\n2026-11-17,2026-11-16,31\n';
    expect(await fromCsv(text, 'trend')).toMatchObject([
      { Product: 'Any App', EnabledUserCount: null, ActiveUserCount: null, PromptCount: 31 },
    ]);
  });

  it('bears quotes within a cell, around the first header, and a column that comes twice', async () => {
    const header = '\uFEFF"Report Refresh Date",User Principal Name,Display Name,Display Name';
    const text = `${header}\n2026-11-17,a@contoso.example,Noor "N" Ali,\n2026-11-17,b@contoso.example,Mika,Other\n`;
    expect(await fromCsv(text, 'user')).toMatchObject([{ DisplayName: 'Noor "N" Ali' }, { DisplayName: 'Mika' }]);
  });

  it('tells hashes from names', async () => {
    const rows = await fromCsv(fixture('user-v1.csv'), 'user', 'v1');
    expect(rows.map((row) => row?.IsConcealed)).toEqual([true, false, false]);
  });

  const spoilt: readonly (readonly [string, ReportKind, string])[] = [
    ['the refresh date is empty', 'user', ',a@contoso.example,,7'],
    ['the refresh date is no date', 'user', 'soon,a@contoso.example,,7'],
    ['the refresh date is no day of the calendar', 'user', '2026-02-30,a@contoso.example,,7'],
    ['the user is missing', 'user', '2026-11-17,,,7'],
    ['the day of a trend is missing', 'trend', '2026-11-17,,,7'],
    ['the line is cut off', 'user', '2026-11-17,a@conto'],
    ['a comma is not quoted', 'user', '2026-11-17,a@contoso.example,Ali, Noor,7'],
  ];
  it.for(spoilt)('gives no row when %s', async ([, kind, line]) => {
    const header = kind === 'user' ? 'User Principal Name,Display Name' : 'Report Date,Any App Active Users';
    const prompts = kind === 'user' ? 'Report Period' : 'Prompts submitted';
    expect(await fromCsv(`Report Refresh Date,${header},${prompts}\n${line}\n`, kind)).toEqual([null]);
  });

  it('takes what is no date for an unknown date, never for today', async () => {
    const text = 'Report Refresh Date,User Principal Name,Last Activity Date\n2026-11-17,a@contoso.example,yesterday\n';
    expect(await fromCsv(text, 'user')).toMatchObject([{ LastActivityDate: null }]);
  });

  const periods: readonly (readonly [string, string])[] = [
    ['180', 'D180'],
    ['D90', 'D90'],
    ['', 'D28'],
    ['all of them', 'D28'],
  ];
  it.for(periods)('takes %j in the row for the period %s', async ([cell, period]) => {
    const text = `Report Refresh Date,User Principal Name,Report Period\n2026-11-17,a@contoso.example,${cell}\n`;
    expect(await fromCsv(text, 'user')).toMatchObject([{ ReportPeriod: period }]);
  });

  const values: readonly (readonly [unknown, unknown])[] = [
    ['12', 12],
    [12, 12],
    ['26.8', 26.8],
    ['007', '007'],
    ['1e3', '1e3'],
    [true, true],
    ['', undefined],
    [null, undefined],
    [{ deep: 1 }, undefined],
    ['\uD800', '\uFFFD'],
  ];
  it.for(values)('keeps the measure %j as %j', async ([value, kept]) => {
    const item = { reportRefreshDate: '2026-11-17', userPrincipalName: 'a@contoso.example', activeWeeks: value };
    const [row] = await rowsOf(jsonEntries([item]), 'user');
    expect((row?.Measures as { activeWeeks?: unknown } | null)?.activeWeeks).toEqual(kept);
  });

  const junk: readonly unknown[] = [null, 7, 'text', [], {}, { value: [] }, { userPrincipalName: 4 }];
  it.for(junk)('gives no row for the item %j', async (item) => {
    expect(await rowsOf(jsonEntries([item]), 'user')).toEqual([null]);
  });

  const noReports: readonly (readonly [string, string])[] = [
    ['empty', ''],
    ['a page', '<!DOCTYPE html>\n<html><body>Sign in, please</body></html>\n'],
    ['another report', 'Report Refreshed,Send Count\n2026-11-17,4\n'],
    ['open at its end', 'Report Refresh Date,Display Name\n2026-11-17,"Noor\n2026-11-17,Mika\n'],
    ['one endless cell', `Report Refresh Date,Display Name\n2026-11-17,"${'x'.repeat(1_100_000)}"\n`],
  ];
  it.for(noReports)('is not seen in a text that is %s', async ([, text]) => {
    expect(await csvEntries(text, running)).toBe(undefined);
  });
});

const names: readonly (readonly [string, string])[] = [
  ['Report Refresh Date', 'reportRefreshDate'],
  ['OneNote Copilot Last Activity Date', 'oneNoteCopilotLastActivityDate'],
  ['Prompts submitted for All Apps', 'promptsSubmittedForAllApps'],
  ['Copilot Chat (work) Active Users', 'copilotChatWorkActiveUsers'],
  ['Microsoft 365 Copilot Enabled Users', 'microsoft365CopilotEnabledUsers'],
  ['anyAppActiveUsers', 'anyAppActiveUsers'],
];
it.for(names)('the header %s is %s in JSON', ([header, name]) => expect(toName(header)).toBe(name));

const products: readonly (readonly [string, string])[] = [
  ['anyApp', 'Any App'],
  ['powerPoint', 'PowerPoint'],
  ['microsoft365Copilot', 'Microsoft 365 Copilot'],
  ['copilotChatWeb', 'Copilot Chat (web)'],
  ['constructor', 'Constructor'],
];
it.for(products)('the product %s is called %s', ([stem, name]) => expect(toProductName(stem)).toBe(name));
