import { describe, expect, it } from 'vitest';
import { readSamples, sumOf } from '../../../../workspace/console/service/metrics-text.ts';

const text = `# HELP copilot_records_total Audit records by outcome
# TYPE copilot_records_total counter
copilot_records_total{source="activity-feed",outcome="accepted"} 12
copilot_records_total{source="usage-report",outcome="accepted"} 5 1700000000000
copilot_records_total{source="activity-feed",outcome="foreign"} 1.5e3
copilot_oldest_unfetched_expiry_seconds{source="a b} \\"c\\""} +Inf
copilot_leader 1
broken{x="1"} one
`;

describe('metrics', () => {
  it('are read with labels as written', () => {
    expect(readSamples(text).map(({ labels, value }) => [labels, value])).toEqual([
      ['source="activity-feed",outcome="accepted"', 12],
      ['source="usage-report",outcome="accepted"', 5],
      ['source="activity-feed",outcome="foreign"', 1500],
      [String.raw`source="a b} \"c\""`, Number.POSITIVE_INFINITY],
      ['', 1],
    ]);
  });

  it('are summed over the samples that carry all labels', () => {
    const samples = readSamples(text);
    expect(sumOf(samples, 'copilot_records_total', 'outcome="accepted"')).toBe(17);
    expect(sumOf(samples, 'copilot_records_total', 'outcome="accepted"', 'source="activity-feed"')).toBe(12);
    expect(sumOf([], 'copilot_records_total')).toBe(0);
  });
});
