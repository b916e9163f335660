import type { ParameterValue, Values } from '../../../../kql/workbook/workbook.ts';

/** What differs in a view from how its workbook opens, by name of the parameter. */
export type Changes = ReadonlyMap<string, ParameterValue>;

// Azure's own word for it.
const ALL = 'value::all';

function toTexts(value: ParameterValue): readonly string[] {
  if (value.kind === 'text') return [value.text];
  if (value.kind === 'choice') return value.isAll ? [ALL] : value.values;
  if ('durationMs' in value) return [String(value.durationMs)];
  return [`${value.from.toISOString()}/${value.to.toISOString()}`];
}

// Ten years: what is longer ends before there are times that a query can name.
const MOST_MS = 3_653 * 86_400_000;

/** A time without a zone is UTC, as everything here is; undefined for what a query cannot name. */
function toMoment(text: string): Date | undefined {
  if (!/^\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?$/.test(text)) return undefined;
  const time = new Date(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

function toTime(text: string): ParameterValue | undefined {
  if (/^\d{1,15}$/.test(text)) {
    const durationMs = Number(text);
    return durationMs > 0 && durationMs <= MOST_MS ? { kind: 'time', durationMs } : undefined;
  }
  const [from, to, ...more] = text.split('/').map(toMoment);
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  return from < to ? { kind: 'time', from, to } : undefined;
}

function toValue(kind: ParameterValue['kind'], texts: readonly string[]): ParameterValue | undefined {
  const [first] = texts;
  if (first === undefined) return undefined;
  if (kind === 'text') return { kind, text: first };
  if (kind === 'time') return toTime(first);
  return texts.includes(ALL) ? { kind, values: [], isAll: true } : { kind, values: texts, isAll: false };
}

/** What stands behind the `?` of an address that opens this view: `TimeRange=86400000&User=a%40contoso.example`. */
export function encodeView(changes: Changes): string {
  const search = new URLSearchParams();
  for (const [name, value] of changes) for (const text of toTexts(value)) search.append(name, text);
  return search.toString();
}

/** Reads an address; what the workbook does not know, or could not be, is left out. */
export function decodeView(search: string, initial: Values): Changes {
  const given = new URLSearchParams(search);
  const changes = new Map<string, ParameterValue>();
  for (const name of new Set(given.keys())) {
    const setting = initial.get(name);
    if (setting === undefined) continue;
    const value = toValue(setting.value.kind, given.getAll(name));
    if (value !== undefined) changes.set(name, value);
  }
  return changes;
}

/** The changes with one more; none where the value is how the workbook opens. */
export function withChange(changes: Changes, initial: Values, name: string, value: ParameterValue): Changes {
  const next = new Map(changes);
  const opened = initial.get(name)?.value;
  const isOpened = opened !== undefined && toTexts(opened).join('\n') === toTexts(value).join('\n');
  // Nothing chosen is nothing to write into an address: the workbook's own choice counts again.
  if (isOpened || toTexts(value).length === 0) next.delete(name);
  else next.set(name, value);
  return next;
}
