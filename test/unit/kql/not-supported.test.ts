import { describe, expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { UnsupportedError } from '../../../kql/engine/errors.ts';
import { knownNames } from '../../../kql/engine/language/known-names.ts';
import { notSupported, toNotSupportedPage } from '../../../kql/not-supported.ts';

const known = knownNames();
const missing = notSupported(known);

describe('what is not supported', () => {
  test.for([
    ['operators', 'make-graph', 'join'],
    ['operators', 'reduce', 'reduce-by'],
    ['functions', 'geo_point_to_s2cell', 'strcat'],
    ['functions', 'bin_auto', 'table'],
    ['aggregates', 'tdigest', 'count'],
    ['plugins', 'basket', 'bag_unpack'],
  ] as const)('of %s has %s and not %s', ([list, name, other]) => {
    expect(missing[list]).toContain(name);
    expect(missing[list]).not.toContain(other);
  });

  test('is a small part of what the binder knows', () => {
    expect(known.functions.length).toBeGreaterThan(400);
    expect(missing.functions.length).toBeLessThan(known.functions.length / 3);
    expect(known.operators.length - missing.operators.length).toBeGreaterThan(30);
  });

  test.for([
    'print convert_angle(1, "degree", "radian")',
    'print geo_point_to_s2cell(1, 2)',
    'print hash_many("a", "b")',
    'print N = 1 | evaluate basket()',
    'print N = 1 | summarize tdigest(N)',
    'print N = 1 | fork (count)',
  ])('is refused: %s', (query) => {
    expect(() =>
      engine({})
        .prepare(query)
        .run({ now: new Date('2026-11-20T00:00:00Z') }),
    ).toThrow(UnsupportedError);
  });

  test('stands on one page, what Log Analytics has not either by itself', () => {
    const page = toNotSupportedPage({
      operators: ['fork'],
      functions: ['cluster', 'parse_xml'],
      aggregates: ['hll'],
      plugins: ['basket', 'python'],
    });
    expect(page).toContain('## Operators\n\n`fork`\n\n## Functions\n\n`parse_xml`\n');
    expect(page).toContain('`hll`\n\n## Plugins of evaluate\n\n`basket`\n');
    expect(page.endsWith('has not either\n\n`cluster`, `python`\n')).toBe(true);
  });
});
