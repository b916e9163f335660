import type { Plugin } from '../scope.ts';
import { bagUnpack } from './bag-unpack.ts';
import { ipv4Lookup, ipv6Lookup } from './ip-lookup.ts';
import { narrow } from './narrow.ts';
import { pivot } from './pivot.ts';
import { rowsNear } from './rows-near.ts';

/** The plugins of `evaluate` by name; others are refused. */
export const plugins: ReadonlyMap<string, Plugin> = new Map(
  Object.entries({
    bag_unpack: bagUnpack,
    ipv4_lookup: ipv4Lookup,
    ipv6_lookup: ipv6Lookup,
    narrow,
    pivot,
    rows_near: rowsNear,
  }),
);
