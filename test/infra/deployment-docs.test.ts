/** What the pages about the deployment tell is true to the program: queries run, lines are the program's own. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { tables } from '../../collector/schema/index.ts';
import { configurationKeys } from '../../infra/configuration-keys.ts';
import { parseConfiguration } from '../../infra/configuration.ts';
import { stackConfiguration } from '../../infra/plan/example.ts';
import { defaultEnrichers, enricherNames, optionalRoles } from '../../infra/reading.ts';
import { fromJsonRows, type JsonRow } from '../../kql/engine/json-rows.ts';
import { schemaOf, workspaceEngine } from '../../workspace/workspace.ts';
import { formatResult } from '../../workspace/format-result.ts';
import { configurations } from './configurations.ts';
import { planned } from './runs.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const pages = ['docs/deploy.md', 'docs/upgrade.md', 'docs/uninstall.md', 'docs/privacy.md'] as const;
const all = pages.map(read).join('\n');

/** Code blocks of a page in one language. */
const blocks = (text: string, language: string): readonly string[] =>
  [...text.matchAll(/^ *```(\w+)\n([^]*?)^ *```$/gm)].flatMap(([, of, code = '']) => (of === language ? [code] : []));

const NAME = 'megan@contoso.example';
const ID = '00000000-0000-4000-8000-00000000beef';
const NOW = new Date('2026-11-20T12:00:00Z');
const at = { TimeGenerated: '2026-11-20T11:00:00Z', EventTime: '2026-11-20T11:00:00Z' };
const other = { ActorName: 'lee@contoso.example', ActorUserId: '00000000-0000-4000-8000-00000000cafe' };
const rows: Readonly<Record<string, readonly JsonRow[]>> = {
  CopilotAudit_CL: [
    { ...at, RecordId: '1', ActorName: NAME.toUpperCase(), ActorUserId: ID },
    { ...at, RecordId: '2', ActorName: null, ActorUserId: ID },
    { ...at, RecordId: '3', ...other, UserManager: NAME },
    { ...at, RecordId: '4', ...other, LLMEventData: { AccessedResources: [{ Owner: NAME }] } },
    { ...at, RecordId: '5', ...other, ObjectId: `user ${ID}` },
    { ...at, RecordId: '6', ...other },
  ],
  CopilotEntities_CL: [
    { ...at, Kind: 'user', Key: ID, Aliases: [NAME], Facts: {} },
    { ...at, Kind: 'site', Key: 'x', Aliases: [], Facts: { Owner: NAME } },
    { ...at, Kind: 'user', Key: 'y', Aliases: ['lee@contoso.example'], Facts: {} },
  ],
  CopilotUsage_CL: [
    { ...at, UserPrincipalName: NAME },
    { ...at, UserPrincipalName: 'lee@contoso.example' },
  ],
};

function answer(query: string): readonly (readonly unknown[])[] {
  const relations = Object.entries(rows).map(([name, of]) => [name, fromJsonRows(schemaOf(name), of)]);
  const result = workspaceEngine()
    .prepare(query)
    .run({ now: NOW, tables: Object.fromEntries(relations) });
  return (JSON.parse(formatResult(result, 'json')) as { rows: unknown[][] }).rows;
}

