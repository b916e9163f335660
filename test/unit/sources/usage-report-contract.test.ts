import { readFileSync } from 'node:fs';
import type { Graph } from '../../../collector/graph/contract.ts';
import { usageReport } from '../../../collector/sources/usage-report/usage-report.ts';
import { type Ground, sourceContract } from './source-contract.ts';

const HOUR = 3_600_000;
const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/usage/${name}`, import.meta.url), 'utf8');
const reports: Readonly<Record<string, string>> = {
  getMicrosoft365CopilotUsageUserDetail: 'user-v2',
  getMicrosoft365CopilotUserCountSummary: 'summary-v2',
  getMicrosoft365CopilotUserCountTrend: 'trend-v2',
};

const graph: Graph = {
  get: async () => ({ kind: 'missing' }),
  list: async () => ({ kind: 'missing' }),
  text: async (_version, path) => {
    const name = Object.entries(reports).find(([report]) => path.includes(report))?.[1];
    if (name === undefined) return { kind: 'missing' };
    return { kind: 'found', contentType: 'application/octet-stream', text: fixture(`${name}.csv`) };
  },
  [Symbol.asyncDispose]: async () => undefined,
};

sourceContract('usage-report', async (): Promise<Ground> => {
  let nowMs = Date.parse('2026-11-19T06:10:00Z');
  const now = (): number => nowMs;
  const rows = Object.values(reports).flatMap(
    (name) => JSON.parse(fixture(`${name}.rows.json`)) as readonly { readonly RecordId: string }[],
  );
  return {
    source: () => {
      // A report is asked for once an hour at most.
      nowMs += HOUR;
      return usageReport({ graph, organizationId: '7a1f0c52-3b6e-4d8a-9c21-5e0f4b7d9a10', periods: ['D28'], now });
    },
    table: 'CopilotUsage_CL',
    expected: rows.map(({ RecordId }) => RecordId),
    [Symbol.asyncDispose]: async () => undefined,
  };
});
