import Table from 'cli-table3';
import type { Finding } from './finding.ts';

const WIDTHS = [6, 26, 46, 54];

/** The findings as a table for a terminal of 140 columns: result, what, finding, and what to do. */
export function toTable(findings: readonly Finding[]): string {
  const table = new Table({
    head: ['', 'Check', 'Finding', 'Do'],
    colWidths: WIDTHS,
    wordWrap: true,
    style: { head: [], border: [] },
  });
  const names = new Set(findings.map(({ workspace }) => workspace));
  for (const { workspace, check, item, ok, detail, remedy = '' } of findings) {
    const where = names.size > 1 ? `${workspace}: ` : '';
    table.push([ok ? 'pass' : 'FAIL', `${where}${check}`, item === '' ? detail : `${item}: ${detail}`, remedy]);
  }
  return table.toString();
}

/** One sentence: how many passed and how many did not. */
export function toSummary(findings: readonly Finding[]): string {
  const failed = findings.filter(({ ok }) => !ok).length;
  return failed === 0 ? `All ${findings.length} lines pass` : `${failed} of ${findings.length} lines failed`;
}
