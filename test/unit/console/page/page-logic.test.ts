import { describe, expect, test } from 'vitest';
import { hourCalendar } from '../../../../workspace/console/page/health/hour-calendar.ts';
import { metricLines } from '../../../../workspace/console/page/health/metric-names.ts';
import { triageMarkdown } from '../../../../workspace/console/page/incidents/triage-markdown.ts';
import { figureOf, linePoints } from '../../../../workspace/console/page/overview/figures.ts';
import { defaultKind, isDrawable, renderedKind } from '../../../../workspace/console/page/query/chart-choice.ts';
import { placeOf } from '../../../../workspace/console/page/query/place.ts';

describe('triage text', () => {
  test('what to do comes first, as a list; the parts get headings', () => {
    const text =
      'Finds a thing.\n\nMore of it.\n\nFalse positives: testers.\nBlind spots: slow ones.\nTriage: 1. Look. 2. Ask.';
    expect(triageMarkdown(text)).toBe(
      '1. Look.\n2. Ask.\n\n### What the rule looks for\n\nFinds a thing.\n\nMore of it.\n\n### False positives\n\nTesters.\n\n### Blind spots\n\nSlow ones.',
    );
  });

  test('two parts in one paragraph are two parts', () => {
    expect(triageMarkdown('Finds.\nFalse positives: testers. Blind spots: slow ones.\nTriage: 1. Look.')).toBe(
      '1. Look.\n\n### What the rule looks for\n\nFinds.\n\n### False positives\n\nTesters.\n\n### Blind spots\n\nSlow ones.',
    );
  });

  test('a description without such parts is shown as it is', () => {
    expect(triageMarkdown('finds a thing.')).toBe('### What the rule looks for\n\nFinds a thing.');
    expect(triageMarkdown('eDiscovery.')).toContain('\n\neDiscovery.');
  });
});

describe('metrics in plain words', () => {
  test('labels are read with and without braces, times have units, an infinite one says what it means', () => {
    expect(
      metricLines([
        { name: 'copilot_oldest_unfetched_expiry_seconds', labels: 'source="activity-feed"', value: null },
        { name: 'other_total', labels: '', value: 3 },
        { name: 'copilot_lag_seconds', labels: '{source="a\\"b"}', value: 90 },
        { name: 'copilot_records_total', labels: 'source="activity-feed",outcome="accepted"', value: 15_500 },
      ]).map(({ name, of, value }) => `${name} | ${of} | ${value}`),
    ).toEqual([
      'Records | activity-feed, accepted | 15,500',
      'Age of the point up to which all is read | a"b | 1.5 min',
      'Time until unread content expires | activity-feed | nothing is unread',
      'other_total |  | 3',
    ]);
  });
});

describe('the calendar of hours', () => {
  const row = (hour: string, more: object) => ({
    Hour: hour,
    IsComplete: false,
    IsBalanced: true,
    MissingBlobs: 0,
    ...more,
  });
  test('a day has 24 hours, each with its state', () => {
    const [first, second] = hourCalendar([
      row('2026-11-21T01:00:00.0000000Z', { IsComplete: true }),
      row('2026-11-20T23:00:00.0000000Z', { MissingBlobs: 2 }),
      row('2026-11-21T02:00:00.0000000Z', { IsBalanced: false }),
      row('2026-11-21T03:00:00.0000000Z', { Pending: 1 }),
    ]);
    expect([first?.day, second?.day]).toEqual(['2026-11-20', '2026-11-21']);
    expect(first?.hours).toHaveLength(24);
    expect(first?.hours[23]).toMatchObject({ state: 'gap', text: expect.stringContaining('2 lost') });
    expect(second?.hours.slice(0, 5).map(({ state }) => state)).toEqual([
      'none',
      'complete',
      'wrong',
      'pending',
      'none',
    ]);
  });
});

describe('figures of the overview', () => {
  const rows = [
    { Day: null, People: 5, Turns: 30 },
    { Day: '2026-11-20', People: null, Turns: 10 },
    { Day: '2026-11-21', People: null, Turns: '20' },
  ];
  test('the row without a day is the total; a figure that has no days has no line', () => {
    expect(figureOf(rows, 'Turns')).toEqual({ total: 30, days: [10, 20] });
    expect(figureOf(rows, 'People')).toEqual({ total: 5, days: [] });
  });

  test('a line starts at zero and fills its box', () => {
    expect(linePoints([0, 5, 10], 100, 20)).toBe('0.0,20.0 50.0,10.0 100.0,0.0');
    expect(linePoints([0, 0], 100, 20)).toBe('0.0,20.0 100.0,20.0');
  });
});

describe('results', () => {
  test.for([
    ['T | summarize count() by A | render timechart', 'timechart'],
    ['T | render columnchart with (title="x")', 'barchart'],
    ['T // | render piechart', undefined],
    ['T | render table', undefined],
    ['T | render piechart | take 1', undefined],
  ] as const)('%s is drawn as %s', ([query, kind]) => {
    expect(renderedKind(query)).toBe(kind);
  });

  test('a chart needs a number and something beside it', () => {
    const [name, count, time] = [
      { name: 'N', type: 'string' },
      { name: 'C', type: 'long' },
      { name: 'T', type: 'datetime' },
    ];
    expect([isDrawable([count]), isDrawable([name, time]), isDrawable([name, count])]).toEqual([false, false, true]);
    expect([defaultKind([name, count]), defaultKind([count, time])]).toEqual(['categoricalbar', 'timechart']);
  });

  test('a place is counted from line 1 and column 1', () => {
    expect([0, 2, 3, 5].map((start) => placeOf('ab\ncd', start))).toEqual([
      { line: 1, column: 1 },
      { line: 1, column: 3 },
      { line: 2, column: 1 },
      { line: 2, column: 3 },
    ]);
  });
});
