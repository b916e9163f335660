/** The Content Hub package: one ARM template and its wizard, from the same readers as the deployment. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { tables } from '../../collector/schema/index.ts';
import { readContent } from '../../infra/content/read-content.ts';
import { createUiDefinition } from '../../infra/package/create-ui-definition.ts';
import { mainTemplate } from '../../infra/package/main-template.ts';
import { literal, quoted } from '../../infra/package/template-text.ts';
import { writePackage } from '../../infra/package/write-package.ts';
import { hasTypes, misfits, TYPES } from './azure-types.ts';
import { contentRoot, messageOf, withFiles } from '../fixtures/infra-content/runs.ts';

type Json = Record<string, unknown>;
interface Resource extends Json {
  readonly type: string;
  readonly name: string;
  readonly apiVersion: string;
  readonly dependsOn?: readonly string[];
  readonly properties: Json;
}

const repository = fileURLToPath(new URL('../..', import.meta.url));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
interface Template {
  readonly parameters: Record<string, Json>;
  readonly variables: Json;
  readonly resources: Resource[];
}
interface Wizard {
  readonly parameters: {
    readonly steps: { readonly name: string; readonly elements: Json[] }[];
    readonly outputs: Json;
  };
}
type Content = ReturnType<typeof readContent>;
const templateOf = (content: Content): Template => plain(mainTemplate(content)) as Template;
const wizardOf = (content: Content): Wizard => plain(createUiDefinition(content)) as Wizard;

/** Every text of a value, keys left out. */
const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};

/** What Azure makes of a text: an expression, or the text itself. */
const read = (text: string): { readonly expression?: string; readonly text?: string } => {
  if (!text.startsWith('[') || !text.endsWith(']')) return { text };
  return text.startsWith('[[') ? { text: text.slice(1) } : { expression: text.slice(1, -1) };
};

