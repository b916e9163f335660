import { describe, expect, it } from 'vitest';
import type { JsonRow } from '../../../../kql/engine/json-rows.ts';
import { ask } from './workspace-of.ts';

const row = (Token: string, Identity: string, columns: JsonRow = {}): JsonRow => ({
  TimeGenerated: '2026-09-01T10:00:00Z',
  Token,
  Identity,
  Kind: 'address',
  ObservedTime: '2026-09-01T10:00:00Z',
  KeyFingerprint: 'users:0123456789abcdef',
  OrganizationId: '0a1b2c3d-0000-4000-8000-0000000000ff',
  ...columns,
});
const alice = 'p-0a1b@contoso.example';

describe('CopilotIdentities', () => {
  const CopilotIdentities_CL = [
    row(alice, 'alice@contoso.example', {
      ObservedTime: '2026-08-01T10:00:00Z',
      TimeGenerated: '2026-08-01T10:00:00Z',
    }),
    row(alice, 'Alice@contoso.example'),
    row('n-0a1b', 'Bob Beck', { Kind: 'name' }),
    row(alice, 'alice@fabrikam.example', { OrganizationId: '0a1b2c3d-0000-4000-8000-0000000000ee' }),
  ];

  it('has one row per token and organisation, the newest, with the time of the oldest', () => {
    const query = 'CopilotIdentities | project Token, Identity, Kind, FirstObservedTime | sort by Identity asc';
    expect(ask(query, { CopilotIdentities_CL })).toEqual([
      { Token: alice, Identity: 'Alice@contoso.example', Kind: 'address', FirstObservedTime: '2026-08-01T10:00:00Z' },
      { Token: 'n-0a1b', Identity: 'Bob Beck', Kind: 'name', FirstObservedTime: '2026-09-01T10:00:00Z' },
      { Token: alice, Identity: 'alice@fabrikam.example', Kind: 'address', FirstObservedTime: '2026-09-01T10:00:00Z' },
    ]);
  });

  it('takes one token in any casing, and rows from a time on', () => {
    expect(ask('CopilotIdentities("N-0A1B") | project Identity', { CopilotIdentities_CL })).toEqual([
      { Identity: 'Bob Beck' },
    ]);
    expect(
      ask(
        'CopilotIdentities(startTime=datetime(2026-08-15)) | where Token startswith "p-" | project FirstObservedTime | distinct FirstObservedTime',
        { CopilotIdentities_CL },
      ),
    ).toEqual([{ FirstObservedTime: '2026-09-01T10:00:00Z' }]);
  });

  it('is empty where nothing is a token', () => {
    expect(ask('CopilotIdentities | count', { CopilotIdentities_CL: [] })).toEqual([{ Count: 0 }]);
  });
});
