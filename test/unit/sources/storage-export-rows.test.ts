import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toExportAddresses } from '../../../collector/sources/storage-export/address.ts';
import { toBlobHour } from '../../../collector/sources/storage-export/blob-hour.ts';
import { keyOf, toCursor, toPlace } from '../../../collector/sources/storage-export/place.ts';
import { readLines } from '../../../collector/sources/storage-export/read-lines.ts';
import type { ExportFormat } from '../../../collector/sources/storage-export/formats.ts';
import { rowsOf } from '../../../collector/sources/storage-export/rows.ts';

const textToElements = (text: string, format: ExportFormat) => rowsOf(format).textToElements(text);
// Whatever their rows hold.
const rows = { ...rowsOf('auto'), isForeign: () => false };

const folder = new URL('../../fixtures/storage-export/', import.meta.url);

describe('a row of an export', () => {
  it.for(readdirSync(folder))('gives its audit record: %s', (file) => {
    const { row, elements } = JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
    const found = textToElements(JSON.stringify(row), 'auto');
    expect(found.map((element) => (element.ok ? element : { ok: false, reason: element.reason }))).toEqual(elements);
  });

  it('that is not of the chosen format is counted as unparsable, with the setting to look at', () => {
    const text = JSON.stringify({ ActionType: 'CopilotInteraction', Application: 'x', RawEventData: { Id: '1' } });
    expect(textToElements(text, 'cloud-app-events')).toEqual([{ ok: true, value: { Id: '1' } }]);
    const reason = (format: string) => `not a row of ${format}: see STORAGE_EXPORT_FORMAT`;
    for (const format of ['copilot-activity', 'audit-data'] as const)
      expect(textToElements(text, format)).toEqual([{ ok: false, bytes: text.length, reason: reason(format) }]);
  });

  it.for(['null', '7', '"text"', '[]', '{}', '{"properties":null,"category":"x"}', '{"records":[null,3]}'])(
    'that is %s is no record and no trouble',
    (text) => {
      for (const element of textToElements(text, 'auto')) expect(element.ok).toBe(true);
    },
  );

  it('that is no JSON is said to be none, without quoting it', () => {
    expect(textToElements('{"Id":"secret', 'auto')).toEqual([{ ok: false, bytes: 13, reason: 'not valid JSON' }]);
  });
});

describe('lines', () => {
  const read = async (chunks: readonly string[], tail: 'wait' | 'take' = 'wait') => {
    async function* bytes() {
      for (const chunk of chunks) yield Buffer.from(chunk);
    }
    const parts = await Array.fromAsync(readLines(bytes(), { rows, tail }));
    const elements = parts.flatMap((part) => part.elements);
    return { values: elements.map((e) => (e.ok ? e.value : e.reason)), bytes: parts.at(-1)?.bytes ?? 0 };
  };

  it('are the same however they are cut into chunks', async () => {
    const text = '\uFEFF{"a":"é"}\r\n\r\n{"b":1}\n{"c":';
    for (const size of [1, 2, 3, 7, 100]) {
      const chunks: Buffer[] = [];
      const whole = Buffer.from(text);
      for (let at = 0; at < whole.length; at += size) chunks.push(whole.subarray(at, at + size));
      const parts = await Array.fromAsync(
        readLines(
          (async function* () {
            yield* chunks;
          })(),
          { rows, tail: 'wait' },
        ),
      );
      expect(parts.flatMap(({ elements }) => elements)).toEqual([
        { ok: true, value: { a: 'é' } },
        { ok: true, value: { b: 1 } },
      ]);
      expect(parts.at(-1)?.bytes).toBe(whole.length - '{"c":'.length);
    }
  });

  it('without an end wait for it, or are taken as they are when nobody will write it', async () => {
    expect(await read(['{"a":1}\n{"b":2}'])).toEqual({ values: [{ a: 1 }], bytes: 8 });
    expect(await read(['{"a":1}\n{"b":2}'], 'take')).toEqual({ values: [{ a: 1 }, { b: 2 }], bytes: 15 });
  });

  it('that are too long are counted and skipped', async () => {
    const long = `"${'x'.repeat(9 * 1024 * 1024)}"`;
    expect(await read(['{"a":1}\n', long, '\n{"b":2}\n'])).toEqual({
      values: [{ a: 1 }, 'too long to be a record', { b: 2 }],
      bytes: 8 + long.length + 1 + 8,
    });
  });
});

