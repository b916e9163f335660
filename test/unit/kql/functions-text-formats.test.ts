import { describe, expect, test } from 'vitest';
import { parseDatetime } from '../../../kql/engine/values/datetime.ts';
import { Decimal } from '../../../kql/engine/values/types.ts';
import { type Argument, call, calls, typed } from './functions-text-call.ts';

const datetime = (text: string): Argument => parseDatetime(text);

const path = ([
  Scheme,
  RootPath,
  DirectoryPath,
  DirectoryName,
  Filename,
  Extension,
  AlternateDataStreamName,
]: readonly string[]): unknown => ({
  Scheme,
  RootPath,
  DirectoryPath,
  DirectoryName,
  Filename,
  Extension,
  AlternateDataStreamName,
});

describe('parse_path', () => {
  calls([
    [
      'parse_path',
      [String.raw`C:\temp\file.txt`],
      path(['', 'C:\\', String.raw`C:\temp`, 'temp', 'file.txt', 'txt', '']),
    ],
    ['parse_path', [String.raw`temp\file.txt`], path(['', '', 'temp', 'temp', 'file.txt', 'txt', ''])],
    [
      'parse_path',
      ['file://C:/temp/file.txt:some.exe'],
      path(['file', 'C:/', 'C:/temp', 'temp', 'file.txt', 'txt', 'some.exe']),
    ],
    [
      'parse_path',
      [String.raw`\\shared\users\temp\file.txt.gz`],
      path(['', '', String.raw`\\shared\users\temp`, 'temp', 'file.txt.gz', 'gz', '']),
    ],
    ['parse_path', ['/usr/lib/temp/file.txt'], path(['', '', '/usr/lib/temp', 'temp', 'file.txt', 'txt', ''])],
  ]);
});

describe('other formats', () => {
  calls([
    ['parse_csv', ['aa,"b,b,b",cc,"a ""Title""","line1\nline2"'], ['aa', 'b,b,b', 'cc', 'a "Title"', 'line1\nline2']],
    ['parse_csv', ['record1,a\nrecord2,x'], ['record1', 'a']],
    ['parse_csv', [''], ['']],
    [
      'parse_url',
      ['scheme://username:password@host:1234/this/is/a/path?k1=v1&k2=v2#fragment'],
      {
        Scheme: 'scheme',
        Host: 'host',
        Port: '1234',
        Path: '/this/is/a/path',
        Username: 'username',
        Password: 'password',
        'Query Parameters': { k1: 'v1', k2: 'v2' },
        Fragment: 'fragment',
      },
    ],
    ['parse_urlquery', ['?k1=v1&k2=a=b&k3'], { 'Query Parameters': { k1: 'v1', k2: 'a=b', k3: '' } }],
    ['parse_version', ['1.2.3.4'], new Decimal('1000000020000000300000004')],
    ['parse_version', ['0.2'], new Decimal('20000000000000000')],
    ['parse_version', ['1.2.3.4.5'], null],
    ['parse_version', ['1.x'], null],
    ['parse_command_line', ['echo "hello world!"', 'windows'], ['echo', 'hello world!']],
    [
      'parse_command_line',
      [String.raw`"C:\Program Files\a.exe" -x "a\\" "b\"c" d\e`, 'windows'],
      [String.raw`C:\Program Files\a.exe`, '-x', 'a\\', 'b"c', String.raw`d\e`],
    ],
    ['parse_command_line', ['', 'windows'], null],
    ['format_bytes', [564], '564 Bytes'],
    ['format_bytes', [10_332, 1], '10.1 KB'],
    ['format_bytes', [20_010_332], '19 MB'],
    ['format_bytes', [20_010_332, 2], '19.08 MB'],
    ['format_bytes', [20_010_332, 0, 'KB'], '19541 KB'],
  ]);

  test('names of wrong units and unknown command lines are refused', () => {
    expect(() => call('format_bytes', [1, 0, 'kB'])).toThrow(/no unit kB/);
    expect(() => call('parse_command_line', ['a', 'posix'])).toThrow(/'posix'/);
  });
});

