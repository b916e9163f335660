/** The page docs/pseudonymization-rules.md: what each rule sees when people are tokens. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { RuleDocument } from '../kql/content/read-rules.ts';
import type { Detection } from './detections-docs-pack.ts';

const sight = z.enum(['sees', 'tokens', 'partly', 'blind']);
const sights = z.record(z.string(), z.strictObject({ users: sight, addresses: sight }));
type Sight = z.infer<typeof sight>;

const MEANING: Readonly<Record<Sight, string>> = {
  sees: 'sees',
  tokens: 'sees, with tokens in its watchlists',
  partly: 'partly blind',
  blind: 'blind',
};

/** What the tests of the rules found out, by rule. */
export const readSights = (root: string): z.infer<typeof sights> =>
  sights.parse(JSON.parse(readFileSync(`${root}test/detections/pseudonyms.json`, 'utf8')));

/** The page of these rules; a rule that is not in `known` stands there as not tried. */
export function toPseudonymizationPage(
  rules: readonly Detection<RuleDocument>[],
  known: z.infer<typeof sights>,
): string {
  const count = (of: 'users' | 'addresses', which: Sight): number =>
    rules.filter(({ file }) => known[file]?.[of] === which).length;
  const lines = rules
    .toSorted((one, other) => (one.file < other.file ? -1 : 1))
    .map(({ file, document, tables, watchlists }) => {
      const { users, addresses } = known[file] ?? {};
      const shown = (of: Sight | undefined): string => (of === undefined ? 'not tried' : MEANING[of]);
      const needs = [...tables, ...watchlists].map((name) => `\`${name}\``).join(', ');
      return {
        isPlain: users === 'sees' && addresses === 'sees',
        line: `| ${document.name} | ${shown(users)} | ${shown(addresses)} | ${needs} |`,
      };
    });
  const head = ['| Rule | `users` | `users,addresses` | Names people or addresses itself |', '|---|---|---|---|'];
  return [
    '# Pseudonymisation and rules',
    '',
    'Generated from `test/detections/pseudonyms.json` by `npm run docs`. Do not edit. The file is what the tests inside of the rules found when the rows of the collector held tokens and the tables of other products held names, as they do: `npm run rules:test -- --write-pseudonyms`.',
    '',
    'Sees: it fires and is silent as before. With tokens in its watchlists: as before once the lists hold tokens; with names in them it misses people or fires on those who are exempt. Partly blind: it fires on some of what it fired on. Blind: on nothing. [pseudonymization.md](pseudonymization.md) tells what to do.',
    '',
    '| `PSEUDONYMIZE` | Sees | With tokens in watchlists | Partly blind | Blind |',
    '|---|---|---|---|---|',
    ...(['users', 'addresses'] as const).map(
      (of) =>
        `| \`${of === 'users' ? 'users' : 'users,addresses'}\` | ${(['sees', 'tokens', 'partly', 'blind'] as const).map((which) => count(of, which)).join(' | ')} |`,
    ),
    '',
    '## Rules that something changes for',
    '',
    ...head,
    ...lines.filter(({ isPlain }) => !isPlain).map(({ line }) => line),
    '',
    '## Rules that see as before',
    '',
    ...head,
    ...lines.filter(({ isPlain }) => isPlain).map(({ line }) => line),
    '',
  ].join('\n');
}