describe('the hour of a blob', () => {
  const modified = Date.parse('2026-11-18T09:30:00Z');
  it.for([
    ['tenantId=t/y=2026/m=11/d=17/h=15/m=00/PT1H.json', '2026-11-17T15:00:00.000Z'],
    ['resourceId=/SUBSCRIPTIONS/s/y=2026/m=11/d=17/h=15/m=00/PT1H.json', '2026-11-17T15:00:00.000Z'],
    ['WorkspaceResourceId=/subscriptions/s/y=2026/m=11/d=17/h=15/m=05/PT05M.json', '2026-11-17T15:00:00.000Z'],
    ['audit.csv', '2026-11-18T09:30:00.000Z'],
    ['y=2026/m=02/d=30/h=15/m=00/PT1H.json', '2026-11-18T09:30:00.000Z'],
    ['y=2026/m=11/d=17/h=24/m=00/PT1H.json', '2026-11-18T09:30:00.000Z'],
    ['y=2027/m=11/d=17/h=15/m=00/PT1H.json', '2026-11-18T09:30:00.000Z'],
  ] as const)('%s is %s', ([name, time]) => {
    expect(toBlobHour(name, modified)).toEqual({
      hour: Math.floor(Date.parse(time) / 3_600_000),
      contentCreated: time,
    });
  });
});

describe('the address of an export', () => {
  it('is a container, a folder of one, or an account with the containers that producers write to', () => {
    expect(toExportAddresses(['https://logs.blob.core.windows.net/dump/a%20b/c/'])).toEqual([
      { container: 'https://logs.blob.core.windows.net/dump', prefix: 'a b/c/' },
    ]);
    expect(toExportAddresses(['https://127.0.0.1:10000/account']).map(({ container }) => container)).toEqual([
      'https://127.0.0.1:10000/account/insights-logs-advancedhunting-cloudappevents',
      'https://127.0.0.1:10000/account/am-cloudappevents',
      'https://127.0.0.1:10000/account/am-copilotactivity',
    ]);
  });

  it.for([
    ['logs', 'not a URL'],
    ['http://logs.blob.core.windows.net', 'not https'],
    ['https://logs.blob.core.windows.net/a?sv=1&sig=KEY', /signature.*role.*Storage Blob Data Reader.*revoke/],
    ['https://logs.blob.core.windows.net/a?comp=KEY', 'query'],
    ['https://u:KEY@logs.blob.core.windows.net/a', 'password'],
    ['https://[::1]/', 'names no account'],
    ['https://logs.blob.core.windows.net/Dump', '"Dump" for a container'],
    ['https://logs.blob.core.windows.net/dump/a%zz', '% that begins no character'],
  ] as const)('is not %s, and the error says why without a key', ([text, why]) => {
    expect(() => toExportAddresses([text])).toThrow(why);
    expect(() => toExportAddresses([text])).not.toThrow(/KEY/);
  });

  it.for([
    ['https://logs.blob.core.windows.net/dump', 'https://logs.blob.core.windows.net/dump/'],
    ['https://logs.blob.core.windows.net/dump', 'https://logs.blob.core.windows.net/dump/a'],
    ['https://logs.blob.core.windows.net/am-copilotactivity', 'https://logs.blob.core.windows.net'],
  ])('is there once: %s', (both) => {
    for (const urls of [both, both.toReversed()]) expect(() => toExportAddresses(urls)).toThrow('twice');
  });
});

describe('the cursor', () => {
  it('of ten thousand blobs is smaller than 600 KB and comes back as it was', () => {
    const blobs = new Map(
      Array.from(
        { length: 10_000 },
        (_, n) => [keyOf(`https://x/y/${n}`, n), [n * 1e6, `0x8DCA${n}ABCDEF01234`]] as const,
      ),
    );
    const text = toCursor({ format: 'auto', readUpToMs: 1, blobs });
    expect(text.length).toBeLessThan(600_000);
    expect(toPlace(text, 'audit-data')).toEqual({ format: 'auto', readUpToMs: 1, blobs });
  });

  it('of another source is refused', () => {
    expect(() => toPlace('{"version":2}', 'auto')).toThrow(/version/);
  });
});
