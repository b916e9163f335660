import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatMilliseconds,
  formatNumber,
  formatSeconds,
  formatTime,
} from '../../../../workspace/console/page/shell/format.ts';
import { progressOf } from '../../../../workspace/console/page/shell/progress.ts';

describe('figures as the page writes them', () => {
  test('numbers have thousands, and a decimal only where they are small', () => {
    expect([0, 7.46, 99.94, 12_400, 1234.5].map(formatNumber)).toEqual(['0', '7.5', '99.9', '12,400', '1,235']);
  });

  test('one thing is singular', () => {
    expect([0, 1, 2].map((count) => formatCount(count, 'row'))).toEqual(['0 rows', '1 row', '2 rows']);
    expect(formatCount(2, 'entity', 'entities')).toBe('2 entities');
  });

  test('sizes change their unit before they have four digits', () => {
    expect([999, 1000, 999_949, 999_950, 19_118_517].map(formatBytes)).toEqual([
      '999 B',
      '1 KB',
      '999.9 KB',
      '1 MB',
      '19.1 MB',
    ]);
  });

  test('times are UTC, and text that is none stays', () => {
    expect(formatTime('2026-11-21T14:39:09.468+02:00')).toBe('2026-11-21 12:39');
    expect(formatClock('2026-11-21T14:39:09.468Z')).toBe('14:39:09');
    expect(formatTime('soon')).toBe('soon');
  });

  test('spans have the largest unit that fits', () => {
    expect([12.4, 60, 5400, 540_000].map(formatSeconds)).toEqual(['12.4 s', '1 min', '1.5 h', '6.3 d']);
    expect([240, 1240].map(formatMilliseconds)).toEqual(['240 ms', '1.2 s']);
  });
});

describe('how far a step is', () => {
  test.for([
    ['12,400 of 15,500 records', 0.8],
    ['32 of 49 rules', 32 / 49],
    ['20 of 10 records', 1],
    ['0 of 0 records', undefined],
    ['after the records', undefined],
  ] as const)('%s', ([detail, progress]) => {
    expect(progressOf(detail)).toBe(progress);
  });
});
