import { describe, expect, it } from 'vitest';
import { type Batch, type Position, type Sink, type Source, SourceError } from '../../../collector/contracts.ts';
import type { Answer, Graph } from '../../../collector/graph/contract.ts';
import { toSharePath } from '../../../collector/enrich/files.ts';
import { toOnlineMeetingPath } from '../../../collector/enrich/meetings.ts';
import { toUserPath } from '../../../collector/enrich/users.ts';
import { type Log, silentLog } from '../../../collector/log.ts';
import { otherTenants } from '../../../collector/other-tenants.ts';
import { pseudonymousGraph } from '../../../collector/pseudonyms/pseudonymous-graph.ts';
import { pseudonymousSink } from '../../../collector/pseudonyms/pseudonymous-sink.ts';
import { pseudonymousSource } from '../../../collector/pseudonyms/pseudonymous-source.ts';
import { pseudonymousState } from '../../../collector/pseudonyms/pseudonymous-state.ts';
import { pseudonyms, type Pseudonyms } from '../../../collector/pseudonyms/pseudonyms.ts';
import { copilotAudit, copilotUsage, emptyRow, type Row, type Table } from '../../../collector/schema/index.ts';
import { state } from '../../../collector/state/state.ts';
import { memoryPlace } from '../state/memory-place.ts';

const key = Buffer.from(Array.from({ length: 32 }, (_, at) => at * 7 + 1));
const made = (): Pseudonyms => pseudonyms({ key, what: new Set(['users']), now: () => 0 });
const upn = 'alice.abbot1@contoso.example';
const oid = '11111111-2222-4333-8444-555555555555';
const traces = /alice|abbot|11111111/i;
const signal = new AbortController().signal;
const interaction = {
  Operation: 'CopilotInteraction',
  RecordType: 261,
  Workload: 'Copilot',
  UserId: upn,
  UserKey: oid,
};

const nowhere = { cursor: undefined, isDone: () => false, parked: [] } as unknown as Position;

const OURS = '00000000-0000-4000-8000-0000000000a1';
const others = otherTenants(OURS);

async function read(batches: readonly Batch[], masks: Pseudonyms): Promise<readonly Batch[]> {
  const source: Source = {
    name: 'storage-export',
    async *read() {
      yield* batches;
    },
  };
  return Array.fromAsync(pseudonymousSource(source, masks, { others }).read(nowhere, signal));
}