/** What is wrong with a template expression: brackets, quotes, unknown parameters and functions. */
function expressionProblems(expression: string, parameters: ReadonlySet<string>, functions: RegExp): readonly string[] {
  const withoutStrings = expression.replaceAll(/'(?:[^']|'')*'/g, "''");
  let depth = 0;
  for (const character of withoutStrings) {
    if (character === '(' || character === '[') depth += 1;
    if (character === ')' || character === ']') depth -= 1;
    if (depth < 0) return [`${expression}: closes too often`];
  }
  const named = [...expression.matchAll(/parameters\('([^']*)'\)/g)].map(([, name = '']) => name);
  const called = [...withoutStrings.matchAll(/([A-Za-z]\w*)\(/g)].map(([, name = '']) => name);
  return [
    ...(depth === 0 ? [] : [`${expression}: does not close`]),
    ...(withoutStrings.replaceAll("''", '').includes("'") ? [`${expression}: open string`] : []),
    ...named.filter((name) => !parameters.has(name)).map((name) => `${expression}: no parameter ${name}`),
    ...called.filter((name) => !functions.test(name)).map((name) => `${expression}: no function ${name}`),
  ];
}

const ARM = /^(?:concat|parameters|resourceId|extensionResourceId|resourceGroup|uniqueString|guid)$/;
const WIZARD =
  /^(?:basics|steps|map|filter|contains|toLower|resourceGroup|parse|concat|first|and|equals|location|greater|length|subscription)$/;

const contents = [
  { of: 'the fixture', content: readContent(contentRoot) },
  { of: 'the repository', content: readContent(repository) },
  {
    of: 'nothing',
    content: { functions: [], hunts: [], watchlists: [], rules: [], workbooks: [] },
  },
];

describe.for(contents)('the package of $of', ({ content }) => {
  const template = templateOf(content);
  const ui = wizardOf(content);
  const inner = template.resources.flatMap(({ properties }) => {
    const nested = properties['mainTemplate'] as { resources: Resource[] } | undefined;
    return nested?.resources ?? [];
  });
  const all = [...template.resources, ...inner];
  const parameters = new Set(Object.keys(template.parameters));

  test('every resource has type, API version and a name of as many parts as its type', () => {
    for (const { type, apiVersion, name } of all) {
      expect(apiVersion, name).toMatch(/^\d{4}-\d\d-\d\d(?:-preview)?$/);
      expect(type).toMatch(/^Microsoft\.\w+(?:\/\w+)+$/i);
      expect(name, type).not.toBe('');
    }
  });

  test('no resource is there twice', () => {
    const keys = template.resources.map(({ type, name }) => `${type} ${name}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('every expression parses and names parameters that there are', () => {
    const expressions = textsIn(template).flatMap((text) => read(text).expression ?? []);
    expect(expressions.length).toBeGreaterThan(10);
    expect(expressions.flatMap((expression) => expressionProblems(expression, parameters, ARM))).toEqual([]);
    const wizard = textsIn(ui).flatMap((text) => read(text).expression ?? []);
    expect(wizard.flatMap((expression) => expressionProblems(expression, new Set(), WIZARD))).toEqual([]);
  });

  test('every parameter has a default or an answer of the wizard, and the wizard answers nothing else', () => {
    const answers = Object.keys(ui.parameters.outputs);
    expect(answers.filter((name) => !parameters.has(name))).toEqual([]);
    const open = Object.entries(template.parameters).filter(([, { defaultValue }]) => defaultValue === undefined);
    expect(open.map(([name]) => name).filter((name) => !answers.includes(name))).toEqual([]);
    // Content Hub hands over these three, whether or not there is a workbook that needs the region.
    const given = ['location', 'workspace-location', 'workspace'];
    const text = JSON.stringify(template);
    const unused = [...parameters].filter((name) => !text.includes(`parameters('${name}')`));
    expect(unused.filter((name) => !given.includes(name))).toEqual([]);
  });

  test('what a resource depends on is in the template', () => {
    const own = new Set(
      template.resources.map(({ type, name }) => {
        const last = /'\/(?:Microsoft\.SecurityInsights\/)?([^']*)'\)\]$/.exec(name)?.[1];
        return `${type.split('/').at(-1)} ${last}`;
      }),
    );
    for (const { name, dependsOn = [] } of template.resources)
      for (const id of dependsOn) {
        const [, type, last] = /\/(\w+)',(?: parameters\('workspace'\)(?:\),|,))? ?'([^']*)'\)\]$/.exec(
          id.replace(/^\[extensionResourceId\(resourceId\('[^']*', parameters\('workspace'\)\),/, '[x('),
        ) ?? ['', '', ''];
        expect(own, `${name}: ${id}`).toContain(`${type} ${last}`);
      }
  });

  test('every query comes back as it was read', () => {
    const found = (type: string, of: readonly Resource[]): Map<string, unknown> =>
      new Map(
        of
          .filter((resource) => resource.type.endsWith(type))
          .map(({ properties }) => [
            String(read(String(properties['displayName'])).text),
            read(String(properties['query'] ?? properties['serializedData'])).text,
          ]),
      );
    const searches = found('/savedSearches', inner);
    for (const { name, query } of content.functions) {
      expect(searches.get(name)).toBe(query);
      expect(found('/savedSearches', template.resources).get(name)).toBe(query);
    }
    for (const { name, query } of content.hunts) expect(searches.get(name)).toBe(query);
    const rules = found('/AlertRuleTemplates', inner);
    for (const { name, query } of content.rules) expect(rules.get(name)).toBe(query);
    const workbooks = found('/workbooks', inner);
    for (const { displayName, serializedData } of content.workbooks)
      expect(workbooks.get(displayName)).toBe(serializedData);
  });

  test('the solution lists every item, and each has a template', () => {
    const solution = template.resources.find(({ type }) => type.endsWith('/contentPackages'));
    const dependencies = solution?.properties['dependencies'] as
      | { criteria: { kind: string; contentId: string }[] }
      | undefined;
    const criteria = dependencies?.criteria ?? [];
    const listed = (kind: string) => criteria.filter((one) => one.kind === kind).map(({ contentId }) => contentId);
    expect(listed('Parser')).toEqual(content.functions.map(({ name }) => name));
    expect(listed('AnalyticsRule')).toEqual(content.rules.map(({ id }) => id));
    expect(listed('HuntingQuery')).toEqual(content.hunts.map(({ id }) => id));
    expect(listed('Workbook')).toEqual(content.workbooks.map(({ file }) => file));
    expect(listed('Watchlist')).toEqual(content.watchlists.map(({ alias }) => alias));
    const templates = template.resources.filter(({ type }) => type.endsWith('/contentTemplates'));
    const kinds = templates.map(
      ({ properties }) => `${String(properties['contentKind'])} ${String(properties['contentId'])}`,
    );
    const wanted = criteria
      .filter(({ kind }) => kind !== 'Watchlist')
      .map(({ kind, contentId }) => `${kind} ${contentId}`);
    expect(kinds).toEqual(wanted);
  });

  test('every table of the product is there with every column', () => {
    const columns = template.resources
      .filter(({ type }) => type.endsWith('/tables'))
      .map(({ properties }) => {
        const schema = properties['schema'] as { name: string; columns: { name: string }[] };
        return [schema.name, schema.columns.map(({ name }) => name)];
      });
    expect(columns).toEqual(tables.map(({ name, columns: of }) => [name, Object.keys(of)]));
  });

  test('no rule is enabled, no secret is asked for or carried, no tenant is named', () => {
    // What queries look for may be called a password; nothing else may.
    const isContent = (key: string): boolean => ['query', 'description', 'tags', 'text'].includes(key);
    const text = JSON.stringify([template, ui], (key, value: unknown) => (isContent(key) ? '' : value));
    expect(text).not.toMatch(/secure(?:string|object)|password|AccountKey|SharedAccess|sig=|BEGIN [A-Z ]*PRIVATE/i);
    expect(text).not.toMatch(/subscriptions\/[0-9a-f]{8}-/i);
    const rules = inner.filter(({ type }) => type.endsWith('/AlertRuleTemplates'));
    expect(rules.map(({ properties }) => properties['enabled'])).toEqual(content.rules.map(() => false));
  });
});

describe.skipIf(!hasTypes)(`the template and Azure's types${hasTypes ? '' : ` (skipped: no ${TYPES})`}`, () => {
  // A rule's template holds what becomes a rule; Content Hub takes these from it, the type does not name them.
  const ofRules =
    /^\$\.properties\.(?:enabled|suppressionEnabled|suppressionDuration|incidentConfiguration): not a property/;

  test('every resource fits, those within templates, too', () => {
    const { resources } = templateOf(readContent(contentRoot));
    const inner = resources.flatMap(
      ({ properties }) => (properties['mainTemplate'] as { resources: Resource[] } | undefined)?.resources ?? [],
    );
    const problems = [...resources, ...inner].flatMap((resource) => {
      const { type, apiVersion, dependsOn: _ids, condition: _condition, ...body } = resource;
      // What lies below a workspace is an extension of it: its type is that of the extension.
      const own = type.replace('Microsoft.OperationalInsights/workspaces/providers/', 'Microsoft.SecurityInsights/');
      const name = body.name.startsWith('[') ? 'expression' : body.name;
      const found = misfits(own, apiVersion, { ...body, name }) ?? ['no published type to check with'];
      return found
        .filter((problem) => !(own.endsWith('/AlertRuleTemplates') && ofRules.test(problem)))
        .map((problem) => `${own} ${body.name} ${problem}`);
    });
    expect(problems).toEqual([]);
  });
});

test('a watchlist that has items of the SOC can be left out', () => {
  const { resources } = templateOf(readContent(contentRoot));
  const lists = resources.filter(({ type }) => type.endsWith('/Watchlists'));
  expect(lists.map((one) => one['condition'])).toEqual([
    "[parameters('seedWatchlists')]",
    "[parameters('seedWatchlists')]",
  ]);
  expect(lists[1]?.properties).toMatchObject({ watchlistAlias: 'DemoSensitiveLabels', itemsSearchKey: 'LabelId' });
});

test('the wizard lists rules, hunts, workbooks and watchlists, and no page for what is not there', () => {
  const steps = (content: Content) =>
    wizardOf(content).parameters.steps.map(({ name, elements }) => [
      name,
      elements.filter(({ type }) => type === 'Microsoft.Common.Section').length,
    ]);
  const content = readContent(contentRoot);
  expect(steps(content)).toEqual([
    ['analytics', 3],
    ['huntingqueries', 2],
    ['workbooks', 2],
    ['watchlists', 2],
  ]);
  expect(steps({ ...content, rules: [], watchlists: [] })).toEqual([
    ['huntingqueries', 2],
    ['workbooks', 2],
  ]);
});

test('the wizard offers the workspaces of the chosen group, and not those of a group whose name it begins', () => {
  const { basics, outputs } = wizardOf(readContent(contentRoot)).parameters as unknown as {
    readonly basics: { readonly name: string; readonly constraints?: { readonly allowedValues: string } }[];
    readonly outputs: Json;
  };
  const lists = [
    basics.find(({ name }) => name === 'workspace')?.constraints?.allowedValues,
    outputs['workspace-location'],
  ].map((text) => /contains\((.+?), toLower\(concat\((.+?)\)\)\)/.exec(String(text)));
  const part = ({ group }: { readonly group: string }, parts = ''): string =>
    parts
      .split(', ')
      .map((one) => (one === 'resourceGroup().name' ? group : one.replaceAll("'", '')))
      .join('')
      .toLowerCase();
  for (const list of lists) {
    expect(list?.[1]).toBe('toLower(filter.id)');
    const idIn = (group: string): string =>
      `/subscriptions/s/resourcegroups/${group}/providers/microsoft.operationalinsights/workspaces/rg-soc`;
    const wanted = part({ group: 'RG-soc' }, list?.[2]);
    expect(['rg-soc', 'rg-soc-2', 'my-rg-soc'].filter((group) => idIn(group).includes(wanted))).toEqual(['rg-soc']);
  }
});

test.for([
  ['T | take 1', 'T | take 1'],
  ['[a]', '[[a]'],
  ['[a', '[a'],
  ['["x"] | y', '["x"] | y'],
] as const)('text %s is written %s', ([text, written]) => {
  expect(literal(text)).toBe(written);
  expect(read(written)).toEqual({ text });
});

test("a quote in an expression's string is doubled", () => expect(quoted("it's")).toBe("'it''s'"));

describe('npm run package', () => {
  test('writes the same two files every time', () => {
    const directory = mkdtempSync(join(tmpdir(), 'infra-package-'));
    try {
      const out = join(directory, 'out');
      const run = () => {
        const printed = execFileSync(process.execPath, ['infra/package/main.ts', '--out', out], {
          cwd: repository,
          encoding: 'utf8',
        });
        return [
          printed,
          ...['mainTemplate.json', 'createUiDefinition.json'].map((name) => readFileSync(join(out, name), 'utf8')),
        ];
      };
      const first = run();
      expect(run()).toEqual(first);
      expect(first[0]).toMatch(/mainTemplate\.json \d+ bytes\n.*createUiDefinition\.json \d+ bytes\n$/);
      expect(JSON.parse(first[1] ?? '')).toEqual(plain(mainTemplate(readContent(repository))));
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('refuses content that the deployment refuses, and a template that is too large for Azure', () => {
    const out = (root: string) => writePackage(root, join(root, 'out'));
    expect(messageOf(() => withFiles({ 'watchlists/None.csv': '' }, out))).toContain('watchlists/None.csv: empty');
    const csv = `Key\n${'0123456789\n'.repeat(200_000)}`;
    expect(messageOf(() => withFiles({ 'watchlists/One.csv': csv, 'watchlists/Two.csv': csv }, out))).toMatch(
      /mainTemplate\.json: \d+ bytes; a template has at most 4194304/,
    );
  });
});
