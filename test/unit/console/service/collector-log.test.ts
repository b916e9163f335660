import { describe, expect, it } from 'vitest';
import { lineReader, toEvent, toLogLine } from '../../../../workspace/console/service/collector-log.ts';

const line = (fields: object): string =>
  JSON.stringify({ level: 'info', time: '2026-11-20T08:00:00.000Z', msg: 'pass ended', ...fields });

describe('a line of the collector', () => {
  it('becomes one that people read, with source, reason and counts', () => {
    const event = toEvent(line({ source: 'activity-feed', seen: 12, accepted: 3 }));
    expect(event && toLogLine(event)).toEqual({
      level: 'info',
      time: '2026-11-20T08:00:00.000Z',
      message: 'activity-feed: pass ended: seen 12, accepted 3',
    });
    const failed = toEvent(line({ level: 'error', msg: 'the pass ended early', reason: '401: grant it' }));
    expect(failed && toLogLine(failed)).toMatchObject({
      level: 'error',
      message: 'the pass ended early: 401: grant it',
    });
  });

  it.for(['cannot start, 1 problem(s)', '{"level":"info"', '{}', '3', ''])(
    'that is no event is told apart: %s',
    (text) => {
      expect(toEvent(text)).toBeUndefined();
    },
  );
});

describe('a stream of text', () => {
  it('is cut into lines wherever its pieces end, the last one without a line end too', () => {
    const lines: string[] = [];
    const reader = lineReader((one) => lines.push(one));
    for (const piece of ['a', 'b\nc', '\n', 'd']) reader.push(piece);
    expect(lines).toEqual(['ab', 'c']);
    reader.end();
    reader.end();
    expect(lines).toEqual(['ab', 'c', 'd']);
  });
});