describe('a source behind the membrane', () => {
  it('gives tokens in records, and passes on what is foreign without learning of anybody', async () => {
    const masks = made();
    const foreign = { Operation: 'FileAccessed', Workload: 'SharePoint', UserId: 'bob@contoso.example' };
    const elements = [interaction, foreign].map((value) => ({ ok: true as const, value }));
    const [batch] = await read(
      [{ kind: 'records', item: `/exports/${upn}.json`, hour: 0, contentCreated: null, seen: 2, foreign: 0, elements }],
      masks,
    );
    if (batch?.kind !== 'records') throw new Error('no records');
    const [first, second] = [...batch.elements];
    expect(JSON.stringify([first, batch.item])).not.toMatch(traces);
    expect(second).toEqual({ ok: true, value: foreign });
    expect(masks.due().map(({ identity }) => identity)).not.toContain('bob@contoso.example');
  });

  it('learns of nobody from a record of another tenant, which is left out later', async () => {
    const masks = made();
    const theirs = { ...interaction, OrganizationId: '00000000-0000-4000-8000-0000000000b2' };
    const ours = { ...interaction, OrganizationId: OURS, UserId: 'bob@contoso.example' };
    const elements = [theirs, ours].map((value) => ({ ok: true as const, value }));
    const [batch] = await read(
      [{ kind: 'records', item: 'export.json', hour: 0, contentCreated: null, seen: 2, foreign: 0, elements }],
      masks,
    );
    if (batch?.kind !== 'records') throw new Error('no records');
    expect([...batch.elements][0]).toEqual({ ok: true, value: theirs });
    const known = masks.due().map(({ identity }) => identity);
    expect(known).toContain('bob@contoso.example');
    expect(known).not.toContain(upn);
  });

  it('gives usage rows with a token, and an id from which the name cannot be guessed', async () => {
    const row = {
      ...emptyRow(copilotUsage),
      RecordId: 'a'.repeat(64),
      UserPrincipalName: upn,
      DisplayName: 'Alice Abbot',
      Product: 'Word',
    };
    const concealed = { ...row, UserPrincipalName: '0'.repeat(32), DisplayName: '0'.repeat(32), IsConcealed: true };
    const product = { ...row, UserPrincipalName: null, DisplayName: null };
    const halfConcealed = { ...concealed, DisplayName: 'Alice Abbot' };
    const [batch] = await read(
      [{ kind: 'rows', table: copilotUsage, hour: 0, rows: [row, concealed, product, halfConcealed] }],
      made(),
    );
    if (batch?.kind !== 'rows') throw new Error('no rows');
    expect(JSON.stringify(batch.rows)).not.toMatch(traces);
    expect(batch.rows[0]).toMatchObject({ RecordId: expect.not.stringContaining('aaaa'), Product: 'Word' });
    expect(batch.rows.slice(1, 3)).toEqual([concealed, product]);
  });

  it('gives reasons without names', async () => {
    const parked = { id: 'x', uri: 'https://contoso.example', created: '', expires: '', reason: `of ${upn}`, tries: 1 };
    const out = await read(
      [
        { kind: 'ended', id: 'x', hour: 0, outcome: { kind: 'parked', parked } },
        { kind: 'ended', id: 'x', hour: 0, outcome: { kind: 'expired', reason: upn } },
        { kind: 'gap', from: '', to: '', reason: upn },
      ],
      made(),
    );
    expect(JSON.stringify(out)).not.toMatch(traces);
  });

  it('names no file after a person: neither one that was read nor one that is gone or broken', async () => {
    const id = `https://contoso.blob.core.windows.net/audit/export of ${upn}.csv`;
    const unread = { etag: '0x1', from: 0, to: 9, count: 1, reason: `${id}: broken` };
    const masks = made();
    const out = await read(
      [
        { kind: 'ended', id, hour: 0, outcome: { kind: 'fetched' } },
        { kind: 'ended', id, hour: 0, outcome: { kind: 'expired', reason: `${id}: gone` }, unread },
      ],
      masks,
    );
    expect(JSON.stringify(out)).not.toMatch(traces);
    expect(out).toMatchObject([{ id: masks.text(id) }, { id: masks.text(id), unread: { etag: '0x1', count: 1 } }]);
  });

  it('ends early without a name, and as an error of the source', async () => {
    const source: Source = {
      name: 'storage-export',
      // oxlint-disable-next-line require-yield -- it fails first
      async *read() {
        await Promise.resolve();
        throw new SourceError(`storage-export: ${upn}.csv: 403: grant the role`);
      },
    };
    const ended = Array.fromAsync(pseudonymousSource(source, made(), {}).read(nowhere, signal));
    await expect(ended).rejects.toThrow(SourceError);
    await expect(ended).rejects.toThrow(/^storage-export: p[-._][^ ]+: 403: grant the role$/);
    await expect(ended).rejects.not.toThrow(traces);
  });

  it('knows a blob again that was done under a name without people', async () => {
    const masks = made();
    const asked: string[] = [];
    const source: Source = {
      name: 'activity-feed',
      // oxlint-disable-next-line require-yield -- it only asks
      async *read({ isDone }) {
        await Promise.resolve(isDone(upn));
      },
    };
    const position: Position = { ...nowhere, isDone: (id) => (asked.push(id), true) };
    await Array.fromAsync(pseudonymousSource(source, masks, {}).read(position, signal));
    expect(asked).toEqual([masks.text(upn)]);
  });
});

