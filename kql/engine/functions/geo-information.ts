/** `geo_info_from_ip_address`, answered from the table of networks that the engine is given. */
import { UnsupportedError } from '../errors.ts';
import { parseIpv6, rangeMatcher } from '../ip-ranges.ts';
import type { NetworkLocation, ScalarFunction } from '../scope.ts';
import { type Bag, Real, type Value } from '../values/types.ts';
import { text, unary } from './define.ts';

const toReal = (degrees: number | undefined): Value =>
  degrees === undefined ? null : Number.isInteger(degrees) ? new Real(degrees) : degrees;

const toBag = ({ country = '', state = '', city = '', latitude, longitude }: NetworkLocation): Bag => ({
  country,
  state,
  city,
  latitude: toReal(latitude),
  longitude: toReal(longitude),
});

type Locate = (address: string) => Value;

function locator(networks: readonly NetworkLocation[]): Locate {
  const ranges = networks.map(({ network }) => network);
  const prefixes = ranges.map((range) => parseIpv6(range)?.prefix ?? -1);
  const bags = networks.map(toBag);
  const matching = rangeMatcher(ranges, 'ipv6');
  return (address) => {
    let longest = -1;
    let found: Value = null;
    for (const index of matching(address)) {
      const prefix = prefixes[index] ?? -1;
      if (prefix <= longest) continue;
      longest = prefix;
      found = bags[index] ?? null;
    }
    return found;
  };
}

const locators = new WeakMap<readonly NetworkLocation[], Locate>();

const geoInformation: ScalarFunction = (args, site) => {
  const { networks } = site.scope.run;
  if (networks === undefined)
    throw new UnsupportedError('geo_info_from_ip_address without the option `networks`', site.node.position);
  const locate = locators.get(networks) ?? locator(networks);
  locators.set(networks, locate);
  return unary(text, 'dynamic', locate)(args, site);
};

export const geoInformationFunctions: Readonly<Record<string, ScalarFunction>> = {
  /** The longest network that contains the address wins; null where none does. */
  geo_info_from_ip_address: geoInformation,
};