describe('docs/privacy.md', () => {
  const page = read('docs/privacy.md');
  const [who = '', count = '', handOut = '', ...more] = blocks(page, 'kusto');

  test('has three queries, and they run', () => {
    expect([who, count, handOut].every((query) => query !== '')).toBe(true);
    expect(more).toEqual([]);
  });

  test('finds all names of a person', () => {
    const text = JSON.stringify(answer(who));
    expect(text).toContain(ID);
    expect(text.toLowerCase()).toContain(NAME);
  });

  test('finds own rows and rows that name the person in every table, and no other', () => {
    expect(answer(count).map(([place, kind, rowCount]) => [place, kind, rowCount])).toEqual([
      ['CopilotAudit_CL', 'named', 3],
      ['CopilotAudit_CL', 'own', 2],
      ['CopilotEntities_CL', 'named', 1],
      ['CopilotEntities_CL', 'own', 1],
      ['CopilotUsage_CL', 'own', 1],
    ]);
    expect(answer(handOut)).toHaveLength(2);
  });

  test('looks into every column that is marked identity or content, but those that hold no name of a person', () => {
    // What is said about a person whose name stands in the same row, or is no name.
    const beside =
      /^(?:User(?!Manager|Principal)|SrcIpAddr|CloudAppContext|DisplayName|LastActivityDate|FileName|SiteName|MeetingName)/;
    const marked = tables.flatMap(({ columns }) =>
      Object.entries(columns).flatMap(([name, { privacy }]) => (privacy === 'none' ? [] : [name])),
    );
    expect(marked.filter((name) => !beside.test(name) && !new RegExp(`\\b${name}\\b`).test(count))).toEqual([]);
  });

  test('removes by columns that exist, with bodies that are JSON', () => {
    const bodies = [...page.matchAll(/--url "([^"]+)" --body '([^']+)'/g)];
    expect(bodies.length).toBe(5);
    for (const [, url = '', body = ''] of bodies) {
      const { table, filters } = JSON.parse(body) as { table?: string; filters: { column: string; value: unknown }[] };
      const name = /\/tables\/(\w+)\/deleteData/.exec(url)?.[1] ?? table;
      const columns = tables.find((one) => one.name === name)?.columns ?? {};
      expect(filters.map(({ column }) => column).filter((column) => !(column in columns))).toEqual([]);
    }
  });

  test('says of every enricher and of usage reports what they add, and whether they are on by default', () => {
    const section = page.slice(page.indexOf('## Enrichment'), page.indexOf('## Who may see it'));
    for (const name of [...enricherNames, 'usage-report']) {
      const [, , isOn] =
        section
          .split('\n')
          .find((line) => line.startsWith(`| \`${name}\``))
          ?.split('|') ?? [];
      expect(isOn?.trim(), name).toBe(defaultEnrichers('commercial').includes(name) ? 'Yes' : 'No');
    }
  });

  test('says of every table and place of state how long it is kept', () => {
    for (const { name } of tables) expect(page).toContain(`| \`${name}\``);
    expect(read('collector/state/dead-letter-log.ts')).toContain('const deadLetterDays = 30;');
    expect(read('infra/state-storage.ts')).toContain('const RECOVERY_DAYS = 7;');
  });
});

describe('docs/deploy.md', () => {
  const page = read('docs/deploy.md');

  test('explains what decides the permissions of a tenant, with an example that is a configuration', () => {
    const start = page.indexOf('### What is read and looked up');
    const section = page.slice(start, page.indexOf('## 3.', start));
    const [, keys = ''] = /\{([^}]+)\}/.exec(configurationKeys.tenants.description) ?? [];
    const others = ['id', 'name', 'archive', 'pseudonymize', 'credential', 'clientId', 'workspaceResourceId'];
    const deciding = keys.split(', ').filter((key) => !others.includes(key));
    expect(deciding.length).toBe(7);
    for (const key of deciding) expect(section).toMatch(new RegExp(`^\\| \`${key}\``, 'm'));
    for (const role of optionalRoles) expect(section).toContain(role);
    const [example = ''] = blocks(section, 'yaml');
    const { config } = stackConfiguration(example);
    const text = Object.fromEntries(Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)]));
    const known = { azureTenantId: '00000000-0000-4000-8000-00000000000a', rules: [] };
    const located = { ...text, 'azure-native:location': 'westeurope' };
    expect(parseConfiguration(located, known).tenants[0]?.optionalPermissions).toEqual(['OnlineMeetings.Read.All']);
  });

  test('shows the lines of consent as the program puts them out', async () => {
    const { outputs } = await planned(configurations.manual);
    const [[tenant, lines] = ['', []]] = Object.entries(outputs['consent'] as Record<string, readonly string[]>);
    const principal = /^PRINCIPAL=(.+)$/m.exec(lines.join('\n'))?.[1] ?? 'none';
    const shown = lines.map((line) => line.replaceAll(tenant, '<tenant>').replaceAll(principal, '<principal>'));
    expect(shown.length).toBeGreaterThan(5);
    expect(page).toContain(`\`\`\`sh\n${shown.join('\n')}\n\`\`\``);
  });

  test('quotes messages that the program has', () => {
    const program = globSync('infra/**/*.ts', { cwd: root })
      .map(read)
      .join('\n')
      .replaceAll(/\$\{[^}]*\}+/g, '…');
    const trouble = page.slice(page.indexOf('## Trouble'));
    const own = [...trouble.matchAll(/^\| `([^`]+)`/gm)]
      .map(([, message = '']) => message)
      // Messages of Azure, Microsoft Graph and Node are one word.
      .filter((message) => message.includes(' ') && !message.includes('Office 365'));
    expect(own.length).toBeGreaterThan(3);
    const missing = own.filter((message) => !message.split('...').every((part) => program.includes(part.trim())));
    expect(missing).toEqual([]);
  });

  test('explains every kind of line that verify prints', () => {
    const kinds = [...read('infra/verify/verify.ts').matchAll(/(?:inTurn\(|reporter\(name, )['`]([a-z ]+)/g)];
    const section = page.slice(page.indexOf('## 5. Verify'), page.indexOf('## The first hours'));
    expect(kinds.length).toBeGreaterThan(8);
    for (const [, kind = ''] of kinds) expect(section).toContain(kind.replace(/ of $/, '').trim());
  });
});

