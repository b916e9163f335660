/** The cases of a file with what each takes from another one. */
import type { Expected, Given, RuleTest } from '../../kql/content/rule-tests.ts';

/** When every case runs, but for those that say otherwise: a Wednesday, on the hour. */
export const RUN = Date.parse('2026-09-02T12:00:00Z');

/** A case, complete. Times in milliseconds. */
export interface Case {
  readonly name: string;
  readonly run: number;
  readonly given: readonly Given[];
  readonly expect: readonly Expected[];
  readonly decisive: readonly string[];
  readonly late: number;
  readonly isTwice: boolean;
  /** How many incidents the alerts of the run open. */
  readonly incidents: number;
}

function toCase(test: RuleTest, all: readonly RuleTest[], seen: readonly string[] = []): Case {
  const { name, like, given = [], expect, decisive = [], late = 0, delivered, now, incidents } = test;
  if (like === undefined)
    return {
      name,
      run: now === undefined ? RUN : Date.parse(now),
      given,
      expect: expect ?? [],
      decisive,
      late,
      isTwice: delivered === 'twice',
      incidents: incidents ?? expect?.length ?? 0,
    };
  const found = all.find((other) => other.name === like);
  if (found === undefined || seen.includes(like))
    throw new Error(`${name}: like: there is no case named "${like}" that stands for itself`);
  const base = toCase(found, all, [...seen, name]);
  return {
    ...base,
    name,
    run: now === undefined ? base.run : Date.parse(now),
    given: [...base.given, ...given],
    expect: expect ?? base.expect,
    decisive,
    late: base.late + late,
    isTwice: base.isTwice || delivered === 'twice',
    incidents: incidents ?? expect?.length ?? base.incidents,
  };
}

/** All cases. @throws Error naming a case that takes its rows from none */
export const toCases = (tests: readonly RuleTest[]): readonly Case[] => tests.map((test) => toCase(test, tests));