describe('Graph behind the membrane', () => {
  const asked: string[] = [];
  const graphOf = (body: unknown): Graph => ({
    get(_version, path): Promise<Answer> {
      asked.push(path);
      return Promise.resolve({ kind: 'found', body });
    },
    list: (_version, path) => (asked.push(path), Promise.resolve({ kind: 'found', items: [body] })),
    text: () => Promise.resolve({ kind: 'found', contentType: 'text/csv', text: upn }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const met = (): { masks: Pseudonyms; token: (text: string) => string } => {
    const masks = made();
    return { masks, token: masks.person };
  };

  it('is asked by name, and answers with tokens', async () => {
    const { masks, token } = met();
    const body = {
      id: oid,
      userPrincipalName: upn,
      displayName: 'Alice',
      mail: 'Alice@mail.contoso.example',
      department: 'Sales',
      manager: { id: oid, userPrincipalName: 'alice.boss@contoso.example' },
    };
    const answer = await pseudonymousGraph(graphOf(body), masks).get('v1.0', toUserPath(token(upn)));
    expect(asked.at(-1)).toBe(toUserPath(upn));
    expect(JSON.stringify(answer)).not.toMatch(traces);
    expect(answer).toMatchObject({ body: { department: 'Sales', id: token(oid), userPrincipalName: token(upn) } });
  });

  it('is asked for the file in a OneDrive and for a meeting by what their ids hold', async () => {
    const { masks, token } = met();
    const url = 'https://contoso-my.sharepoint.com/personal/alice_abbot1_contoso_example/Documents/Plan.docx';
    const graph = pseudonymousGraph(graphOf({}), masks);
    await graph.get('v1.0', toSharePath(masks.text(url)));
    expect(asked.at(-1)).toBe(toSharePath(url));
    await graph.get('v1.0', toOnlineMeetingPath('19:meeting_x@thread.v2', token(oid)));
    expect(asked.at(-1)).toBe(toOnlineMeetingPath('19:meeting_x@thread.v2', oid));
    await graph.get('v1.0', '/sites/contoso-my.sharepoint.com:/personal/p_x:/drive');
    expect(asked.at(-1)).toBe('/sites/contoso-my.sharepoint.com:/personal/p_x:/drive');
  });

  it('is not asked about somebody who was not met since the start: the look-up stays owed', async () => {
    const count = asked.length;
    const answer = await pseudonymousGraph(graphOf({}), made()).get('v1.0', toUserPath(met().token(upn)));
    expect(answer).toMatchObject({ kind: 'failed', failure: 'unavailable' });
    expect(JSON.stringify(answer)).not.toMatch(/p[-._][0-9a-f]{4}/);
    expect(asked).toHaveLength(count);
  });
});

describe('a sink behind the membrane', () => {
  const sinkOf = (write: (table: Table, rows: readonly Row[]) => Promise<void>): Sink => ({
    write: (table, rows) => write(table, rows).then(() => []),
    close: () => Promise.resolve(),
  });
  const row = emptyRow(copilotAudit);
  const options = { log: silentLog(), organizationId: undefined };

  it('gets who somebody is before the first row with their token, and not again', async () => {
    const masks = made();
    const written: string[] = [];
    const sink = pseudonymousSink(
      sinkOf((table, rows) => (written.push(`${table.name} ${rows.length}`), Promise.resolve())),
      masks,
      options,
    );
    masks.value(interaction);
    const many = masks.due().length;
    await Promise.all([sink.write(copilotAudit, [row], signal), sink.write(copilotAudit, [row], signal)]);
    expect(written).toEqual([`CopilotIdentities_CL ${many}`, 'CopilotAudit_CL 1', 'CopilotAudit_CL 1']);
  });

  it('gets identities that every table takes, whatever the wire held', async () => {
    const masks = made();
    const all: Row[] = [];
    const sink = pseudonymousSink(
      sinkOf((table, rows) => (table.name === 'CopilotIdentities_CL' && all.push(...rows), Promise.resolve())),
      masks,
      options,
    );
    masks.value({ ...interaction, UserId: 'Alice\ud800 Abbot' });
    await sink.write(copilotAudit, [row], signal);
    expect(all.map((one) => one['Identity'])).toContain('Alice\ufffd Abbot');
  });

  it('tells an identity row that the table refuses without naming anybody, and tries it again a week later', async () => {
    let at = 0;
    const masks = pseudonyms({ key, what: new Set(['users']), now: () => at });
    const told: unknown[] = [];
    const log = { ...silentLog(), error: (...said: unknown[]) => void told.push(said) } as unknown as Log;
    let refusals = 0;
    const refusing: Sink = {
      write: (table, rows) => {
        if (table.name !== 'CopilotIdentities_CL') return Promise.resolve([]);
        refusals += rows.length;
        return Promise.resolve(rows.map((one) => ({ kind: 'refused', row: one, reason: 'a bad row' }) as const));
      },
      close: () => Promise.resolve(),
    };
    const sink = pseudonymousSink(refusing, masks, { ...options, log });
    masks.value(interaction);
    const tokens = masks.due().map(({ token }) => token);
    await sink.write(copilotAudit, [row], signal);
    await sink.write(copilotAudit, [row], signal);
    expect(refusals).toBe(tokens.length);
    expect(told).toHaveLength(tokens.length);
    const text = JSON.stringify(told);
    expect(text).toContain('a bad row');
    for (const secret of [upn, oid, ...tokens]) expect(text).not.toContain(secret);
    at = 8 * 86_400_000;
    masks.value(interaction);
    // Those that the record names itself; alias and account were not met.
    expect(masks.due().map(({ identity }) => identity)).toEqual([upn, oid]);
    await sink.write(copilotAudit, [row], signal);
    expect(refusals).toBe(tokens.length + 2);
  });

  it('gets no row while the identities cannot be written, and both with the next try', async () => {
    const masks = made();
    let isDown = true;
    const written: string[] = [];
    const sink = pseudonymousSink(
      sinkOf((table) => {
        if (isDown) return Promise.reject(new Error('down'));
        written.push(table.name);
        return Promise.resolve();
      }),
      masks,
      options,
    );
    masks.value(interaction);
    await expect(sink.write(copilotAudit, [row], signal)).rejects.toThrow('down');
    isDown = false;
    await sink.write(copilotAudit, [row], signal);
    expect(written).toEqual(['CopilotIdentities_CL', 'CopilotAudit_CL']);
  });
});

describe('a state', () => {
  const used = async (fingerprint: string | undefined) => {
    const place = memoryPlace();
    const first = pseudonymousState(state(place), fingerprint);
    const held = await first.load();
    held.records.add(oid, 1);
    held.source('activity-feed').cursor = 'x';
    await first.save(held);
    await first.close();
    return place;
  };

  it.for([
    ['a:1', undefined, 'PSEUDONYMIZE is off'],
    ['a:1', 'a:2', 'one person would have two tokens'],
    [undefined, 'a:1', 'it was written without pseudonymisation and holds names'],
  ] as const)('of %s is refused to %s', async ([before, after, reason]) => {
    const place = await used(before);
    await expect(pseudonymousState(state(place), after).load()).rejects.toThrow(reason);
    // It is let go, and whoever has the right key goes on.
    const again = await pseudonymousState(state(place), before).load();
    expect(again.source('activity-feed').cursor).toBe('x');
  });
});
