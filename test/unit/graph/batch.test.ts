import { array, assert, jsonValue, oneof, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatch, toBatch } from '../../../collector/graph/batch.ts';

const read = (...responses: readonly unknown[]) => readBatch(JSON.stringify({ responses }));

describe('a batch', () => {
  it('asks with numbered GETs', () => {
    expect(JSON.parse(toBatch(['/a', '/b?$select=id']))).toEqual({
      requests: [
        { id: '1', method: 'GET', url: '/a' },
        { id: '2', method: 'GET', url: '/b?$select=id' },
      ],
    });
  });

  it('reads headers in any casing, and numbers for texts', () => {
    const headers = { 'RETRY-AFTER': 7, 'X-Ms-Throttle-Limit-Percentage': '1.2' };
    const item = read({ id: 1, status: 429, headers, body: { error: { code: 'a', message: 'b' } } })?.get('1');
    expect(item).toEqual({
      problem: { status: 429, code: 'a', message: 'b', retryAfter: '7' },
      body: undefined,
      usedShare: 1.2,
    });
  });

  it.for([
    ['no error', {}],
    ['a text', 'canary'],
    ['an error that is a text', { error: 'canary' }],
    ['a code that is a number', { error: { code: 5, message: 'why' } }],
  ] as const)('has no code when the body of a refusal is %s', ([, body]) => {
    expect(read({ id: '1', status: 400, body })?.get('1')?.problem).toMatchObject({ status: 400, code: '' });
  });

  it.for([
    ['headers that are a list', { id: '1', status: 200, headers: [1], body: 1 }],
    ['headers that are null', { id: '1', status: 200, headers: null, body: 1 }],
    ['no headers', { id: '1', status: 200, body: 1 }],
  ] as const)('takes an answer with %s', ([, response]) => {
    expect(read(response)?.get('1')).toEqual({ problem: undefined, body: 1, usedShare: 0 });
  });

  it('leaves out what is no answer', () => {
    expect(read(null, 5, [], { status: 200 }, { id: '1', status: '200' }, { id: {}, status: 200 })).toEqual(new Map());
  });

  it('never throws for JSON of any shape', () => {
    const answer = record({ responses: array(record({ id: jsonValue(), status: jsonValue() })) });
    assert(
      property(oneof(jsonValue(), answer), (value) => {
        expect(readBatch(JSON.stringify(value)) ?? new Map()).toBeInstanceOf(Map);
      }),
    );
  });
});
