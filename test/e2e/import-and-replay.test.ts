/** Exported logs of every form become rows; dead letters are sent again once they can be. */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { diskPlace } from '../../collector/state/disk-place.ts';
import { state } from '../../collector/state/state.ts';
import { NOISE_CANARIES, PROMPT_CANARIES } from '../../simulator/canaries.ts';
import { scene, summaryOf, type Ended, type Scene } from './harness.ts';
import { itemsOf, leaks, ledgerSummary, outcomeOf, plus } from './outcome.ts';

const now = Date.parse('2026-11-18T15:00:00Z');
const small = { users: 6, days: 2, clock: () => now };
// An import needs no tenant and no credential.
const offline = {};

/** Every record of the tenant as JSON text, and the ids that must become rows. */
function exported(place: Scene): { readonly records: readonly string[]; readonly ids: readonly string[] } {
  const blobs = place.tenant.blobs.filter(({ visibleMs }) => visibleMs <= now);
  const records = blobs.flatMap((blob) =>
    (JSON.parse(blob.body()) as unknown[]).map((record) => JSON.stringify(record)),
  );
  return { records, ids: [...new Set(blobs.flatMap((blob) => blob.copilotIds))].toSorted() };
}

const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;

/** The audit export of Microsoft Purview: a byte order mark, CRLF, the record as JSON in a column. */
function toCsv(records: readonly string[]): string {
  const lines = records.map((record) => {
    const { Id, CreationTime, RecordType, Operation, UserId } = JSON.parse(record) as Record<string, unknown>;
    return [Id, CreationTime, RecordType, Operation, UserId, record].map((value) => cell(String(value))).join(',');
  });
  return `\uFEFF${['RecordId,CreationDate,RecordType,Operation,UserId,AuditData', ...lines].join('\r\n')}\r\n`;
}

const forms: Readonly<Record<string, (records: readonly string[]) => string | Buffer>> = {
  'array.json': (records) => `[${records.join(',')}]`,
  'lines.jsonl': (records) => `${records.join('\n')}\n`,
  'array.json.gz': (records) => gzipSync(`[${records.join(',')}]`),
  'lines.jsonl.gz': (records) => gzipSync(`${records.join('\n')}\n`),
  'purview.csv': toCsv,
  'purview.csv.gz': (records) => gzipSync(toCsv(records)),
};

async function imported(place: Scene, files: Readonly<Record<string, string | Buffer>>): Promise<Ended> {
  const paths = Object.keys(files).map((name) => join(place.directory, name));
  for (const [name, content] of Object.entries(files)) await writeFile(join(place.directory, name), content);
  return place.collect(['import', ...paths], offline);
}

/** What is left on disk but the export itself, and what was said, holds no secret. */
async function assertNoLeak(place: Scene, ended: Ended): Promise<void> {
  for (const entry of await readdir(place.directory, { withFileTypes: true }))
    if (entry.isFile()) await rm(join(place.directory, entry.name));
  expect(await leaks(place, [ended.stdout, ended.stderr])).toEqual([]);
}

