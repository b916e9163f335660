/** What each rule sees when people are tokens, found out by its own tests; the committed file is pseudonyms.json. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Pseudonymized, pseudonymized } from '../../collector/pseudonyms/pseudonym-key.ts';
import { type Pseudonyms, pseudonyms } from '../../collector/pseudonyms/pseudonyms.ts';
import { isObject } from '../../collector/records/json-value.ts';
import type { ContentFile } from '../../kql/content/content-file.ts';
import { readRuleFile, toRule } from '../../kql/content/read-rules.ts';
import { type PreparedRule, prepareRule, runRule } from '../../workspace/rules/run-rule.ts';
import { networks } from './bases.ts';
import type { Bench } from './check-file.ts';
import { type Case, toCases } from './cases.ts';
import { scene } from './scene.ts';

/** `sees`: as before; `tokens`: as before once its watchlists hold tokens; `partly` and `blind`: it misses some, or all. */
export const sights = ['sees', 'tokens', 'partly', 'blind'] as const;
/** What a rule sees. */
export type Sight = (typeof sights)[number];

const sightOf = z.strictObject({ users: z.enum(sights), addresses: z.enum(sights) });
const schema = z.record(z.string(), sightOf);
const path = fileURLToPath(new URL('pseudonyms.json', import.meta.url));

const key = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37 + 11) % 256));
const wanted: Readonly<Record<'users' | 'addresses', readonly Pseudonymized[]>> = {
  users: ['users'],
  addresses: pseudonymized,
};

/** The collector makes rows of people from records and answers that are tokens already. */
function maskOf({ value, person }: Pseudonyms): (fields: unknown) => unknown {
  return (fields) => {
    const masked = value(fields);
    if (!isObject(masked) || masked['Kind'] !== 'user') return masked;
    const { Key: name, Aliases: aliases } = masked;
    const text = (cell: unknown): unknown => (typeof cell === 'string' ? person(cell) : cell);
    return { ...masked, Key: text(name), Aliases: Array.isArray(aliases) ? aliases.map(text) : aliases };
  };
}

function alertCount(
  prepared: PreparedRule,
  one: Case,
  what: readonly Pseudonymized[],
  lists: 'names' | 'tokens',
  { watchlists }: Bench,
): number {
  const masks = pseudonyms({ key, what: new Set(what) });
  const { tables } = scene(one.given, watchlists, {
    run: one.run,
    late: one.late,
    mask: maskOf(masks),
    ...(lists === 'tokens' && { maskList: masks.text }),
  });
  const outcome = runRule(prepared, { at: new Date(one.run), tables, networks });
  return outcome.ok ? outcome.alerts.length : -1;
}

/** Runs the cases of a rule with tokens in what the collector sends. */
export function sightsOf(file: ContentFile, within: Bench): z.infer<typeof sightOf> {
  const read = readRuleFile(file);
  if (!read.ok) throw new Error(`${file.path}: no rule`);
  const bound = prepareRule(within.engine, toRule(read.parsed.value, file.name));
  if (!bound.ok) throw new Error(`${file.path}: ${bound.failure.reason}`);
  // A copy that comes twice tells nothing about names.
  const cases = toCases(read.parsed.value.tests).filter(({ isTwice, late }) => !isTwice && late === 0);
  const sight = (what: readonly Pseudonymized[]): Sight => {
    const asExpected = (lists: 'names' | 'tokens') =>
      cases.filter((one) => alertCount(bound.prepared, one, what, lists, within) === one.expect.length);
    if (asExpected('names').length === cases.length) return 'sees';
    const good = asExpected('tokens');
    if (good.length === cases.length) return 'tokens';
    return good.some(({ expect }) => expect.length > 0) ? 'partly' : 'blind';
  };
  return { users: sight(wanted.users), addresses: sight(wanted.addresses) };
}

/** What the committed file says. */
export const readSights = (): z.infer<typeof schema> => schema.parse(JSON.parse(readFileSync(path, 'utf8')));

/** Writes the file. */
export const writeSights = (all: z.infer<typeof schema>): void =>
  writeFileSync(path, `${JSON.stringify(all, null, 2)}\n`);
