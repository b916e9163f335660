import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Batch, SourceError } from '../../../collector/contracts.ts';
import type { Graph, ListAnswer, NoAnswer, TextAnswer } from '../../../collector/graph/contract.ts';
import type { Row } from '../../../collector/schema/index.ts';
import { reportsOf } from '../../../collector/sources/usage-report/reports.ts';
import { usageReport } from '../../../collector/sources/usage-report/usage-report.ts';
import { type Memory, nothing, type PassTrace, readPass } from './source-contract.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-19T06:10:00Z');
const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/usage/${name}`, import.meta.url), 'utf8');
const csv = (name: string): TextAnswer => ({
  kind: 'found',
  contentType: 'application/octet-stream',
  text: fixture(`${name}.csv`),
});
const text = (text: string): TextAnswer => ({ kind: 'found', contentType: 'text/html', text });
const list = (name: string): ListAnswer => ({
  kind: 'found',
  items: (JSON.parse(fixture(`${name}.json`)) as { value: readonly unknown[] }).value,
});

const missing: NoAnswer = { kind: 'missing' };
const forbidden: NoAnswer = { kind: 'forbidden', detail: '403 Authorization_RequestDenied' };
const refused: NoAnswer = { kind: 'failed', failure: 'refused', detail: '400 BadRequest' };
const throttled: NoAnswer = { kind: 'failed', failure: 'throttled', detail: '429' };

const DETAIL = 'getMicrosoft365CopilotUsageUserDetail';
const SUMMARY = 'getMicrosoft365CopilotUserCountSummary';
const TREND = 'getMicrosoft365CopilotUserCountTrend';
const v1 = (name: string, period = 'D30'): string => `/copilot/reports/${name}(period='${period}')`;
const v2 = (name: string, period = 'D28'): string => `/copilot/reports/${name}(period='${period}',version='v2')`;
const old = (name: string, period = 'D30'): string => `/reports/${name}(period='${period}')?$format=text/csv`;

type Answers = Readonly<Record<string, TextAnswer | ListAnswer>>;

const all: Answers = {
  [`text v1.0 ${v2(DETAIL)}`]: csv('user-v2'),
  [`text v1.0 ${v2(SUMMARY)}`]: csv('summary-v2'),
  [`text v1.0 ${v2(TREND)}`]: csv('trend-v2'),
};

/** Microsoft Graph, as far as reports need it; what is not named is not found. */
function graphOf(answers: Answers) {
  const asked: string[] = [];
  const answer = (what: string): TextAnswer | ListAnswer => {
    asked.push(what);
    return answers[what] ?? missing;
  };
  const graph: Graph = {
    get: async () => missing,
    text: async (version, path) => answer(`text ${version} ${path}`) as TextAnswer,
    list: async (version, path) => answer(`list ${version} ${path}`) as ListAnswer,
    [Symbol.asyncDispose]: async () => undefined,
  };
  return { graph, asked };
}

const options = { organizationId: '7a1f0c52-3b6e-4d8a-9c21-5e0f4b7d9a10', periods: ['D28'] } as const;

/** A pass over reports that Microsoft gives in this way. */
async function pass(
  answers: Answers,
  at: { readonly from?: Memory; readonly ms?: number; readonly version?: 'v1' | 'v2' } = {},
): Promise<PassTrace & { readonly asked: readonly string[]; readonly rows: readonly Row[] }> {
  const { graph, asked } = graphOf(answers);
  const source = usageReport({ ...options, graph, version: at.version ?? 'v2', now: () => at.ms ?? START });
  const trace = await readPass(source, at.from ?? nothing);
  return { ...trace, asked, rows: rowsIn(trace.batches) };
}

const rowsIn = (batches: readonly Batch[]): readonly Row[] =>
  batches.flatMap((batch) => (batch.kind === 'rows' ? batch.rows : []));
const goldenOf = (name: string): readonly Row[] => JSON.parse(fixture(`${name}.rows.json`)) as readonly Row[];
const kinds = (rows: readonly Row[]): readonly unknown[] => [...new Set(rows.map(({ ReportKind }) => ReportKind))];
const messageOf = (error: unknown): string => (error instanceof SourceError ? error.message : `no: ${String(error)}`);
const lastUpTo = (batches: readonly Batch[]): unknown =>
  batches.flatMap((batch) => (batch.kind === 'position' ? [batch.readUpTo] : [])).at(-1);

describe('the source usage-report', () => {
  it('delivers all three reports, then says that everything is read', async () => {
    const { rows, batches, error } = await pass(all);
    expect(error).toBe(undefined);
    expect(rows).toEqual([...goldenOf('user-v2'), ...goldenOf('summary-v2'), ...goldenOf('trend-v2')]);
    expect(batches.at(-1)).toMatchObject({ kind: 'position', readUpTo: '2026-11-19T06:10:00.000Z' });
    const hours = batches.flatMap((batch) => (batch.kind === 'rows' ? [batch.hour] : []));
    expect(new Set(hours)).toEqual(new Set([Math.floor(START / HOUR)]));
  });

  it('asks for nothing within 20 hours, but still tells the lag', async () => {
    const { last } = await pass(all);
    const again = await pass(all, { from: last, ms: START + 20 * HOUR - 1 });
    expect(again.asked).toEqual([]);
    expect(again.batches).toEqual([{ kind: 'position', cursor: last.cursor, readUpTo: '2026-11-19T06:10:00.000Z' }]);
    expect((await pass(all, { from: last, ms: START + 20 * HOUR })).asked.length).toBe(3);
  });

  it('yields nothing of a report that was delivered, and counts it as read', async () => {
    const { last } = await pass(all);
    const again = await pass(all, { from: last, ms: START + 24 * HOUR });
    expect(again.asked.length).toBe(3);
    expect(again.rows).toEqual([]);
    expect(lastUpTo(again.batches)).toBe('2026-11-20T06:10:00.000Z');
  });

  it('yields a report again when it was counted anew', async () => {
    const { last } = await pass(all);
    const summary = text(fixture('summary-v2.csv').replace('2026-11-17', '2026-11-18'));
    const next = await pass({ ...all, [`text v1.0 ${v2(SUMMARY)}`]: summary }, { from: last, ms: START + 24 * HOUR });
    expect(kinds(next.rows)).toEqual(['summary']);
    expect(new Set(next.rows.map(({ ReportRefreshDate }) => ReportRefreshDate))).toEqual(
      new Set(['2026-11-18T00:00:00Z']),
    );
  });

  it('is not held back by a refresh date in the future', async () => {
    const summary = text(fixture('summary-v2.csv').replace('2026-11-17', '2062-11-17'));
    const { last } = await pass({ ...all, [`text v1.0 ${v2(SUMMARY)}`]: summary });
    const next = await pass(all, { from: last, ms: START + 24 * HOUR });
    expect(kinds(next.rows)).toEqual(['summary']);
  });

  it('asks again at once when a wrong clock wrote the cursor', async () => {
    const { last } = await pass(all, { ms: START + 400 * 24 * HOUR });
    expect((await pass(all, { from: last })).asked.length).toBe(3);
  });

  it('delivers the others when one report fails, and names it with the remedy', async () => {
    const { rows, error, batches } = await pass({ ...all, [`text v1.0 ${v2(DETAIL)}`]: forbidden });
    expect(kinds(rows)).toEqual(['summary', 'trend']);
    expect(messageOf(error)).toBe(
      'usage-report: user report of D28: 403 Authorization_RequestDenied: grant the application permission Reports.Read.All of Microsoft Graph and consent to it',
    );
    expect(lastUpTo(batches)).toBe(null);
  });

  it('tries only what is missing, after an hour', async () => {
    const failing = { ...all, [`text v1.0 ${v2(DETAIL)}`]: throttled };
    const { last, error } = await pass(failing);
    expect(messageOf(error)).toBe('usage-report: user report of D28: 429: it is asked for again in an hour');
    const soon = await pass(all, { from: last, ms: START + HOUR - 1 });
    expect(soon).toMatchObject({ asked: [], batches: [], error: undefined });
    const later = await pass(failing, { from: last, ms: START + HOUR });
    expect(later.asked).toEqual([`text v1.0 ${v2(DETAIL)}`]);
    expect((await pass(all, { from: later.last, ms: START + HOUR + 60_000 })).asked).toEqual([]);
    const done = await pass(all, { from: later.last, ms: START + 2 * HOUR });
    expect(done.rows).toEqual(goldenOf('user-v2'));
    expect(lastUpTo(done.batches)).toBe('2026-11-19T06:10:00.000Z');
  });

  it('counts the rows that have no key, delivers the rest, and does not read them again', async () => {
    const broken = `${fixture('user-v2.csv')},nobody@contoso.example\r\n2026-11-17,cut@con`;
    const { rows, error, last } = await pass({ ...all, [`text v1.0 ${v2(DETAIL)}`]: text(broken) });
    expect(rows.filter(({ ReportKind }) => ReportKind === 'user')).toEqual(goldenOf('user-v2'));
    expect(messageOf(error)).toMatch(/^usage-report: user report of D28: 2 rows left out, .*: compare with the report/);
    expect((await pass(all, { from: last, ms: START + 2 * HOUR })).asked).toEqual([]);
  });

  it('takes a report without rows for read', async () => {
    const header = fixture('user-v2.csv').split('\r\n')[0] ?? '';
    const { rows, error, batches } = await pass({ ...all, [`text v1.0 ${v2(DETAIL)}`]: text(header) });
    expect([kinds(rows), error, lastUpTo(batches)]).toEqual([
      ['summary', 'trend'],
      undefined,
      new Date(START).toISOString(),
    ]);
  });

  it('skips nothing when it goes on from any point of a pass', async () => {
    const whole = await pass(all);
    expect(whole.batches.length).toBeGreaterThan(6);
    for (const [at, from] of whole.memories.entries()) {
      const before = rowsIn(whole.batches.slice(0, at));
      const rest = await pass(all, { from, ms: START + HOUR });
      const ids = new Set([...before, ...rest.rows].map(({ RecordId }) => RecordId));
      expect(
        whole.rows.filter(({ RecordId }) => !ids.has(RecordId)),
        `after ${at} batches`,
      ).toEqual([]);
    }
  });

  it('yields at most a thousand rows at once', async () => {
    const line = (at: number): string => `2026-11-17,user${at}@contoso.example`;
    const body = ['Report Refresh Date,User Principal Name', ...Array.from({ length: 2500 }, (_, at) => line(at))];
    const { batches } = await pass({ ...all, [`text v1.0 ${v2(DETAIL)}`]: text(body.join('\n')) });
    const sizes = batches.flatMap((batch) => (batch.kind === 'rows' ? [batch.rows.length] : []));
    expect(sizes.slice(0, 3)).toEqual([1000, 1000, 500]);
  });
});

describe('a report is found', () => {
  const page = text('<!DOCTYPE html><title>Sign in</title>');
  const broken = text('Report Refresh Date,Display Name\n2026-11-17,"Noor\n');
  const firstPage = text(JSON.stringify({ '@odata.nextLink': 'https://graph.microsoft.com/more', value: [] }));
  const cases: readonly (readonly [string, 'v1' | 'v2', Answers, string])[] = [
    ['in beta when v1.0 does not know it', 'v2', { [`list beta ${v2(DETAIL)}`]: list('user-v2') }, 'user-v2'],
    [
      'in beta when v1.0 gives a page',
      'v2',
      { [`text v1.0 ${v2(DETAIL)}`]: page, [`list beta ${v2(DETAIL)}`]: list('user-v2') },
      'user-v2',
    ],
    [
      'in beta when v1.0 gives nothing',
      'v2',
      { [`text v1.0 ${v2(DETAIL)}`]: text('\uFEFF'), [`list beta ${v2(DETAIL)}`]: list('user-v2') },
      'user-v2',
    ],
    [
      'in beta when v1.0 gives a part of it',
      'v2',
      { [`text v1.0 ${v2(DETAIL)}`]: broken, [`list beta ${v2(DETAIL)}`]: list('user-v2') },
      'user-v2',
    ],
    ['in v1.0 as JSON', 'v2', { [`text v1.0 ${v2(DETAIL)}`]: text(`\uFEFF\n${fixture('user-v2.json')}`) }, 'user-v2'],
    [
      'in v1.0 as pages of JSON',
      'v2',
      { [`text v1.0 ${v2(DETAIL)}`]: firstPage, [`list v1.0 ${v2(DETAIL)}`]: list('user-v2') },
      'user-v2',
    ],
    [
      'as version 1 when version 2 is refused, with the period that version 1 knows',
      'v2',
      { [`text v1.0 ${v2(DETAIL)}`]: refused, [`text v1.0 ${v1(DETAIL)}`]: csv('user-v1') },
      'user-v1',
    ],
    ['as version 1 in beta', 'v2', { [`list beta ${v1(DETAIL)}`]: list('user-v1') }, 'user-v1'],
    ['where it was in former times', 'v2', { [`text beta ${old(DETAIL)}`]: csv('user-v1') }, 'user-v1'],
    ['as version 1 when that is wanted', 'v1', { ...all, [`text v1.0 ${v1(DETAIL)}`]: csv('user-v1') }, 'user-v1'],
  ];
  it.for(cases)('%s', async ([, version, answers, golden]) => {
    const { rows } = await pass(answers, { version });
    expect(rows).toEqual(goldenOf(golden));
  });

  it('with the period that was asked for where the rows do not say it', async () => {
    const bare = text('Report Refresh Date,User Principal Name\n2026-11-17,a@contoso.example\n');
    const { rows } = await pass({ [`text v1.0 ${v1(DETAIL)}`]: bare });
    expect(rows).toMatchObject([{ ReportPeriod: 'D30', ReportVersion: 'v1' }]);
  });

  it('nowhere: then every way is named, and what came back', async () => {
    const { error, asked } = await pass({
      [`text v1.0 ${v2(TREND)}`]: page,
      [`list beta ${v2(TREND)}`]: refused,
      [`text v1.0 ${v1(TREND)}`]: text('{"error":{}}'),
      [`list beta ${v1(TREND)}`]: refused,
    });
    expect(asked.filter((what) => what.includes(TREND))).toEqual([
      `text v1.0 ${v2(TREND)}`,
      `list beta ${v2(TREND)}`,
      `text v1.0 ${v1(TREND)}`,
      `list beta ${v1(TREND)}`,
      `text beta ${old(TREND)}`,
    ]);
    expect(messageOf(error)).toContain(
      'trend report of D28: v1.0 v2 neither CSV nor JSON of a report, beta v2 400 BadRequest, v1.0 v1 neither CSV nor JSON of a report, beta v1 400 BadRequest, beta v1 not found: it is asked for again in an hour; only the global cloud has Copilot reports',
    );
  });

  it.for([forbidden, throttled])('on no other way while Microsoft answers %j', async (answer) => {
    const { asked } = await pass({ ...all, [`text v1.0 ${v2(DETAIL)}`]: answer });
    expect(asked.filter((what) => what.includes(DETAIL))).toEqual([`text v1.0 ${v2(DETAIL)}`]);
  });
});

it('asks once for periods that a version does not tell apart', () => {
  expect(reportsOf(['D28', 'D30', 'D7'], 'v1').map(({ kind, period }) => `${kind} ${period}`)).toEqual(
    ['D30', 'D7'].flatMap((period) => ['user', 'summary', 'trend'].map((kind) => `${kind} ${period}`)),
  );
});

describe('the source usage-report stops within a second', () => {
  const large = `Report Refresh Date,User Principal Name\n${'2026-11-17,a@contoso.example\n'.repeat(400_000)}`;
  const never = new Promise<never>(() => undefined);
  const cases: readonly (readonly [string, Answers, Partial<Graph>, number])[] = [
    ['while v1.0 does not answer', all, { text: () => never }, 20],
    ['while beta does not answer', {}, { list: () => never }, 20],
    ['within a large report', { [`text v1.0 ${v2(DETAIL)}`]: text(large) }, {}, 100],
  ];
  it.for(cases)('%s', async ([, answers, behaviour, afterMs]) => {
    const { graph } = graphOf(answers);
    const source = usageReport({ ...options, graph: { ...graph, ...behaviour }, now: () => START });
    const stop = new AbortController();
    let stoppedAt = Infinity;
    setTimeout(() => {
      stoppedAt = performance.now();
      stop.abort();
    }, afterMs);
    const { error, batches } = await readPass(source, nothing, stop.signal);
    expect(performance.now() - stoppedAt).toBeLessThan(1000);
    expect(stop.signal.aborted).toBe(true);
    expect(error).toBe(stop.signal.reason);
    expect(lastUpTo(batches)).toBe(null);
  });
});
