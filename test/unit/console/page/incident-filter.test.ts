import { describe, expect, test } from 'vitest';
import type { IncidentSummary } from '../../../../workspace/console/api.ts';
import { filterIncidents, readFilter, writeFilter } from '../../../../workspace/console/page/incidents/filter.ts';

const incident = (id: string, more: Partial<IncidentSummary>): IncidentSummary => ({
  id,
  title: 'Jailbreak verdict',
  severity: 'High',
  rule: 'a-rule',
  tactics: ['DefenseEvasion'],
  createdTime: '2026-11-20T00:00:00Z',
  lastAlertTime: '2026-11-20T00:00:00Z',
  alertCount: 1,
  entities: [],
  ...more,
});

const all = [
  incident('a', { severity: 'Low', lastAlertTime: '2026-11-21T10:00:00Z', alertCount: 2 }),
  incident('b', { lastAlertTime: '2026-11-21T12:00:00Z', title: 'Runaway loop' }),
  incident('c', {
    severity: 'Medium',
    lastAlertTime: '2026-11-21T11:00:00Z',
    entities: [{ type: 'Account', identifiers: { FullName: 'Mara@contoso.example' } }],
  }),
];
const ids = (search: string): string =>
  filterIncidents(all, readFilter(search))
    .map(({ id }) => id)
    .join('');

describe('the list of incidents', () => {
  test.for([
    ['', 'bca'],
    ['order=oldest', 'acb'],
    ['order=severity', 'bca'],
    ['order=alerts', 'abc'],
    ['severity=Low,Medium', 'ca'],
    ['severity=Terrible', 'bca'],
    ['text=mara', 'c'],
    ['text=verdict%20evasion', 'ca'],
    ['text=verdict%20loop', ''],
  ] as const)('%s', ([search, expected]) => {
    expect(ids(search)).toBe(expected);
  });

  test('a filter comes back from its address, and the default has none', () => {
    const filter = { severities: ['High', 'Low'], text: 'a & b', order: 'alerts' } as const;
    expect(readFilter(writeFilter(filter))).toEqual(filter);
    expect(writeFilter(readFilter(''))).toBe('');
  });
});
