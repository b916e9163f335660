import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../collector/retry-after.ts';

const now = Date.parse('2026-07-20T14:00:00Z');

describe('Retry-After', () => {
  it.for([
    ['2', 2000],
    [' 30 ', 30_000],
    ['0', 0],
    ['Mon, 20 Jul 2026 14:00:05 GMT', 5000],
  ] as const)('%j is a wait of %d ms', ([header, wait]) => {
    expect(retryAfterMs(header, now)).toBe(wait);
  });
  it.for([undefined, '', '-5', '1.5', 'soon', 'Mon, 20 Jul 2026 13:59:00 GMT', '99999999999999', '5; 6'])(
    '%j is no instruction',
    (header) => {
      expect(retryAfterMs(header, now)).toBeUndefined();
    },
  );
});
