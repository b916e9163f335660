import { describe, expect, test } from 'vitest';
import { rangeMatcher } from '../../../kql/engine/ip-ranges.ts';
import type { NetworkLocation } from '../../../kql/engine/scope.ts';
import { Real } from '../../../kql/engine/values/types.ts';
import { call, calls } from './functions-text-call.ts';

describe('IPv4 addresses are compared by the shortest of all prefixes', () => {
  calls([
    ['ipv4_compare', ['192.0.2.1', '192.0.2.0'], 1],
    ['ipv4_compare', ['192.0.2.0', '192.0.2.1'], -1],
    ['ipv4_compare', ['192.0.2.1/24', '192.0.2.255'], 0],
    ['ipv4_compare', ['192.0.2.1', '192.0.2.255', 24], 0],
    ['ipv4_is_match', ['192.0.2.1/30', '192.0.2.255/24'], true],
    ['ipv4_is_match', ['192.0.2.1', 'none'], null],
    ['ipv4_is_match', ['192.0.2.1', '192.0.2.1', 33], null],
    ['ipv4_is_in_range', ['192.0.2.1', '192.0.2.255/24'], true],
    ['ipv4_is_in_range', ['192.0.3.1', '192.0.2.255/24'], false],
    ['ipv4_is_in_any_range', ['192.0.2.6', '192.0.2.1/24', '10.0.0.1/8'], true],
    ['ipv4_is_in_any_range', ['192.0.2.6', ['198.51.100.0/24', '10.0.0.1/8']], false],
    ['ipv4_is_in_any_range', ['192.0.2.6', ['192.0.2.6']], true],
    ['ipv4_is_in_any_range', ['none', ['192.0.2.6']], null],
    ['ipv4_is_private', ['192.168.1.1/24'], true],
    ['ipv4_is_private', ['172.31.255.255'], true],
    ['ipv4_is_private', ['172.32.0.0'], false],
    ['ipv4_is_private', ['127.0.0.1'], false],
    ['ipv4_is_private', ['256.0.0.1'], null],
    ['ipv4_netmask_suffix', ['127.0.0.1/16'], 16],
    ['ipv4_netmask_suffix', ['127.0.0.1'], 32],
    ['ipv4_range_to_cidr_list', ['1.1.128.0', '1.1.140.255'], ['1.1.128.0/21', '1.1.136.0/22', '1.1.140.0/24']],
    ['ipv4_range_to_cidr_list', ['0.0.0.0', '255.255.255.255'], ['0.0.0.0/0']],
    ['parse_ipv4', ['192.168.1.1'], 3_232_235_777],
    ['parse_ipv4', ['192.168.1.1/24'], 3_232_235_776],
    ['parse_ipv4', ['255.255.255.255/31'], 4_294_967_294],
    ['parse_ipv4', ['1.2.3'], null],
    ['parse_ipv4_mask', ['127.0.0.1', 24], 2_130_706_432],
    ['format_ipv4', ['192.168.1.1', 24], '192.168.1.0'],
    ['format_ipv4', [3_232_235_777], '192.168.1.1'],
    ['format_ipv4', ['192.168.1.1/24', -1], ''],
    ['format_ipv4_mask', ['192.168.1.1/24', 32], '192.168.1.0/24'],
    ['format_ipv4_mask', ['192.168.1.1', 32], '192.168.1.1/32'],
  ]);
});

describe('IPv6 addresses, and IPv4 ones as mapped', () => {
  calls([
    ['parse_ipv6', ['192.168.255.255/24'], '0000:0000:0000:0000:0000:ffff:c0a8:ff00'],
    ['parse_ipv6', ['none'], ''],
    ['parse_ipv6_mask', ['192.168.255.255', 120], '0000:0000:0000:0000:0000:ffff:c0a8:ff00'],
    ['parse_ipv6_mask', ['fe80::85d:e82c:9446:7994/120', 124], 'fe80:0000:0000:0000:085d:e82c:9446:7900'],
    ['parse_ipv6_mask', ['::192.168.255.255', 128], '0000:0000:0000:0000:0000:0000:c0a8:ffff'],
    // The prefix of the notation with dots counts from the 96th bit.
    ['parse_ipv6_mask', ['::192.168.255.255/24', 128], '0000:0000:0000:0000:0000:0000:c0a8:ff00'],
    ['ipv6_compare', ['192.168.1.1', '::ffff:c0a8:0101'], 0],
    ['ipv6_compare', ['::192.168.1.1/30', '192.168.1.255/24'], 0],
    ['ipv6_compare', ['fe80::1', 'fe80::2'], -1],
    ['ipv6_is_match', ['192.168.1.1/24', '::ffff:c0a8:01ff'], true],
    ['ipv6_is_match', ['fe80::85d:e82c:9446:7994/127', 'fe80::85d:e82c:9446:7998', 120], true],
    ['ipv6_is_match', ['fe80::1', 'fe80::2'], false],
    ['ipv6_is_match', ['fe80::1', 'fe80:::2'], null],
    ['ipv6_is_in_range', ['2001:db8::abcd', '2001:db8::/112'], true],
    ['ipv6_is_in_range', ['2001:db8::1:abcd', '2001:db8::/112'], false],
    ['ipv6_is_in_any_range', ['2001:db8::abcd', ['192.0.2.0/24', '2001:db8::/112']], true],
    ['ipv6_is_in_any_range', ['192.0.2.7', ['192.0.2.0/24', '2001:db8::/112']], true],
    ['ipv6_is_in_any_range', ['none', ['2001:db8::/112']], null],
  ]);
});

