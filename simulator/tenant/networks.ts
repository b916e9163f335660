/** Where addresses are: of the tenant's people, and of others. */
import { OFFICES } from './names.ts';
import type { User } from './user.ts';

/** A network and its place, as a geo database has it. */
export interface Network {
  /** CIDR notation. */
  readonly network: string;
  readonly country: string;
  readonly city: string;
  readonly latitude: number;
  readonly longitude: number;
}

const PLACES: Readonly<Record<string, readonly [city: string, latitude: number, longitude: number]>> = {
  Germany: ['Berlin', 52.5, 13.4],
  France: ['Lyon', 45.8, 4.8],
  'United Kingdom': ['Leeds', 53.8, -1.5],
  'United States': ['Boston', 42.4, -71.1],
  India: ['Pune', 18.5, 73.9],
  Japan: ['Osaka', 34.7, 135.5],
  Canada: ['Toronto', 43.7, -79.4],
  Brazil: ['Recife', -8.1, -34.9],
};

const at = (network: string, country: string): Network => {
  const [city, latitude, longitude] = PLACES[country] ?? ['', 0, 0];
  return { network, country, city, latitude, longitude };
};

/** An address in a country where nobody of the tenant works. */
export const foreignAddress = (nth: number): string => `192.0.2.${130 + (nth % 120)}`;

/** An address of the provider to which an office moves. */
export const movedAddress = (nth: number): string => `192.0.2.${33 + (nth % 8)}`;

/** Home networks by person, the proxy of the offices, a new provider abroad, and a country where nobody works. */
export function networks(users: readonly User[]): readonly Network[] {
  const known = new Set<string>(OFFICES.map(([country]) => country));
  const own = users.flatMap(({ addresses: [home, , six], country }) => [
    at(`${home}/32`, country),
    at(`${six.split(':').slice(0, 3).join(':')}::/48`, country),
  ]);
  const unique = [...new Map(own.map((network) => [network.network, network])).values()];
  return [
    ...unique.filter(({ country }) => known.has(country)),
    at('203.0.113.0/24', 'Germany'),
    at('192.0.2.32/28', 'Canada'),
    at('192.0.2.128/25', 'Brazil'),
  ];
}
