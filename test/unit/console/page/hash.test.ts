import { describe, expect, test } from 'vitest';
import { incidentHref, queryHref, splitHash, workbookHref } from '../../../../workspace/console/page/shell/hash.ts';

describe('addresses behind the #', () => {
  test.for([
    ['', { path: '/', search: '' }],
    ['#/', { path: '/', search: '' }],
    ['#/query?q=a%3Fb', { path: '/query', search: 'q=a%3Fb' }],
    ['#incidents', { path: '/incidents', search: '' }],
    ['#/workbooks/soc?tab=a&b=c', { path: '/workbooks/soc', search: 'tab=a&b=c' }],
  ] as const)('splits %s into path and search', ([hash, parts]) => {
    expect(splitHash(hash)).toEqual(parts);
  });

  test('a query comes back from its address as it was', () => {
    const query = '// 50% & more?\nCopilotEvents()\n| where ActorName == "a+b#c"';
    const { path, search } = splitHash(queryHref(query));
    expect(path).toBe('/query');
    expect(new URLSearchParams(search).get('q')).toBe(query);
  });

  test('names in addresses cannot add to the path', () => {
    expect(incidentHref('a/../b?c#d')).toBe('#/incidents/a%2F..%2Fb%3Fc%23d');
    expect(workbookHref('soc overview')).toBe('#/workbooks/soc%20overview');
  });
});
