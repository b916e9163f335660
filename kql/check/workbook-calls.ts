import { surroundings } from '../workbook/literal.ts';

/** A call of a function in a query. */
export interface Call {
  readonly name: string;
  readonly offset: number;
  /** Their texts, without spaces around: `name=value` for a named one. */
  readonly arguments: readonly string[];
}

const opening = new Set(['(', '[', '{']);
const closing = new Set([')', ']', '}']);

/** The texts between commas, up to the bracket that closes what stands before `from`. */
function argumentsAt(query: string, from: number, isCode: (offset: number) => boolean): readonly string[] {
  const texts: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < query.length; at += 1) {
    const character = query[at] ?? '';
    if (!isCode(at)) continue;
    if (opening.has(character)) depth += 1;
    if (depth === 0 && (character === ',' || closing.has(character))) {
      texts.push(query.slice(start, at).trim());
      start = at + 1;
    }
    if (closing.has(character)) {
      if (depth === 0) break;
      depth -= 1;
    }
  }
  return texts.length === 1 && texts[0] === '' ? [] : texts;
}

/** Every call of some functions in a query; a name without brackets is a call without arguments. */
export function callsOf(query: string, names: ReadonlySet<string>): readonly Call[] {
  const at = surroundings(query);
  const isCode = (offset: number): boolean => at(offset) === 'code';
  return [...query.matchAll(/\b([A-Za-z_]\w*)\b(\s*\()?/g)].flatMap(({ 0: whole, 1: name = '', 2: bracket, index }) => {
    if (!names.has(name) || !isCode(index)) return [];
    const given = bracket === undefined ? [] : argumentsAt(query, index + whole.length, isCode);
    return { name, offset: index, arguments: given };
  });
}

/** What a call gives a parameter; undefined for its default. `parameters` is `startTime:datetime=..., ...`. */
export function argumentOf(call: Call, parameters: string, parameter: string): string | undefined {
  const named = new RegExp(String.raw`^${parameter}\s*=(?!=)\s*`, 'i');
  const found = call.arguments.find((text) => named.test(text));
  if (found !== undefined) return found.replace(named, '');
  // No default of a shipped function holds a comma.
  const place = parameters.split(',').findIndex((text) => text.trim().toLowerCase().startsWith(`${parameter}:`));
  const text = call.arguments[place];
  return text === undefined || /^[A-Za-z_]\w*\s*=(?!=)/.test(text) ? undefined : text;
}
