/** Workbook parameters inside queries: `{TimeRange}`, `{Users}`, `{TimeRange:start}`, `{Param:label}`. */

/** A parameter as a workbook declares it (Azure Workbooks: KqlParameterItem). */
export interface WorkbookParameter {
  readonly name: string;
  /** 1 text, 2 drop-down, 4 time range, 5 resource, 6 subscription, 10 options group. */
  readonly type: number;
  readonly value?: unknown;
  readonly quote?: string;
  readonly multiSelect?: boolean;
}

/** A text with its placeholders replaced. */
export interface Substituted {
  readonly text: string;
  /** The character of the original that a character of the text comes from. */
  readonly toOriginal: (offset: number) => number;
  /** Placeholders that no parameter stands for, with their place in `text`. */
  readonly undeclared: readonly { readonly name: string; readonly offset: number }[];
}

const PLACEHOLDER = /\{([A-Za-z_]\w*)(?::([A-Za-z]+))?\}/g;
const TIME_RANGE = 4;

// Azure Workbooks, "Time parameters": what each form of a time range is written as.
const timeRangeForms: Readonly<Record<string, string>> = {
  start: 'datetime(2026-01-01T00:00:00.000Z)',
  end: 'datetime(2026-01-02T00:00:00.000Z)',
  startISO: '2026-01-01T00:00:00.000Z',
  endISO: '2026-01-02T00:00:00.000Z',
  grain: '5m',
  seconds: '86400',
  label: 'Last 24 hours',
};

function defaultOf({ type, value, quote = '' }: WorkbookParameter, form: string): string {
  if (type === TIME_RANGE) return timeRangeForms[form] ?? '> ago(1d)';
  const first: unknown = Array.isArray(value) ? value[0] : value;
  const chosen = typeof first === 'string' || typeof first === 'number' ? String(first) : '';
  // `value::all` means every value; the author sets what it is written as.
  const plain = chosen === '' || chosen.startsWith('value::') ? '*' : chosen;
  return form === 'label' ? plain : `${quote}${plain}${quote}`;
}

/** Replaces every placeholder by a value of its parameter, so that the text can be bound. */
export function substitute(original: string, parameters: readonly WorkbookParameter[]): Substituted {
  const shifts: { at: number; from: number; isValue: boolean }[] = [{ at: 0, from: 0, isValue: false }];
  const undeclared: { name: string; offset: number }[] = [];
  let text = '';
  let from = 0;
  for (const { 0: whole, 1: name = '', 2: form = '', index } of original.matchAll(PLACEHOLDER)) {
    text += original.slice(from, index);
    const parameter = parameters.find((candidate) => candidate.name === name);
    if (parameter === undefined) undeclared.push({ name, offset: text.length });
    shifts.push({ at: text.length, from: index, isValue: true });
    text += parameter === undefined ? whole : defaultOf(parameter, form);
    from = index + whole.length;
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
