import { describe, expect, it } from 'vitest';
import { formatFor, toOpenMetrics } from '../../collector/openmetrics.ts';

describe('toOpenMetrics', () => {
  const cases = [
    {
      name: 'takes _total from the family of a counter and leaves it on samples',
      text: '# HELP a_total what\n# TYPE a_total counter\na_total{x="1"} 2\n',
      expected: '# HELP a what\n# TYPE a counter\na_total{x="1"} 2\n# EOF\n',
    },
    {
      name: 'leaves a gauge whose name ends in _total alone',
      text: '# HELP a_total what\n# TYPE a_total gauge\na_total 2\n',
      expected: '# HELP a_total what\n# TYPE a_total gauge\na_total 2\n# EOF\n',
    },
    {
      name: 'leaves label values alone that look like metadata or hold escapes',
      text: '# TYPE a_total counter\na_total{x="# TYPE a_total counter",y="q\\"\\\\n\\n"} 1\n',
      expected: '# TYPE a counter\na_total{x="# TYPE a_total counter",y="q\\"\\\\n\\n"} 1\n# EOF\n',
    },
    {
      name: 'leaves infinity alone',
      text: '# TYPE g gauge\ng +Inf\n',
      expected: '# TYPE g gauge\ng +Inf\n# EOF\n',
    },
    {
      name: 'escapes quotes in HELP and calls untyped unknown',
      text: '# HELP g says "no"\n# TYPE g untyped\ng 1\n',
      expected: '# HELP g says \\"no\\"\n# TYPE g unknown\ng 1\n# EOF\n',
    },
    { name: 'drops other comments and empty lines', text: '# no registered metrics\n\n', expected: '# EOF\n' },
    {
      name: 'keeps a family without samples',
      text: '# HELP g \n# TYPE g gauge\n',
      expected: '# HELP g \n# TYPE g gauge\n# EOF\n',
    },
  ];
  it.for(cases)('$name', ({ text, expected }) => {
    expect(toOpenMetrics(text)).toBe(expected);
  });
});

describe('the format for an Accept header', () => {
  const cases: readonly [string | undefined, 'openmetrics' | 'text', string][] = [
    [undefined, 'openmetrics', 'none'],
    ['', 'openmetrics', 'an empty one'],
    ['*/*', 'openmetrics', 'curl'],
    ['application/openmetrics-text', 'openmetrics', 'a version left open'],
    ['application/openmetrics-text; version="1.0.0"; charset=utf-8', 'openmetrics', 'the version in quotes'],
    [
      'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=0.0.4;q=0.3,*/*;q=0.2',
      'openmetrics',
      'Prometheus 3',
    ],
    ['text/plain;version=0.0.4', 'text', 'text only'],
    ['text/plain;version=0.0.4;q=1,*/*;q=0.1', 'text', 'text first'],
    ['text/*', 'text', 'any text'],
    ['application/openmetrics-text;version=0.0.1,text/plain;version=0.0.4;q=0.5', 'text', 'a draft of OpenMetrics'],
    ['application/openmetrics-text;q=0, */*', 'text', 'OpenMetrics refused'],
    ['application/json', 'text', 'neither'],
    ['application/openmetrics-text;q=many,text/plain', 'text', 'a weight that is no number'],
  ];
  it.for(cases)('%s is answered with %s: %s', ([accept, expected]) => {
    expect(formatFor(accept)).toBe(expected);
  });
});
