import { describe, expect, it } from 'vitest';
import type { CollectorEvent } from '../../../../workspace/console/service/collector-log.ts';
import { passWatch } from '../../../../workspace/console/service/first-pass.ts';

const counts = {
  seen: 9,
  foreign: 5,
  selected: 4,
  unparsable: 0,
  duplicate: 1,
  deadLettered: 0,
  accepted: 3,
  gaps: 0,
};
const event = (msg: string, fields: object = {}): CollectorEvent => ({
  level: 'info',
  time: '2026-11-20T08:00:00.000Z',
  msg,
  ...fields,
});

async function isOver(ended: Promise<unknown>): Promise<boolean> {
  return Promise.race([ended.then(() => true), new Promise<boolean>((resolve) => setImmediate(resolve, false))]);
}

describe('the first pass', () => {
  it('is over when every source has had one, with its counts', async () => {
    const { see, ended, problems } = passWatch(['activity-feed', 'usage-report']);
    see(event('role', { role: 'owner' }));
    see(event('pass ended', { source: 'activity-feed', parked: 0, ...counts }));
    see(event('pass ended', { source: 'activity-feed', parked: 0, ...counts, accepted: 99 }));
    expect(await isOver(ended)).toBe(false);
    see(event('pass ended', { source: 'usage-report', parked: 0, ...counts, accepted: 7 }));
    const { counts: found } = await ended;
    expect(found.get('activity-feed')).toEqual(counts);
    expect(found.get('usage-report')?.accepted).toBe(7);
    expect(problems()).toEqual([]);
  });

  it('that ended early or failed is over all the same, and told until a later one goes well', async () => {
    const { see, ended, problems } = passWatch(['activity-feed', 'usage-report']);
    see(event('the pass ended early', { source: 'activity-feed', reason: '401: grant ActivityFeed.Read' }));
    expect(await isOver(ended)).toBe(false);
    see(event('pass ended', { source: 'activity-feed', ...counts }));
    see(event('the pass failed and will be repeated', { source: 'usage-report', reason: 'disk full' }));
    expect(await isOver(ended)).toBe(true);
    expect(problems()).toEqual([
      'activity-feed: the pass ended early: 401: grant ActivityFeed.Read',
      'usage-report: the pass failed and will be repeated: disk full',
    ]);
    see(event('pass ended', { source: 'activity-feed', ...counts }));
    see(event('pass ended', { source: 'other', ...counts }));
    expect(problems()).toEqual(['usage-report: the pass failed and will be repeated: disk full']);
    see(event('pass ended', { source: 'usage-report', ...counts }));
    expect(problems()).toEqual([]);
  });

  it.for([
    [event('role', { role: 'standby', reason: 'held by 123' }), /another collector.*held by 123/],
    [event('the state cannot be used; trying again', { reason: 'EACCES' }), /state cannot be used.*EACCES/],
  ] as const)('is not waited for where it cannot begin: %s', async ([first, text]) => {
    const { see, ended, problems } = passWatch(['activity-feed']);
    see(first);
    expect((await ended).counts.size).toBe(0);
    expect(problems().join('\n')).toMatch(text);
    see(event('role', { role: 'owner' }));
    expect(problems()).toEqual([]);
  });
});
