/** What stays the same over time: a second run, a new column, files in another order. */
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toArm } from '../../infra/plan/arm.ts';
import { type Plan, planOf } from '../../infra/plan/plan.ts';
import { configurations } from './configurations.ts';
import { LOCATION, planned } from './runs.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const urnsOf = ({ registrations }: Plan) => registrations.map(({ urn }) => urn).sort();
const tablesOf = (plan: Plan) => toArm(plan).filter(({ type }) => type.endsWith('/tables'));

test('the same inputs twice give the same urns, ids, dependencies and bodies', async () => {
  const [first, second] = [
    await planned(configurations.new),
    await planOf({ config: { 'azure-native:location': LOCATION, ...configurations.new.config } }),
  ];
  expect(urnsOf(second)).toEqual(urnsOf(first));
  expect(toArm(second)).toEqual(toArm(first));
});

test('another stack has other names for everything that is not in a workspace or group of its own', async () => {
  const [dev, prod] = [await planned(configurations.new), await planned({ ...configurations.new, stack: 'prod' })];
  const ids = new Set(toArm(dev).map(({ id }) => id));
  expect(toArm(prod).filter(({ id }) => ids.has(id))).toEqual([]);
  const accounts = (plan: Plan) =>
    toArm(plan)
      .filter(({ type }) => type.endsWith('/storageAccounts'))
      .map(({ name }) => name);
  expect(accounts(dev)).not.toEqual(accounts(prod));
});

/** A column that the schema does not have. */
const COLUMN = 'AddedByTest';

/** `text` with the first match of `pattern` replaced; throws when there is none, because then the test tests nothing. */
function replaced(text: string, pattern: RegExp, by: (match: RegExpExecArray) => string): string {
  const match = pattern.exec(text);
  if (match === null) throw new Error(`nothing matches ${pattern}: the file looks different now`);
  return text.replace(match[0], () => by(match));
}

async function edit(file: string, pattern: RegExp, by: (match: RegExpExecArray) => string): Promise<void> {
  await writeFile(file, replaced(await readFile(file, 'utf8'), pattern, by));
}

/** A copy of what the program reads, in which the audit table has one column more and tables come in reverse. */
async function changedCopy(copy: string): Promise<void> {
  const folders = ['infra', 'collector', 'kql', 'scripts', 'analytics-rules', 'workbooks', 'watchlists'];
  for (const name of [...folders.filter((folder) => existsSync(join(ROOT, folder))), 'package.json', 'Pulumi.yaml']) {
    if (existsSync(join(ROOT, name))) await cp(join(ROOT, name), join(copy, name), { recursive: true });
  }
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  const schema = join(copy, 'collector/schema');
  await edit(
    join(schema, 'copilot-audit.ts'),
    /columns: \{\n/,
    ([found]) => `${found}    ${COLUMN}: string('A column of the next version.'),\n`,
  );
  await edit(join(schema, 'index.ts'), /(readonly Table\[\] = \[)([^\]]+)\]/, ([, open = '', list = '']) => {
    const names = list.split(',').map((name) => name.trim());
    return `${open}${names.toReversed().join(', ')}]`;
  });
}

describe('a copy of the program with one column more and its tables in another order', () => {
  let copy = '';
  let changed: Plan;
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'infra-life-cycle-'));
    await changedCopy(copy);
    changed = await planned({ ...configurations.new, directory: copy });
  });
  afterAll(() => rm(copy, { recursive: true, force: true }));

  test('has the same urns and ids: nothing is replaced', async () => {
    const before = await planned(configurations.new);
    expect(urnsOf(changed)).toEqual(urnsOf(before));
    const ids = (plan: Plan) =>
      toArm(plan)
        .map(({ id }) => id)
        .sort();
    expect(ids(changed)).toEqual(ids(before));
  });

  test('changes the body of that one table, and only by the column', async () => {
    const before = new Map(
      tablesOf(await planned(configurations.new)).map(({ id, body }) => [id, JSON.stringify(body)]),
    );
    const different = tablesOf(changed).filter(({ id, body }) => before.get(id) !== JSON.stringify(body));
    expect(different.map(({ name }) => name.split('/').at(-1))).toEqual(['CopilotAudit_CL']);
    const column = new RegExp(`\\{[^{}]*"name":"${COLUMN}"[^{}]*\\},?`);
    const without = JSON.stringify(different[0]?.body).replace(column, '');
    expect(JSON.parse(without)).toEqual(JSON.parse(before.get(different[0]?.id ?? '') ?? ''));
  });

  test('gives the rule the same column in the same stream', () => {
    const rule = toArm(changed).find(({ type }) => type.endsWith('/dataCollectionRules'));
    expect(JSON.stringify(rule?.body)).toContain(`"name":"${COLUMN}"`);
  });
});

describe('tables that hold data', () => {
  test('are never replaced: no replaceOnChanges, no deleteBeforeReplace', async () => {
    const { registrations } = await planned(configurations.new);
    const risky = registrations.filter((one) => one.deleteBeforeReplace || one.replaceOnChanges.length > 0);
    expect(risky.filter(({ type }) => /Table|Workspace|SentinelOnboardingState|Storage/.test(type))).toEqual([]);
  });

  test('are upgraded before the rule, and the rule before the container', async () => {
    const resources = toArm(await planned(configurations.new));
    const at = (type: string) => resources.flatMap((one, index) => (one.type.endsWith(type) ? [index] : []));
    const [rule = -1] = at('/dataCollectionRules');
    const [app = -1] = at('/containerApps');
    expect(Math.max(...at('/tables'))).toBeLessThan(rule);
    expect(rule).toBeLessThan(app);
  });
});
