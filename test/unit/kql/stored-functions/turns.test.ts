import { describe, expect, it, test } from 'vitest';
import { ask, auditRow, cloudAppRow, half, idOf } from './workspace-of.ts';

describe('CopilotTurns', () => {
  const turns = (raws: readonly Readonly<Record<string, unknown>>[], call = 'CopilotTurns') =>
    ask(`${call} | sort by RecordId asc | project RecordId, TwinRecordId`, {
      CopilotAudit_CL: raws.map((raw) => auditRow(raw)),
    }).map(({ RecordId, TwinRecordId }) => [RecordId, TwinRecordId].map((id) => Number(String(id).slice(-2))));
  const other = { ConversationId: 'b4b4b4b4-0000-4000-8000-000000000002' };
  const cases: readonly {
    readonly name: string;
    readonly raws: readonly ReturnType<typeof half>[];
    readonly expected: readonly number[][];
  }[] = [
    {
      name: 'a pair is the client with its twin',
      raws: [half('runtime', 1, 0), half('client', 2, 4)],
      expected: [[2, 1]],
    },
    {
      name: 'halves of one second are a pair',
      raws: [half('client', 1, 0), half('runtime', 2, 0)],
      expected: [[1, 2]],
    },
    {
      name: 'a client may lead by some seconds',
      raws: [half('client', 1, 0), half('runtime', 2, 5)],
      expected: [[1, 2]],
    },
    {
      name: 'halves ten minutes apart are no pair',
      raws: [half('runtime', 1, 0), half('client', 2, 600)],
      expected: [
        [1, 0],
        [2, 0],
      ],
    },
    {
      name: 'halves of two conversations are no pair',
      raws: [half('runtime', 1, 0), half('client', 2, 4, other)],
      expected: [
        [1, 0],
        [2, 0],
      ],
    },
    {
      name: 'halves of two users are no pair',
      raws: [half('runtime', 1, 0), half('client', 2, 4, {}, { UserId: 'alex@contoso.example' })],
      expected: [
        [1, 0],
        [2, 0],
      ],
    },
    {
      name: 'halves without a conversation are no pair',
      raws: [half('runtime', 1, 0, { ConversationId: '' }), half('client', 2, 4, { ConversationId: '' })],
      expected: [
        [1, 0],
        [2, 0],
      ],
    },
    {
      name: 'a runtime record in Teams is a turn',
      raws: [half('runtime', 1, 0, { AppHost: 'Microsoft Teams' })],
      expected: [[1, 0]],
    },
    {
      name: 'a further runtime copy three seconds later stays',
      raws: [half('runtime', 1, 0), half('runtime', 2, 3), half('client', 3, 5)],
      expected: [
        [1, 0],
        [3, 2],
      ],
    },
    {
      name: 'two turns in one conversation are two',
      raws: [half('runtime', 1, 0), half('client', 2, 4), half('runtime', 3, 40), half('client', 4, 44)],
      expected: [
        [2, 1],
        [4, 3],
      ],
    },
    {
      name: 'a client closes what is open before it looks ahead',
      raws: [half('runtime', 1, 0), half('client', 2, 3), half('runtime', 3, 8), half('client', 4, 12)],
      expected: [
        [2, 1],
        [4, 3],
      ],
    },
    {
      name: 'two clients that lead are two turns',
      raws: [half('client', 1, 0), half('runtime', 2, 5), half('client', 3, 20), half('runtime', 4, 25)],
      expected: [
        [1, 2],
        [3, 4],
      ],
    },
    {
      name: 'a client leads by ten seconds at most',
      raws: [half('client', 1, 0), half('runtime', 2, 11)],
      expected: [
        [1, 0],
        [2, 0],
      ],
    },
    {
      name: 'three turns in a fast sequence are three',
      raws: [0, 6, 12].flatMap((at, n) => [half('runtime', 2 * n + 1, at), half('client', 2 * n + 2, at + 3)]),
      expected: [
        [2, 1],
        [4, 3],
        [6, 5],
      ],
    },
    {
      name: 'two turns that overlap are two',
      raws: [half('runtime', 1, 0), half('runtime', 2, 2), half('client', 3, 4), half('client', 4, 6)],
      expected: [
        [3, 2],
        [4, 1],
      ],
    },
    {
      name: 'a lone runtime record before takes no client away',
      raws: [half('runtime', 1, 0), half('runtime', 2, 240), half('client', 3, 303)],
      expected: [
        [1, 0],
        [3, 2],
      ],
    },
    {
      name: 'a lone client before takes no runtime record away',
      raws: [half('client', 1, 0), half('runtime', 2, 100), half('client', 3, 103), half('client', 4, 150)],
      expected: [
        [1, 0],
        [3, 2],
        [4, 0],
      ],
    },
  ];
  test.for(cases)('$name', ({ raws, expected }) => {
    expect(turns(raws)).toEqual(expected);
    expect(turns(raws.toReversed())).toEqual(expected);
  });

  it('counts a pair across a bound once: where its client happened', () => {
    const raws = [half('runtime', 1, -2), half('client', 2, 2)];
    expect(turns(raws, 'CopilotTurns(datetime(2026-09-01T08:00), datetime(2026-09-01T09:00))')).toEqual([]);
    expect(turns(raws, 'CopilotTurns(datetime(2026-09-01T09:00), datetime(2026-09-01T10:00))')).toEqual([[2, 1]]);
  });

  it('counts credits once and links the threads', () => {
    const rows = [
      auditRow(half('runtime', 1, 0), { columns: { CreditsGross: 12 } }),
      auditRow(half('client', 2, 4), { columns: { CreditsGross: 12 } }),
      auditRow(half('client', 2, 4), { received: '2026-09-02T00:00:00Z', columns: { CreditsGross: 12 } }),
    ];
    expect(
      ask('CopilotTurns | summarize Credits = sum(CreditsGross), Threads = make_set(TwinThreadId)', {
        CopilotAudit_CL: rows,
      }),
    ).toEqual([{ Credits: 12, Threads: ['19:synthetic-thread-03@thread.v2'] }]);
  });

  it('pairs halves of CloudAppEvents and ours', () => {
    const [runtime, client] = [half('runtime', 1, 0), half('client', 2, 4)];
    const tables = {
      CopilotAudit_CL: [auditRow(client)],
      CloudAppEvents: [cloudAppRow(runtime, 'text'), cloudAppRow(client)],
    };
    expect(ask('CopilotTurns | project RecordId, TwinRecordId', tables)).toEqual([
      { RecordId: idOf(2), TwinRecordId: idOf(1) },
    ]);
  });
});