describe('encodings', () => {
  calls([
    ['url_encode', ['https://www.contoso.example/hello world'], 'https%3a%2f%2fwww.contoso.example%2fhello+world'],
    [
      'url_encode_component',
      ['https://www.contoso.example/hello world/'],
      'https%3a%2f%2fwww.contoso.example%2fhello%20world%2f',
    ],
    ['url_decode', ['https%3a%2f%2fwww.contoso.example%2f'], 'https://www.contoso.example/'],
    ['url_decode', ['100%, %c3%a9 %ff'], '100%, é %ff'],
    ['tohex', [256], '100'],
    ['tohex', [-256], 'ffffffffffffff00'],
    ['tohex', [typed('int', -256), 8], 'ffffff00'],
    ['tohex', [256, 8], '00000100'],
    ['tohex', [256, 2], '100'],
    ['unicode_codepoints_from_string', ['קK\u{1f600}'], [1511, 75, 128_512]],
    ['unicode_codepoints_to_string', [[75, 117, 115], 116, 111], 'Kusto'],
    ['unicode_codepoints_to_string', [-1], ''],
    ['base64_encode_tostring', ['Kusto'], 'S3VzdG8='],
    ['base64_decode_tostring', ['S3VzdG8='], 'Kusto'],
    // Not UTF-8 inside: empty, not a replacement character.
    ['base64_decode_tostring', ['U3RyaW5n0KHR0tGA0L7Rh9C60LA='], ''],
    ['base64_decode_tostring', ['x!'], ''],
    ['base64_decode_toarray', ['S3VzdG8='], [75, 117, 115, 116, 111]],
    ['base64_encode_fromarray', [[75, 117, 115, 116, 111]], 'S3VzdG8='],
    ['base64_encode_fromarray', [[255]], ''],
    ['base64_decode_toguid', ['JpbpECu8dUy7Pv5gbeJXAA=='], '10e99626-bc2b-4c75-bb3e-fe606de25700'],
    ['base64_decode_toguid', ['abcd1231'], null],
    ['base64_encode_fromguid', [typed('guid', 'ae3133f2-6e22-49ae-b06a-16e6a9b212eb')], '8jMxriJurkmwahbmqbIS6w=='],
    ['punycode_from_string', ['académie-française'], 'acadmie-franaise-npb1a'],
    ['punycode_from_string', ['艺术'], 'cqv902d'],
    ['punycode_to_string', ['acadmie-franaise-npb1a'], 'académie-française'],
    ['punycode_to_string', ['ab-!'], ''],
    ['punycode_domain_from_string', ['xn--Ry-lja8c.xn--Jng-uta63a.xn--Bng-9ka.com'], 'Rúyì.Jīngū.Bàng.com'],
    ['punycode_domain_to_string', ['Lê Lợi。Thuận Thiên。com'], 'xn--L Li-gpa4517b.xn--Thun Thin-s4a7194f.com'],
    ['punycode_domain_to_string', ["Kaledvoulc'h.Artorījos.edu"], "Kaledvoulc'h.xn--Artorjos-ejb.edu"],
  ]);
});

describe('compression gives the bytes of the engine', () => {
  calls([
    [
      'gzip_compress_to_base64_string',
      ['1234567890qwertyuiop'],
      'H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA==',
    ],
    ['zlib_compress_to_base64_string', ['1234567890qwertyuiop'], 'eAEBFADr/zEyMzQ1Njc4OTBxd2VydHl1aW9wOAkGdw=='],
    [
      'gzip_decompress_from_base64_string',
      ['H4sIAAAAAAAA/wEUAOv/MTIzNDU2Nzg5MHF3ZXJ0eXVpb3A6m7f2FAAAAA=='],
      '1234567890qwertyuiop',
    ],
    ['zlib_decompress_from_base64_string', ['eJwLSS0uUSguKcrMS1cwNDIGACxqBQ4='], 'Test string 123'],
    ['zlib_decompress_from_base64_string', ['x0x0x0'], ''],
    ['gzip_decompress_from_base64_string', ['x0x0x0'], ''],
  ]);
});

describe('hashes', () => {
  calls([
    ['hash', ['World'], 1_846_988_464_401_551_951n],
    ['hash', ['Hello'], 753_694_413_698_530_628n],
    ['hash', ['World', 100], 51],
    ['hash_xxhash64', ['World', 100], 51],
    // A vector of 36 bytes goes through the four lanes of xxHash64.
    ['hash', ['abcdefghijklmnopqrstuvwxyz0123456789'], 0x64f2_3ecf_1609_b766n],
    ['hash_md5', ['World'], 'f5a7924e621e84c9280a9a27e1bcb7f6'],
    ['hash_md5', [datetime('2020-01-01')], '786c530672d1f8db31fee25ea8a9390b'],
    ['hash_sha1', [datetime('2020-01-01')], 'e903e533f4d636b4fc0dcf3cf81e7b7f330de776'],
    ['hash_sha256', ['World'], '78ae647dc5544d227130a0682a51e30bc7777fbb6d8a8f17007463a3ecd1d524'],
  ]);

  test('the hash of a datetime is that of its ticks', () => {
    // The engine's JSON gave 16 digits.
    expect(Number(call('hash', [datetime('2015-01-01')]))).toBeCloseTo(1_380_966_698_541_616_000, -4);
  });

  test('types whose bytes are not known are refused', () => {
    expect(() => call('hash', [1.5])).toThrow(/hash of a real .*tostring/);
  });
});
