import { describe, expect, it } from 'vitest';
import { checkTransform } from '../../../../kql/check/transform.ts';
import type { TableSchema } from '../../../../kql/engine/language/schema.ts';

const columns = (text: string): TableSchema['columns'] =>
  text.split(' ').map((column) => {
    const [name = '', type = ''] = column.split(':');
    return { name, type } as TableSchema['columns'][number];
  });
const stream = { name: 'Custom-Raw', columns: columns('TimeGenerated:datetime UserId:string Size:long Raw:dynamic') };
const table = { name: 'Demo_CL', columns: columns('TimeGenerated:datetime UserId:string AppHost:string Size:int') };
const found = (kql: string): readonly string[] =>
  checkTransform(kql, stream, table).map(({ line, column, code }) => `${line}:${column} ${code}`);

describe('checkTransform', () => {
  it.for([
    ['what fits', 'source | extend AppHost = tostring(Raw.AppHost) | project TimeGenerated, UserId, AppHost', []],
    ['a let', 'let n = 1;\nsource | project TimeGenerated, UserId = strcat(UserId, n)', []],
    ['a long for an int', 'source | project TimeGenerated, Size', []],
    ['summarize', 'source\n| summarize count() by UserId', ['2:3 KQL030', '2:13 KQL031', '1:1 KQL032', '1:1 KQL033']],
    ['a function outside of the list', 'source | project TimeGenerated, UserId = hash_md5(UserId)', ['1:42 KQL031']],
    [
      'an operator on texts outside of the list',
      'source | where UserId in~ ("a") | project TimeGenerated',
      ['1:16 KQL030'],
    ],
    ['output without TimeGenerated', 'source | project UserId', ['1:1 KQL032']],
    ['TimeGenerated as text', 'source | project TimeGenerated = UserId', ['1:1 KQL032', '1:1 KQL034']],
    ['a column that the table has not', 'source | project TimeGenerated, Raw', ['1:1 KQL033']],
    ['a column of another type', 'source | project TimeGenerated, AppHost = Size', ['1:1 KQL034']],
    ['an unknown column', 'source | project TimeGenerated, UserI', ['1:33 KS142']],
    ['another table', 'Custom | project TimeGenerated', ['1:1 KS204']],
  ] as const)('reads %s', ([, kql, expected]) => expect(found(kql)).toEqual(expected));

  it('says what to do', () => {
    const [time, type] = checkTransform('source | project TimeGenerated = 1d, ApHost = "x"', stream, table)
      .filter(({ code }) => code !== 'KQL032')
      .map(({ message }) => message);
    expect(time).toBe('TimeGenerated is timespan, in Demo_CL it is datetime: convert it with todatetime()');
    expect(type).toContain('did you mean AppHost?');
  });

  // The probes of the published profile; floor(4.5) is left out, because Kusto's floor takes two arguments.
  it.for(
    [
      'datatable(a:int)[1] | extend b = a + 1',
      'datatable(a:int)[1] | where a > 0',
      "datatable(s:string)['a=1'] | parse s with 'a=' v:int",
      'datatable(a:int,b:int)[1,2] | project-away b',
      'datatable(a:int)[1] | project-rename z = a',
      "datatable(a:int)[1] | project columnifexists('a', 0)",
      "datatable(s:string)['x'] | where s !contains_cs 'x' and s !has_cs 'x' and s !startswith_cs 'x' and s endswith 'x'",
      "datatable(s:string)['x'] | where s matches regex 'x' and s in ('x','y') and s !in ('y') and s !~ 'z' and s =~ 'x'",
      'print binary_shift_left(binary_not(1), 2)',
      "print toguid('00000000-0000-0000-0000-000000000000'), totimespan('00:01:00'), todouble('1.5')",
      "print datetime_add('day', 1, datetime(2020-01-01)), week_of_year(datetime(2020-01-02)), make_timespan(1, 2)",
      "print pack('a', 1), pack_array(1, 2), parse_xml('<a>1</a>'), zip(dynamic([1,2]), dynamic([3,4]))",
      "print base64_encode_tostring('abc'), base64_decode_tostring('YWJj'), countof('abcabc', 'a'), hash_sha256('abc')",
      "print replace_regex('abc', 'b', 'x'), extract_all('([0-9])', 'a1b2'), strcat_delim('-', 'a', 'b')",
      "print case(1 > 0, 'a', 'b'), iif(1 > 0, 'a', 'b'), max_of(1, 2), isinf(1.0), round(1.5), sign(-3)",
      "print parse_cef_dictionary('a=1'), geo_location('192.0.2.1'), gettype(dynamic([1]))",
    ].map((probe) => [probe] as const),
  )('takes %s', ([probe]) => {
    const aboutOutput = /KQL03[234]/;
    expect(checkTransform(probe, stream, table).filter(({ code }) => !aboutOutput.test(code))).toEqual([]);
  });
});