describe('import', () => {
  it.for(Object.keys(forms))('reads every record of %s', async (name) => {
    await using place = await scene(small);
    const { records, ids } = exported(place);
    const ended = await imported(place, { [name]: forms[name]?.(records) ?? '' });
    expect(ended.code, ended.stderr).toBe(0);
    const outcome = await outcomeOf(place, ended);
    expect(outcome.ids).toEqual(ids);
    expect(ids.length).toBeGreaterThan(100);
    expect(outcome.summary).toMatchObject({ seen: records.length, unparsable: 0, deadLettered: 0, gaps: 0 });
    expect(outcome.rowProblems).toEqual([]);
    expect(ledgerSummary(outcome)).toEqual(outcome.summary);
    expect(new Set(outcome.rows.map((row) => row['Source']))).toEqual(new Set(['import']));
    await assertNoLeak(place, ended);
  });

  it('takes what it has read from a file that breaks off, tells the gap, and goes on with the next file', async () => {
    await using place = await scene(small);
    const { records, ids } = exported(place);
    const half = Math.floor(records.length / 2);
    const packed = gzipSync(records.slice(0, half).join('\n'));
    const ended = await imported(place, {
      'broken.jsonl.gz': packed.subarray(0, Math.floor(packed.length * 0.8)),
      'good.json': `[${records.slice(half).join(',')}]`,
    });
    expect(ended.code).toBe(2);
    const outcome = await outcomeOf(place, ended);
    expect(outcome.summary.gaps).toBe(1);
    expect(itemsOf(outcome.health, 'gap')).toEqual([expect.stringContaining('broken.jsonl.gz')]);
    expect(new Set(outcome.ids).size).toBe(outcome.ids.length);
    expect(ids).toEqual(expect.arrayContaining([...outcome.ids]));
    const later = new Set(
      records.slice(half).map((record) => String((JSON.parse(record) as Record<string, unknown>)['Id'])),
    );
    expect(ids.filter((id) => later.has(id) && !outcome.ids.includes(id))).toEqual([]);
    expect(outcome.ids.filter((id) => !later.has(id)).length).toBeGreaterThan(10);
    expect(ledgerSummary(outcome)).toEqual(outcome.summary);
  });

  it('tells of a table without AuditData, a missing file and a directory; each is a gap', async () => {
    await using place = await scene(small);
    await writeFile(join(place.directory, 'sign-ins.csv'), 'Date,User\n2026-11-18,mia@contoso.example\n');
    const names = ['sign-ins.csv', 'absent.json', 'rows'].map((name) => join(place.directory, name));
    const ended = await place.collect(['import', ...names], offline);
    expect(ended.code).toBe(2);
    expect(summaryOf(ended)).toMatchObject({ seen: 0, accepted: 0, gaps: 3 });
    expect(itemsOf(await place.rows('CopilotHealth_CL'), 'gap')).toEqual(names.toSorted());
    expect(ended.stderr).toContain('AuditData');
    // A row of a foreign table is not quoted.
    expect(ended.stderr).not.toContain('mia@');
  });

  it('counts lines that are not JSON, and is complete all the same', async () => {
    await using place = await scene(small);
    const { records } = exported(place);
    const ended = await imported(place, { 'mixed.jsonl': `${records[0]}\n{"Id": broken\n\n${records[1]}\n` });
    expect(ended.code, ended.stderr).toBe(0);
    expect(summaryOf(ended)).toMatchObject({ seen: 3, unparsable: 1 });
  });

  it('knows records that the feed has brought already', async () => {
    await using place = await scene(small);
    const first = await place.collect(['once']);
    expect(first.code, first.stderr).toBe(0);
    const { records, ids } = exported(place);
    const ended = await imported(place, { 'all.json': `[${records.join(',')}]` });
    expect(ended.code, ended.stderr).toBe(0);
    const outcome = await outcomeOf(place, ended);
    expect(outcome.summary).toMatchObject({ accepted: 0, duplicate: summaryOf(first).selected });
    expect(outcome.ids).toEqual(ids);
    expect(ledgerSummary(outcome)).toEqual(plus(summaryOf(first), outcome.summary));
  });
});

