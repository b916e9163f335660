import { z } from 'zod';
import type { Choice, ChoiceParameter, Choices, Parameter } from './workbook.ts';

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const LOGS = 0;

/** A parameter as workbooks store it. */
export const parameterSchema = z.looseObject({
  name: z.string().min(1, 'must not be empty'),
  label: z.string().nullish(),
  type: z.int(),
  isRequired: z.boolean().nullish(),
  isHiddenWhenLocked: z.boolean().nullish(),
  multiSelect: z.boolean().nullish(),
  quote: z.string().nullish(),
  delimiter: z.string().nullish(),
  query: z.string().nullish(),
  queryType: z.int().nullish(),
  jsonData: z.string().nullish(),
  value: z.unknown().optional(),
  defaultValue: z.unknown().optional(),
  typeSettings: z
    .looseObject({
      additionalResourceOptions: z.array(z.string()).nullish(),
      selectAllValue: z.string().nullish(),
      selectableValues: z.array(z.looseObject({ durationMs: z.number() })).nullish(),
      allowCustom: z.boolean().nullish(),
    })
    .nullish(),
});
type ParameterJson = z.infer<typeof parameterSchema>;

// Either objects or bare values.
const choicesSchema = z.array(
  z.union([
    z.looseObject({ value: text, label: text.nullish(), selected: z.boolean().nullish() }),
    text.transform((value) => ({ value, label: undefined, selected: undefined })),
  ]),
);

function fixedChoices(jsonData: string): readonly Choice[] {
  let json: unknown;
  try {
    json = JSON.parse(jsonData);
  } catch {
    throw new Error('jsonData is no JSON: write a list of {"value", "label"}');
  }
  const parsed = choicesSchema.safeParse(json);
  if (!parsed.success) throw new Error('jsonData is no list of {"value", "label"}');
  return parsed.data.map(({ value, label, selected }) => ({
    value,
    label: label ?? value,
    isSelected: selected ?? false,
  }));
}

const logsQuery = ({ query, queryType }: ParameterJson): string | undefined => {
  if (query === undefined || query === null || query.trim() === '') return undefined;
  if ((queryType ?? LOGS) !== LOGS) throw new Error(`queryType ${queryType} is not rendered here: only 0, Logs`);
  return query;
};

function toChoices(json: ParameterJson): Choices {
  const query = logsQuery(json);
  if (query !== undefined) return { query };
  return { fixed: json.jsonData === undefined || json.jsonData === null ? [] : fixedChoices(json.jsonData) };
}

const listOf = (value: unknown): readonly string[] => {
  const parsed = z.union([z.array(text), text.transform((one) => (one === '' ? [] : [one]))]).safeParse(value);
  return parsed.success ? parsed.data : [];
};

const ALL = 'value::all';

function allOf({ typeSettings }: ParameterJson, chosen: readonly string[]): ChoiceParameter['all'] {
  const isOffered = typeSettings?.additionalResourceOptions?.includes(ALL) ?? false;
  if (!isOffered && !chosen.includes(ALL)) return undefined;
  const value = typeSettings?.selectAllValue ?? '';
  return value === '' ? { every: true } : { value };
}

const durationSchema = z.looseObject({ durationMs: z.number().positive() });
const dayMs = 24 * 3_600_000;

/** Reads a parameter. @throws Error saying what of it cannot be rendered. */
export function readParameter(json: ParameterJson): Parameter {
  const base = {
    name: json.name,
    label: json.label ?? json.name,
    isRequired: json.isRequired ?? false,
    isHidden: json.isHiddenWhenLocked ?? false,
  };
  const given = json.value ?? json.defaultValue;
  switch (json.type) {
    case 1:
      return { ...base, kind: 'text', value: listOf(given).join(','), query: logsQuery(json) };
    case 2:
    case 10: {
      const value = listOf(given);
      return {
        ...base,
        kind: 'choice',
        style: json.type === 2 ? 'drop-down' : 'options',
        choices: toChoices(json),
        value,
        isMultiple: json.multiSelect ?? false,
        quote: json.quote ?? '',
        delimiter: json.delimiter ?? ',',
        all: allOf(json, value),
      };
    }
    case 4: {
      const parsed = durationSchema.safeParse(given);
      return {
        ...base,
        kind: 'time',
        durationsMs: (json.typeSettings?.selectableValues ?? []).map(({ durationMs }) => durationMs),
        isCustomAllowed: json.typeSettings?.allowCustom ?? false,
        // What the portal starts with.
        durationMs: parsed.success ? parsed.data.durationMs : dayMs,
      };
    }
    default:
      throw new Error(`type ${json.type} is not rendered here: only 1 text, 2 drop-down, 4 time range, 10 options`);
  }
}
