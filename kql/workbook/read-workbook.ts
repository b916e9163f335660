import { z } from 'zod';
import { parameterSchema, readParameter } from './read-parameter.ts';
import { querySchema, readQueryItem } from './read-query-item.ts';
import type { Condition, Item, Link, LinksItem, Parameter, TextItem, Workbook } from './workbook.ts';

const conditionSchema = z.looseObject({
  parameterName: z.string(),
  comparison: z.enum(['isEqualTo', 'isNotEqualTo'], 'must be isEqualTo or isNotEqualTo'),
  value: z.string().nullish(),
});

const itemSchema = z.looseObject({
  type: z.int(),
  name: z.string().nullish(),
  content: z.looseObject({}),
  customWidth: z.union([z.string(), z.number()]).nullish(),
  conditionalVisibility: conditionSchema.nullish(),
  conditionalVisibilities: z.array(conditionSchema).nullish(),
});

const textSchema = z.looseObject({ json: z.string(), style: z.string().nullish() });
const parametersSchema = z.looseObject({ parameters: z.array(z.looseObject({})) });
const groupSchema = z.looseObject({ title: z.string().nullish(), items: z.array(z.unknown()) });
const linksSchema = z.looseObject({
  style: z.string().nullish(),
  links: z.array(
    z.looseObject({
      linkLabel: z.string().nullish(),
      linkTarget: z.string().nullish(),
      subTarget: z.string().nullish(),
      cellValue: z.string().nullish(),
    }),
  ),
});

type Path = readonly (string | number)[];
interface Base {
  readonly name: string;
  readonly path: Path;
  readonly conditions: readonly Condition[];
  readonly width: number;
}

/** The value, or an error that names the field. */
function parse<T>(schema: z.ZodType<T>, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new Error(
    parsed.error.issues
      .map(({ path, message }) => (path.length === 0 ? message : `${path.join('.')}: ${message}`))
      .join('; '),
  );
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const textStyles = ['info', 'warning', 'error', 'success', 'upsell'] as const;

function readText(json: unknown, base: Base): TextItem {
  const { json: markdown, style } = parse(textSchema, json);
  return { ...base, kind: 'text', markdown, style: textStyles.find((each) => each === style) ?? 'plain' };
}

type LinkJson = z.infer<typeof linksSchema>['links'][number];

function readLink({ linkLabel, linkTarget, subTarget, cellValue }: LinkJson): Link {
  const label = linkLabel ?? '';
  if (linkTarget === 'parameter') return { label, action: { set: cellValue ?? '', to: subTarget ?? '' } };
  if (linkTarget === 'Url') return { label, action: { url: cellValue ?? '' } };
  throw new Error(`link ${label} to ${linkTarget ?? 'nothing'} is not rendered here: only parameter and Url`);
}

const toLinkStyle = (style: string | null | undefined): LinksItem['style'] =>
  style === 'tabs' || style === 'nav' ? style : 'list';

function readParameters(json: unknown, base: Base): readonly Item[] {
  const problems: Item[] = [];
  const parameters = parse(parametersSchema, json).parameters.flatMap((each, index): readonly Parameter[] => {
    try {
      return [readParameter(parse(parameterSchema, each))];
    } catch (error) {
      const name = typeof each['name'] === 'string' ? each['name'] : String(index);
      const path = [...base.path, 'content', 'parameters', index];
      problems.push({ ...base, kind: 'problem', path, name, problem: `parameter ${name}: ${messageOf(error)}` });
      return [];
    }
  });
  // The others stay of use.
  return [{ ...base, kind: 'parameters', parameters }, ...problems];
}

function readContent(type: number, json: unknown, base: Base): readonly Item[] {
  switch (type) {
    case 1:
      return [readText(json, base)];
    case 3:
      return [readQueryItem(parse(querySchema, json), base)];
    case 9:
      return readParameters(json, base);
    case 11: {
      const { style, links } = parse(linksSchema, json);
      return [{ ...base, kind: 'links', style: toLinkStyle(style), links: links.map(readLink) }];
    }
    case 12: {
      const { title, items } = parse(groupSchema, json);
      return [
        { ...base, kind: 'group', title: title ?? '', items: readItems(items, [...base.path, 'content', 'items']) },
      ];
    }
    default:
      throw new Error(`type ${type} is not rendered here: only 1 text, 3 query, 9 parameters, 11 links, 12 group`);
  }
}

const nameIn = (json: unknown): string | undefined => {
  const parsed = z.looseObject({ name: z.string().min(1) }).safeParse(json);
  return parsed.success ? parsed.data.name : undefined;
};

const toCondition = ({ parameterName, comparison, value }: z.infer<typeof conditionSchema>): Condition => ({
  parameterName,
  comparison,
  value: value ?? '',
});

function readItem(json: unknown, path: Path): readonly Item[] {
  const name = nameIn(json) ?? path.filter((part) => part !== 'content').join('.');
  let base: Base = { name, path, conditions: [], width: 100 };
  try {
    const item = parse(itemSchema, json);
    const { conditionalVisibility: one, conditionalVisibilities: more } = item;
    const conditions = [...(one === undefined || one === null ? [] : [one]), ...(more ?? [])].map(toCondition);
    const width = Number.parseFloat(String(item.customWidth ?? ''));
    base = { ...base, conditions, width: width > 0 && width <= 100 ? width : 100 };
    return readContent(item.type, item.content, base);
  } catch (error) {
    return [{ ...base, kind: 'problem', problem: messageOf(error) }];
  }
}

const readItems = (items: readonly unknown[], path: Path): readonly Item[] =>
  items.flatMap((item, index) => readItem(item, [...path, index]));

function headingIn(items: readonly Item[]): string | undefined {
  for (const item of items) {
    const heading = item.kind === 'text' ? /^#{1,3} +(.+?) *$/m.exec(item.markdown)?.[1] : undefined;
    if (heading !== undefined) return heading;
  }
  return undefined;
}

const workbookSchema = z.looseObject(
  {
    version: z.literal('Notebook/1.0', 'must be Notebook/1.0'),
    items: z.array(z.unknown()).min(1, 'a workbook without items'),
  },
  'must be an object with version and items',
);

/**
 * Reads a workbook of the gallery, loosely: an item that cannot be rendered becomes one that says why.
 * @throws Error naming file and field where the JSON is no workbook.
 */
export function readWorkbook(file: string, json: unknown): Workbook {
  const parsed = workbookSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const at = issue === undefined || issue.path.length === 0 ? '' : `${issue.path.join('.')}: `;
    throw new Error(`${file}: no workbook: ${at}${issue?.message ?? 'no object'}`);
  }
  const items = readItems(parsed.data.items, ['items']);
  return { file, title: headingIn(items) ?? file, items };
}