test('keys of the configuration exist', () => {
  const named = [...all.matchAll(/copilot-sentinel:([\w.]+)|config set (?:--\S+ )*([\w.]+) /g)].map(
    ([, long, short]) => long ?? short ?? '',
  );
  const quoted = [...all.matchAll(/`((?:workspace|tables|content|entra|image|alerts)\.\w+)[`=]/g)].map(
    ([, key]) => key,
  );
  expect(named.length).toBeGreaterThan(4);
  expect(quoted.length).toBeGreaterThan(5);
  const unknown = [...named, ...quoted].filter((key = '') => !(key in configurationKeys) && !key.startsWith('azure'));
  expect(unknown).toEqual([]);
});

test('options of npm run verify exist', () => {
  const options = [...all.matchAll(/npm run verify -- ([^\n`]*)/g)].flatMap(
    ([, text = '']) => text.match(/--[\w-]+/g) ?? [],
  );
  const main = read('infra/verify/main.ts');
  expect(options.length).toBeGreaterThan(3);
  expect(options.filter((option) => !main.includes(`'${option} `) && !main.includes(`'${option}'`))).toEqual([]);
});

test('outputs of the stack exist', async () => {
  const { outputs } = await planned(configurations.new);
  const named = [...all.matchAll(/pulumi stack output ([a-zA-Z]+)/g)].map(([, name = '']) => name);
  expect(new Set(named)).toEqual(new Set(['consent', 'tenants', 'imageReference']));
  expect(named.filter((name) => !(name in outputs))).toEqual([]);
});

describe('docs/uninstall.md', () => {
  const page = read('docs/uninstall.md');

  test('says what stays: what is retained, by kind', async () => {
    const { registrations } = await planned(configurations.new);
    const kept = registrations.filter(({ retainOnDelete }) => retainOnDelete);
    const kinds: Readonly<Record<string, string>> = {
      ResourceGroup: 'The resource group',
      Workspace: 'A new workspace',
      SentinelOnboardingState: 'its Sentinel',
      Table: 'The tables',
      StorageAccount: 'Storage account with the state',
      BlobServiceProperties: 'Storage account with the state',
      BlobContainer: 'Storage account with the state',
      Watchlist: 'Watchlists',
    };
    expect(kept.length).toBeGreaterThan(6);
    for (const { type } of kept) expect(page).toContain(kinds[type.split(':').at(-1) ?? ''] ?? type);
  });

  test('imports resources under the names and types that the program gives them', async () => {
    const { registrations } = await planned(configurations.new);
    const imports = [...page.matchAll(/pulumi import (\S+) (\S+) /g)];
    expect(imports).toHaveLength(5);
    // Of these the default deployment has none.
    const elsewhere = ['watchlist-', 'archive-', 'archive-policy-'];
    for (const [, type = '', name = ''] of imports) {
      const start = name.replace(/<.*/, '');
      if (elsewhere.includes(start)) continue;
      const types = registrations.filter((one) => one.name.startsWith(start)).map((one) => one.type);
      expect(types, name).toContain(type);
    }
    expect(read('infra/content/watchlists.ts')).toContain('`watchlist-${seed.alias}');
    for (const start of ['archive-', 'archive-policy-'])
      expect(read('infra/archive-storage.ts')).toContain(`\`${start}\${tenant.id}\``);
  });

  test('tells apart what is forgotten from what is still protected', async () => {
    const { registrations } = await planned(configurations.new);
    const forgotten = registrations.filter(({ protect, retainOnDelete }) => retainOnDelete && !protect);
    expect([...new Set(forgotten.map(({ type }) => type))].toSorted()).toEqual([
      'azure-native:securityinsights:Watchlist',
      'azure-native:storage:BlobContainer',
    ]);
    expect(page).toContain('Watchlists and the containers of the state stay in Azure and are forgotten');
  });
});
