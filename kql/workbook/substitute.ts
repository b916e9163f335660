import { cellText } from './cell-text.ts';
import { inert, type Surroundings, surroundings, toLiteral } from './literal.ts';
import { timeText } from './time-range.ts';
import type { ChoiceParameter, ParameterValue, Setting, Values } from './workbook.ts';

/** A text with its placeholders replaced. */
export interface Substituted {
  readonly text: string;
  /** The character of the original that a character of the text comes from. */
  readonly toOriginal: (offset: number) => number;
  /** Placeholders that no value stands for, with their place in `text`, where they are left as they are. */
  readonly undeclared: readonly { readonly name: string; readonly offset: number }[];
}

/** One `{Name:form}` of a text. */
export interface Placeholder {
  readonly name: string;
  /** What stands behind the colon: `label`, `start`, `$.Field`; '' for nothing. */
  readonly form: string;
  readonly offset: number;
  readonly length: number;
}

const PLACEHOLDER = /\{([A-Za-z_]\w*)(?::([A-Za-z]+|\$(?:\.\w+)+))?\}/g;

/** Every placeholder of a text in order; whether a value stands for it is another question. */
export const placeholders = (text: string): readonly Placeholder[] =>
  [...text.matchAll(PLACEHOLDER)].map(({ 0: whole, 1: name = '', 2: form = '', index }) => ({
    name,
    form,
    offset: index,
    length: whole.length,
  }));

/** Replaces what values stand for, by what `write` makes of them. */
function replaced(
  original: string,
  values: Values,
  write: (setting: Setting, placeholder: Placeholder) => string,
): Substituted {
  const shifts: { at: number; from: number; isValue: boolean }[] = [{ at: 0, from: 0, isValue: false }];
  const undeclared: { name: string; offset: number }[] = [];
  let text = '';
  let from = 0;
  for (const placeholder of placeholders(original)) {
    const { name, offset, length } = placeholder;
    text += original.slice(from, offset);
    const setting = values.get(name);
    if (setting === undefined) undeclared.push({ name, offset: text.length });
    shifts.push({ at: text.length, from: offset, isValue: true });
    from = offset + length;
    text += setting === undefined ? original.slice(offset, from) : write(setting, placeholder);
    shifts.push({ at: text.length, from, isValue: false });
  }
  text += original.slice(from);
  const toOriginal = (offset: number): number => {
    const shift = shifts.findLast(({ at }) => at <= offset);
    if (shift === undefined) return offset;
    return shift.isValue ? shift.from : shift.from + offset - shift.at;
  };
  return { text, toOriginal, undeclared };
}

function field(json: string, path: string): string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // As Azure documents it: what is no JSON has no fields.
    return '';
  }
  for (const name of path.split('.').slice(1))
    value =
      typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined;
  return cellText(value);
}

/** What readers see of a value. */
export function labelOf(value: ParameterValue, now: Date): string {
  if (value.kind === 'time') return timeText(value, 'label', now);
  if (value.kind === 'text') return value.text;
  return value.isAll ? 'All' : (value.labels ?? value.values).join(', ');
}

function chosenText(
  { isAll, values }: Extract<ParameterValue, { kind: 'choice' }>,
  parameter: ChoiceParameter | undefined,
  where: Surroundings,
): string {
  const { quote = '', delimiter = ',', all } = parameter ?? {};
  const written = isAll && all !== undefined && 'value' in all ? [all.value] : values;
  // Nothing chosen is one empty text, as in Azure: `in ('')` matches nothing.
  const texts = written.length === 0 ? [''] : written;
  const fixed = parameter !== undefined && 'fixed' in parameter.choices ? parameter.choices.fixed : [];
  const isOfFile = (text: string): boolean =>
    (isAll && all !== undefined && 'value' in all) || fixed.some(({ value }) => value === text);
  if (quote === '')
    return texts.map((text) => (where === 'code' && isOfFile(text) ? text : inert(text, where))).join(delimiter);
  const quoted = texts.map((text) => {
    if (quote === "'" || quote === '"') return toLiteral(text, quote);
    return `${quote}${inert(text, 'comment').replaceAll(quote, '')}${quote}`;
  });
  return where === 'code' ? quoted.join(delimiter) : inert(quoted.join(delimiter), where);
}

function inQuery({ value, parameter }: Setting, form: string, where: Surroundings, now: Date): string {
  // What is no value of a label, as text, may hold anything.
  if (form === 'label') return inert(labelOf(value, now), where);
  if (value.kind === 'time') return timeText(value, form, now);
  if (value.kind === 'choice') return chosenText(value, parameter?.kind === 'choice' ? parameter : undefined, where);
  // `escapejson` is how a literal in double quotes is written in Azure: here every value is escaped for its place.
  return inert(form.startsWith('$') ? field(value.text, form) : value.text, where);
}

/**
 * Puts values into a query. Whatever a value holds, it stays a value: one that comes from data cannot end the literal
 * it stands in. Choices get the quotes of their parameter; a time range is `> ago(7d)` or `between (.. )`.
 */
export function substitute(query: string, values: Values, now: Date): Substituted {
  const at = surroundings(query);
  return replaced(query, values, (setting, { form, offset }) => inQuery(setting, form, at(offset), now));
}

function asText({ value }: Setting, form: string, now: Date): string {
  if (value.kind === 'time') return timeText(value, form === '' ? 'label' : form, now);
  return value.kind === 'text' && form.startsWith('$') ? field(value.text, form) : labelOf(value, now);
}

/** Puts values into a title or a message, as readers see them. */
export const substituteText = (text: string, values: Values, now: Date): string =>
  replaced(text, values, (setting, { form }) => asText(setting, form, now)).text;

/** A text that Markdown shows as it is: no link, no emphasis, no HTML, no new paragraph. */
export const escapeMarkdown = (text: string): string =>
  text
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/[!"#$%'()*+,\-./:=>?@[\\\]^_`{|}~]/g, String.raw`\$&`);

/** Puts values into Markdown as literal text, as readers see them. */
export const substituteMarkdown = (markdown: string, values: Values, now: Date): string =>
  replaced(markdown, values, (setting, { form }) => escapeMarkdown(asText(setting, form, now))).text;
