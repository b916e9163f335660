import { describe, expect, it } from 'vitest';
import type { Alert } from '../../../workspace/rules/alert.ts';
import { incidentBook } from '../../../workspace/rules/incidents.ts';
import { minutes, noon, sampleRule } from './rules-sample.ts';

const grouping = (changes: object): object => ({
  incidentConfiguration: {
    createIncident: true,
    groupingConfiguration: { enabled: true, lookbackDuration: '5h', matchingMethod: 'Selected', ...changes },
  },
});

interface Facts {
  readonly user?: string;
  readonly address?: string;
  readonly thread?: string;
  readonly severity?: string;
  readonly after?: number;
}

function alert({ user, address, thread, severity = 'High', after = 0 }: Facts = {}): Alert {
  const entities = [
    ...(user === undefined ? [] : [{ type: 'Account', identifiers: { FullName: user } }]),
    ...(address === undefined ? [] : [{ type: 'IP', identifiers: { Address: address } }]),
  ];
  return {
    rule: 'sample',
    id: sampleRule().id,
    time: new Date(noon.getTime() + minutes(after)),
    name: 'A title',
    description: '',
    severity,
    tactics: [],
    entities,
    customDetails: thread === undefined ? {} : { Thread: [thread] },
    rowCount: 1,
  };
}

/** The incident that each alert goes into. */
function numbers(rule: ReturnType<typeof sampleRule>, alerts: readonly Alert[]): readonly number[] {
  const book = incidentBook();
  return alerts.map((one) => book.add(rule, one).number);
}

const kim = { user: 'kim@contoso.example' };
const lea = { user: 'lea@contoso.example' };

describe('incidents', () => {
  it.for([
    ['are one for each alert without grouping', {}, [kim, kim], [1, 2]],
    [
      'are one for each alert with grouping off',
      grouping({ enabled: false, matchingMethod: 'AnyAlert' }),
      [kim, kim],
      [1, 2],
    ],
    ['take any alert of the rule', grouping({ matchingMethod: 'AnyAlert' }), [kim, lea, {}], [1, 1, 1]],
    [
      'take alerts with the same entities',
      grouping({ matchingMethod: 'AllEntities' }),
      [kim, { ...kim, address: '192.0.2.1' }, { user: 'KIM@contoso.example' }, {}, {}],
      [1, 2, 1, 3, 4],
    ],
    [
      'take alerts with the same entities of selected types',
      grouping({ groupByEntities: ['Account'] }),
      [kim, { ...kim, address: '192.0.2.1' }, lea, kim, {}, {}],
      [1, 1, 2, 1, 3, 4],
    ],
    [
      'take alerts with the same custom details',
      grouping({ groupByEntities: ['Account'], groupByCustomDetails: ['Thread'] }),
      [
        { ...kim, thread: 'a' },
        { ...kim, thread: 'b' },
        { ...kim, thread: 'a' },
      ],
      [1, 2, 1],
    ],
    [
      'take alerts of the same severity',
      grouping({ groupByAlertDetails: ['Severity'] }),
      [{ severity: 'High' }, { severity: 'Low' }, { severity: 'High' }],
      [1, 2, 1],
    ],
    [
      'take alerts until their look-back has gone by since they were opened',
      grouping({ matchingMethod: 'AnyAlert' }),
      [{}, { after: 200 }, { after: 300 }, { after: 301 }, { after: 500 }],
      [1, 1, 1, 2, 2],
    ],
  ] as const)('%s', ([, changes, facts, expected]) => {
    expect(
      numbers(
        sampleRule(changes),
        facts.map((one) => alert(one)),
      ),
    ).toEqual(expected);
  });

  it('hold 150 alerts at most', () => {
    const rule = sampleRule(grouping({ matchingMethod: 'AnyAlert' }));
    const all = numbers(
      rule,
      Array.from({ length: 151 }, () => alert()),
    );
    expect([all.at(149), all.at(150)]).toEqual([1, 2]);
  });

  it.for([
    [false, 2, true],
    [true, 1, false],
  ] as const)(
    'that are closed take alerts again only where the rule reopens them: %s',
    ([reopenClosedIncident, number, isClosed]) => {
      const rule = sampleRule(grouping({ matchingMethod: 'AnyAlert', reopenClosedIncident }));
      const book = incidentBook();
      book.add(rule, alert());
      book.close(1);
      expect(book.add(rule, alert()).number).toBe(number);
      expect(book.all()[0]?.isClosed).toBe(isClosed);
    },
  );

  it('are apart for each rule', () => {
    const any = grouping({ matchingMethod: 'AnyAlert' });
    const book = incidentBook();
    book.add(sampleRule(any), alert());
    book.add(sampleRule({ ...any, id: '7a1f4c52-0001-4b6e-9d3a-000000000102' }), alert());
    expect(book.all().map(({ alerts }) => alerts.length)).toEqual([1, 1]);
  });

  it('take an alert of an earlier time that is told later, and were created then', () => {
    const rule = sampleRule(grouping({ matchingMethod: 'AllEntities', lookbackDuration: '5h' }));
    const book = incidentBook();
    const told = [0, -240, -600].map((after) => book.add(rule, alert({ ...kim, after })).number);
    expect(told).toEqual([1, 1, 2]);
    expect(book.all().map(({ createdTime }) => createdTime)).toEqual([
      alert({ after: -240 }).time,
      alert({ after: -600 }).time,
    ]);
  });
});
