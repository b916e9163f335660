import { describe, expect, it } from 'vitest';
import { substitute, type WorkbookParameter } from '../../../../kql/check/placeholders.ts';

const parameters: readonly WorkbookParameter[] = [
  { name: 'TimeRange', type: 4, value: { durationMs: 1 } },
  { name: 'Users', type: 2, multiSelect: true, quote: "'", value: ['value::all'] },
  { name: 'Host', type: 2, value: 'Teams' },
  { name: 'Top', type: 1, value: 10 },
  { name: 'Empty', type: 1 },
];

describe('substitute', () => {
  it.for([
    ['where TimeGenerated {TimeRange}', 'where TimeGenerated > ago(1d)'],
    ['where TimeGenerated {TimeRange:query}', 'where TimeGenerated > ago(1d)'],
    ['from {TimeRange:start} step {TimeRange:grain}', 'from datetime(2026-01-01T00:00:00.000Z) step 5m'],
    ["datetime({TimeRange:endISO}), '{TimeRange:label}'", "datetime(2026-01-02T00:00:00.000Z), 'Last 24 hours'"],
    ['in ({Users})', "in ('*')"],
    ["'{Users:label}'", "'*'"],
    ["== '{Host}' | take {Top}", "== 'Teams' | take 10"],
    ["'{Empty}'", "'*'"],
    // Not placeholders: repetition in a regex, a bag.
    [
      `matches regex '[a-z]{3}' | extend d = dynamic({"a": 1})`,
      `matches regex '[a-z]{3}' | extend d = dynamic({"a": 1})`,
    ],
  ] as const)('writes %s as %s', ([original, text]) => expect(substitute(original, parameters).text).toBe(text));

  it('tells where each character comes from', () => {
    const original = 'a {TimeRange} b {Top} c';
    const { text, toOriginal } = substitute(original, parameters);
    expect(text).toBe('a > ago(1d) b 10 c');
    for (const [word, there] of [
      ['a >', 'a {'],
      ['> ago', '{TimeRange}'],
      ['1d)', '{TimeRange}'],
      ['b', 'b '],
      ['10', '{Top}'],
      ['c', 'c'],
    ] as const)
      expect(original.slice(toOriginal(text.indexOf(word))), word).toSatisfy((rest: string) => rest.startsWith(there));
  });

  it('names what no parameter stands for, and leaves it', () => {
    const { text, undeclared } = substitute('take {Top} {Nobody:label}', parameters);
    expect(text).toBe('take 10 {Nobody:label}');
    expect(undeclared).toEqual([{ name: 'Nobody', offset: 8 }]);
  });
});
