/** `ipv4_lookup` and `ipv6_lookup`: a join of addresses with the ranges that they lie in. */
import { UnsupportedError } from '../errors.ts';
import { rangeMatcher } from '../ip-ranges.ts';
import { type Column, freeName, gather, type Relation } from '../relation.ts';
import type { Plugin } from '../scope.ts';
import { asString } from '../values/convert.ts';
import { argument, argumentsOf } from './arguments.ts';

const ipLookup =
  (family: 'ipv4' | 'ipv6'): Plugin =>
  (call, scope) => {
    const { relation, run } = scope;
    const { placed, named } = argumentsOf(call);
    const table = scope.tabular(argument(call, 0));
    const addresses = scope.scalar(argument(call, 1));
    const ranges = scope.over(table).scalar(argument(call, 2));
    const [extra, ...more] = placed.slice(3);
    const isFlag = extra?.type === 'bool' && more.length === 0;
    if (extra !== undefined && !isFlag)
      throw new UnsupportedError(`${family}_lookup with more keys (${extra.text})`, extra.position);
    const flag = named.get('return_unmatched') ?? extra;
    const keepsUnmatched = flag !== undefined && scope.constant(flag) === true;

    const texts = Array.from({ length: table.length }, (_, row) => asString(ranges.at(row), ranges.type));
    const find = rangeMatcher(texts, family);
    const own: number[] = [];
    const others: number[] = [];
    for (let row = 0; row < relation.length; row += 1) {
      run.budget.visit();
      const found = find(asString(addresses.at(row), addresses.type));
      run.budget.keep(found.length);
      for (const index of found) {
        own.push(row);
        others.push(index);
      }
      if (found.length === 0 && keepsUnmatched) {
        own.push(row);
        others.push(-1);
      }
    }
    // The engine puts the table's columns first for IPv6, the input's for IPv4.
    const sides = [gather(relation, own).columns, gather(table, others).columns];
    const ordered = family === 'ipv4' ? sides : sides.toReversed();
    const taken = new Set<string>();
    const columns = ordered.flat().map((column): Column => ({ ...column, name: freeName(column.name, taken) }));
    const result: Relation = { columns, length: own.length, order: 'none' };
    return result;
  };

export const ipv4Lookup: Plugin = ipLookup('ipv4');
export const ipv6Lookup: Plugin = ipLookup('ipv6');
