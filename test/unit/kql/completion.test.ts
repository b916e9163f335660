import { describe, expect, test } from 'vitest';
import { engine } from '../../../kql/engine/engine.ts';
import { knownNames } from '../../../kql/engine/language/known-names.ts';
import { notSupported } from '../../../kql/not-supported.ts';

const kql = engine({
  tables: [
    {
      name: 'Events',
      columns: [
        { name: 'Actor', type: 'string' },
        { name: 'EventTime', type: 'datetime' },
        { name: 'odd name', type: 'long' },
      ],
    },
    {
      name: 'Other',
      columns: [
        { name: 'Actor', type: 'string' },
        { name: 'odd name', type: 'string' },
      ],
    },
  ],
  functions: [{ name: 'Recent', parameters: 'lookback:timespan=1d', body: 'Events | where EventTime > ago(lookback)' }],
});

/** Proposals at `^`. */
function at(marked: string) {
  const position = marked.indexOf('^');
  const { start, items } = kql.complete(marked.replace('^', ''), position);
  return {
    start,
    items,
    labels: items.map(({ label }) => label),
    find: (name: string) => items.find(({ label }) => label === name),
  };
}

describe('proposals', () => {
  test('at the start are tables, functions of the workspace, and what begins a query', () => {
    const { labels, find, start } = at('Rec^');
    expect(labels).toEqual(expect.arrayContaining(['Events', 'Recent', 'let', 'union', 'print', 'range']));
    expect(start).toBe(0);
    expect(find('Events')).toMatchObject({ kind: 'table', text: 'Events', after: '' });
    expect(find('Recent')).toMatchObject({
      kind: 'function',
      text: 'Recent(',
      after: ')',
      detail: '([lookback])',
      isOwn: true,
    });
  });

  test('behind a pipe are operators, and replace what is there of one', () => {
    const { labels, start } = at('Events\n| su^');
    expect(start).toBe('Events\n| '.length);
    expect(labels).toEqual(expect.arrayContaining(['where', 'summarize', 'join', 'mv-expand', 'project-away']));
    expect(labels).not.toContain('Events');
  });

  test('in a condition are columns with their types, and functions', () => {
    const { find } = at('Recent(7d) | where Act^');
    expect(find('Actor')).toMatchObject({ kind: 'column', text: 'Actor', detail: 'string' });
    expect(find('EventTime')?.detail).toBe('datetime');
    // One name with two types in the schema.
    expect(at('Events | where ^').items.find(({ label }) => label.includes('odd name'))?.detail).toBe('');
    expect(find('ago')).toMatchObject({ kind: 'function', text: 'ago(', detail: '(timespan)', isOwn: false });
  });

  test('inside of a call are columns and variables; behind summarize aggregates', () => {
    expect(at('let least = 5; Events | where strlen(^').labels).toEqual(
      expect.arrayContaining(['Actor', 'least', 'strcat']),
    );
    expect(at('Events | summarize ^').find('dcount')).toMatchObject({ kind: 'aggregate', text: 'dcount(' });
    expect(at('Events | summarize N = count() by bin(Ev^').labels).toContain('EventTime');
  });

  test('see columns as the pipe has left them', () => {
    const { labels } = at('Events | project Who = Actor | where ^');
    expect(labels).toContain('Who');
    expect(labels).not.toContain('EventTime');
  });

  test('are operators of comparison behind a column, and kinds of joins', () => {
    expect(at('Events | where Actor ^').labels).toEqual(expect.arrayContaining(['==', 'has', 'startswith', 'in~']));
    expect(at('Events | join kind=^').labels).toEqual(expect.arrayContaining(['inner', 'leftanti']));
  });

  test('leave out what Log Analytics or the engine refuses', () => {
    const refused = notSupported(knownNames());
    const everywhere = [
      '^',
      'Events | ^',
      'Events | where ^',
      'Events | evaluate ^',
      'Events | summarize ^',
      'print ^',
    ];
    for (const place of everywhere) {
      const { items } = at(place);
      expect(items.length, place).toBeGreaterThan(3);
      for (const { label, kind } of items) {
        if (kind === 'operator' || kind === 'keyword') expect(refused.operators, place).not.toContain(label);
        if (kind === 'function' && place.includes('evaluate')) expect(refused.plugins, place).not.toContain(label);
        else if (kind === 'function') expect(refused.functions, place).not.toContain(label);
        if (kind === 'aggregate') expect(refused.aggregates, place).not.toContain(label);
      }
    }
    expect(at('^').labels).not.toEqual(expect.arrayContaining(['cluster']));
    expect(at('^').labels).not.toContain('externaldata');
  });

  test('are none where nothing can be said, and never an error', () => {
    for (const text of ['', '|', 'Events | where "', 'Events | summarize [long(null) count()', '\u0000', '}{', '// a'])
      for (let position = 0; position <= text.length; position += 1)
        expect(Array.isArray(kql.complete(text, position).items)).toBe(true);
    expect(kql.complete('Events', 600).items).toEqual(expect.any(Array));
    expect(() => kql.complete('x'.repeat(100_001), 5)).toThrow('budget: the query has 100001 characters');
  });
});