describe('an address in text stands between characters that are no letters, digits or dots', () => {
  const log = '05:04:54 127.0.0.1 GET /favicon.ico 404';
  calls([
    ['has_ipv4', [log, '127.0.0.1'], true],
    ['has_ipv4', ['at 127.0.0.1.', '127.0.0.1'], true],
    ['has_ipv4', ['at 127.0.0.11', '127.0.0.1'], false],
    ['has_ipv4', ['05:04:54 127.0.0.256 GET', '127.0.0.256'], false],
    ['has_ipv4', ['05:04:54127.0.0.1 GET', '127.0.0.1'], false],
    ['has_ipv4_prefix', [log, '127.0.'], true],
    ['has_ipv4_prefix', [log, '127.0'], false],
    ['has_ipv4_prefix', [log, '127.0.0.1'], true],
    ['has_ipv4_prefix', ['05:04:54 127.0.0.256 GET', '127.0.'], false],
    ['has_ipv4_prefix', ['05:04:54127.0.0.1 GET', '127.0.'], false],
    ['has_any_ipv4', [log, '192.0.2.1', '127.0.0.1'], true],
    ['has_any_ipv4', [log, ['192.0.2.1', '127.0.0.1']], true],
    ['has_any_ipv4_prefix', [log, ['192.0.', '127.0.']], true],
    ['has_any_ipv4_prefix', [log, '127.0'], false],
  ]);
});

describe('rangeMatcher', () => {
  test('gives all ranges that contain an address, in order', () => {
    const matching = rangeMatcher(
      ['192.0.0.0/16', 'none', '192.0.2.0/24', '192.0.2.7', '0.0.0.0/0', '192.0.2.9/24'],
      'ipv4',
    );
    expect(matching('192.0.2.7')).toEqual([0, 2, 3, 4, 5]);
    expect(matching('192.0.3.7')).toEqual([0, 4]);
    expect(matching('2001:db8::1')).toEqual([]);
  });

  test('matches an address with a prefix by the shorter of the two', () => {
    expect(rangeMatcher(['192.0.2.0/24', '192.0.2.7', '198.51.100.1'], 'ipv4')('192.0.2.0/16')).toEqual([0, 1]);
  });

  test('takes IPv4 ranges as mapped in family ipv6', () => {
    const matching = rangeMatcher(['192.0.2.0/24', '2001:db8::/32'], 'ipv6');
    expect(matching('::ffff:192.0.2.1')).toEqual([0]);
    expect(matching('2001:db8::1')).toEqual([1]);
  });

  test('answers for thousands of ranges as one by one comparison does', () => {
    const ranges = Array.from({ length: 3000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/${16 + (index % 17)}`);
    const matching = rangeMatcher(ranges, 'ipv4');
    for (const address of ['10.1.2.0', '10.5.250.128', '10.200.0.1'])
      expect(matching(address)).toEqual(
        [...ranges.keys()].filter((index) => call('ipv4_is_in_range', [address, ranges[index] ?? '']) === true),
      );
  });
});

describe('geo_info_from_ip_address', () => {
  const networks: readonly NetworkLocation[] = [
    { network: '192.0.0.0/16', country: 'Wide' },
    { network: '192.0.2.0/24', country: 'Testland', state: 'East', city: 'Example', latitude: 51, longitude: -0.5 },
    { network: '2001:db8::/32', country: 'Documentation' },
  ];

  test('the longest network wins, and parts that are not known are empty', () => {
    expect(call('geo_info_from_ip_address', ['192.0.2.7'], { networks })).toEqual({
      country: 'Testland',
      state: 'East',
      city: 'Example',
      latitude: new Real(51),
      longitude: -0.5,
    });
    expect(call('geo_info_from_ip_address', ['192.0.3.7'], { networks })).toEqual({
      country: 'Wide',
      state: '',
      city: '',
      latitude: null,
      longitude: null,
    });
    expect(call('geo_info_from_ip_address', ['2001:db8::7'], { networks })).toMatchObject({ country: 'Documentation' });
  });

  test('an address in no network has no place', () => {
    expect(call('geo_info_from_ip_address', ['198.51.100.1'], { networks })).toBeNull();
    expect(call('geo_info_from_ip_address', ['none'], { networks })).toBeNull();
  });

  test('is refused by name where the engine has no networks', () => {
    expect(() => call('geo_info_from_ip_address', ['192.0.2.7'])).toThrow(/`networks` is not supported/);
  });
});