describe('replay', () => {
  it('keeps what can still not be read, and sends what was cut to be stored', async () => {
    await using place = await scene({ ...small, faults: ['hostile'] });
    const first = await place.collect(['once']);
    const store = state(diskPlace(join(place.directory, 'state')));
    await store.load();
    const letters = await store.deadLetters();
    await store.close();
    // Nested beyond 64 levels: what was kept is cut there and says so; that much can be stored.
    const cut = letters.filter(({ reason }) => reason.includes('nested deeper')).length;
    const waiting = letters.length - cut;
    expect(Math.min(cut, waiting)).toBeGreaterThan(0);
    const stored = (await place.rows('CopilotAudit_CL')).length;
    const ended = await place.collect(['replay'], offline);
    expect(ended.code, ended.stderr).toBe(2);
    expect(summaryOf(ended)).toMatchObject({ selected: letters.length, accepted: cut, deadLettered: waiting });
    expect(await place.rows('CopilotAudit_CL')).toHaveLength(stored + cut);
    const again = await place.collect(['replay'], offline);
    expect(summaryOf(again)).toMatchObject({ selected: waiting, accepted: 0, deadLettered: waiting });
    expect(await leaks(place, [first.stderr, ended.stdout, ended.stderr])).toEqual([]);
  });

  it('sends a letter that has become acceptable, once, and removes it; the others stay', async () => {
    await using place = await scene({ ...small, faults: ['hostile'] });
    const first = await place.collect(['once']);
    expect(first.code, first.stderr).toBe(0);

    // As if a newer version could read what this one could not.
    const store = state(diskPlace(join(place.directory, 'state')));
    const held = await store.load();
    const letters = await store.deadLetters();
    const letter = letters.find(({ reason }) => reason.startsWith('CreationTime'));
    if (letter === undefined) throw new Error('no letter with a bad time');
    // The rest of this test is about times only.
    const times = letters.filter(({ reason }) => reason.startsWith('CreationTime'));
    store.removeDeadLetters(new Set([...letters.filter((one) => !times.includes(one)), letter].map(({ id }) => id)));
    held.putAside({
      ...letter,
      record: { ...(letter.record as Record<string, unknown>), CreationTime: '2026-11-18T09:00:00' },
    });
    await store.save(held);
    await store.close();

    const before = (await place.rows('CopilotAudit_CL')).length;
    const second = await place.collect(['replay'], offline);
    expect(second.code, second.stderr).toBe(2);
    expect(summaryOf(second)).toMatchObject({ selected: times.length, accepted: 1, deadLettered: times.length - 1 });
    const rows = await place.rows('CopilotAudit_CL');
    expect(rows).toHaveLength(before + 1);
    expect(rows.at(-1)).toMatchObject({ EventTime: '2026-11-18T09:00:00Z', Source: 'activity-feed' });

    const third = await place.collect(['replay'], offline);
    expect(summaryOf(third)).toMatchObject({ selected: times.length - 1, accepted: 0 });
    expect(await place.rows('CopilotAudit_CL')).toHaveLength(before + 1);
    expect(summaryOf(await place.collect(['once']))).toMatchObject({ accepted: 0 });
  });

  it('is done when no letter waits', async () => {
    await using place = await scene(small);
    const ended = await place.collect(['replay'], offline);
    expect(ended.code, ended.stderr).toBe(0);
    expect(summaryOf(ended)).toMatchObject({ seen: 0, accepted: 0 });
  });
});

describe('the archive', () => {
  it('holds every record of a tenant and nothing else, and gives it back to replay and export', async () => {
    await using place = await scene(small);
    const { ids } = exported(place);
    const at = join(place.directory, 'archive');
    const archived = { ARCHIVE_URL: at };
    const collected = await place.collect(['once'], { ...place.tenant.env, ...archived });
    expect(collected.code, collected.stderr).toBe(0);

    const names = await readdir(at, { recursive: true, withFileTypes: true });
    const objects = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    const text = (await Promise.all(objects.map((path) => readFile(path)))).map((bytes) =>
      gunzipSync(bytes).toString(),
    );
    const lines = text.join('').trim().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as { readonly id: string }).id).toSorted()).toEqual(ids);
    for (const canary of [...PROMPT_CANARIES, ...NOISE_CANARIES]) expect(text.join('')).not.toContain(canary);

    const replayed = await place.collect(['replay', '--from', 'archive'], archived);
    expect(replayed.code, replayed.stderr).toBe(0);
    expect(summaryOf(replayed)).toMatchObject({ seen: ids.length, accepted: ids.length, duplicate: 0, gaps: 0 });
    const rows = (await place.rows('CopilotAudit_CL')).map((row) => String(row['RecordId']));
    expect(rows.slice(ids.length).toSorted()).toEqual(ids);
    // Position and seen ids are as they were.
    expect(summaryOf(await place.collect(['once']))).toMatchObject({ accepted: 0 });

    const activities = await place.collect(['export', '--format', 'activity-records'], archived);
    expect(activities.code, activities.stderr).toBe(0);
    const of = activities.stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { readonly RID: string }).RID);
    expect(new Set(of).size).toBe(of.length);
    expect([...new Set(of.map((rid) => rid.slice(0, 36)))].toSorted()).toEqual(ids);
  });

  it('is missed by name: a wrong command line ends with code 1 and the remedy', async () => {
    await using place = await scene(small);
    for (const [args, remedy] of [
      [['replay', '--collected-from', '2026-01-01'], 'add --from archive'],
      [['export', '--format', 'activity-records'], 'ARCHIVE_URL is missing'],
    ] as const) {
      const ended = await place.collect(args, offline);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toContain(remedy);
    }
  });
});
