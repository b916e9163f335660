import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { decode } from '../../../collector/formats/decode.ts';

const decoded = (text: string, chunk = 7) => {
  const bytes = Buffer.from(text);
  const chunks = Array.from({ length: Math.ceil(bytes.length / chunk) }, (_, n) =>
    bytes.subarray(n * chunk, (n + 1) * chunk),
  );
  return Array.fromAsync(decode(Readable.from(chunks)));
};
const values = async (text: string) => (await decoded(text)).map((one) => (one.ok ? one.value : one.reason));

describe('an export', () => {
  it.for([
    ['an array', '\uFEFF [{"Id":"a"},\n {"Id":"b"}]'],
    ['lines', '{"Id":"a"}\n\n{"Id":"b"}'],
    ['lines with CRLF', '{"Id":"a"}\r\n{"Id":"b"}\r\n'],
    [
      'a page of Microsoft Graph',
      '{"@odata.count":2,"value":[{"id":"x","auditData":{"Id":"a"}},{"auditData":"{\\"Id\\":\\"b\\"}"}]}',
    ],
    ['a table', 'RecordId,AuditData\n1,"{""Id"":""a""}"\n2,"{""Id"":""b""}"\n'],
  ] as const)('may be %s', async ([, text]) => {
    expect(await values(text)).toEqual([{ Id: 'a' }, { Id: 'b' }]);
  });
  it('of nothing holds nothing', async () => {
    expect(await values('')).toEqual([]);
    expect(await values(' \n')).toEqual([]);
  });
  it('keeps the neighbours of a broken line', async () => {
    expect(await values('{"Id":"a"}\n{"Id":\n{"Id":"b"}')).toEqual([{ Id: 'a' }, 'not valid JSON', { Id: 'b' }]);
  });
  it('skips a line that is too long to be a record, and goes on', async () => {
    const long = `{"Id":"${'x'.repeat(9 * 1024 * 1024)}"}`;
    const found = await decoded(`{"Id":"a"}\n${long}\n{"Id":"b"}`, 1024 * 1024);
    expect(found).toMatchObject([{ ok: true }, { ok: false, bytes: long.length }, { ok: true }]);
  });
  it('written over many lines is refused with what to do', async () => {
    await expect(decoded('{\n  "Id": "a"\n}')).rejects.toThrow('write one record to a line, or an array');
  });
  it('of another kind is refused', async () => {
    await expect(decoded('a,b\n1,2\n')).rejects.toThrow('column AuditData');
  });
});
