/** `format_datetime` and `format_timespan`: the documented specifiers and delimiters, everything else is refused. */
import { KqlError } from '../errors.ts';
import { ticksPerDay, ticksPerHour, ticksPerMinute, ticksPerSecond, toParts } from '../values/calendar.ts';
import type { Datetime, Timespan } from '../values/types.ts';

// As in the documentation of both functions; the engine answers anything else (T, K, zzz, \:) with an error.
const delimiters = ' /-:,._[]';
const datetimeSpecifiers = /yyyy|yy|y|MM|M|dd|d|HH|H|hh|h|mm|m|ss|s|tt|f{1,7}|F{1,7}/y;
const timespanSpecifiers = /d{1,8}|HH|H|hh|h|mm|m|ss|s|f{1,7}|F{1,7}/y;

/** Reads a format into specifiers and delimiters, once per format. */
function formatReader(specifiers: RegExp, name: string): (format: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (format) => {
    let tokens = known.get(format);
    if (tokens === undefined) {
      tokens = tokensOf(format, specifiers, name);
      // Formats that come from data must not fill the memory.
      if (known.size > 1000) known.clear();
      known.set(format, tokens);
    }
    return tokens;
  };
}

function tokensOf(format: string, specifiers: RegExp, name: string): readonly string[] {
  const tokens: string[] = [];
  for (let at = 0; at < format.length;) {
    specifiers.lastIndex = at;
    const specifier = specifiers.exec(format)?.[0];
    const token = specifier ?? format.charAt(at);
    if (specifier === undefined && !delimiters.includes(token)) refuse(format, token, name);
    tokens.push(token);
    at += token.length;
  }
  return tokens;
}

function refuse(format: string, token: string, name: string): never {
  throw new KqlError(
    `${name}: '${token}' in the format '${format}' is no specifier: use y, M, d, H, h, m, s, f, F, tt and the delimiters '${delimiters}'`,
    { code: 'runtime' },
  );
}

const pad = (value: number | bigint, width: number): string => String(value).padStart(width, '0');

/** `f` digits of a fraction of seven; `F` digits without zeros at the end. */
function fractionOf(digits: string, token: string): string {
  const cut = digits.slice(0, token.length);
  return token.startsWith('f') ? cut : cut.replace(/0+$/, '');
}

const datetimeTokens = formatReader(datetimeSpecifiers, 'format_datetime');

/** @throws KqlError for a specifier that the engine has not */
export function formatDatetimeAs({ ticks }: Datetime, format: string): string {
  const { year, month, day, hour, minute, second, fraction } = toParts(ticks);
  let text = '';
  for (const token of datetimeTokens(format)) {
    const width = token.length;
    switch (token.charAt(0)) {
      case 'y':
        text += width === 4 ? pad(year, 4) : pad(year % 100, width);
        break;
      case 'M':
        text += pad(month, width);
        break;
      case 'd':
        text += pad(day, width);
        break;
      case 'H':
        text += pad(hour, width);
        break;
      case 'h':
        text += pad(hour % 12 === 0 ? 12 : hour % 12, width);
        break;
      case 'm':
        text += pad(minute, width);
        break;
      case 's':
        text += pad(second, width);
        break;
      case 't':
        text += hour < 12 ? 'AM' : 'PM';
        break;
      case 'f':
      case 'F':
        text += fractionOf(pad(fraction, 7), token);
        break;
      default:
        text += token;
    }
  }
  return text;
}

const timespanTokens = formatReader(timespanSpecifiers, 'format_timespan');

/** A minus comes first where the timespan is negative. @throws KqlError for a specifier that the engine has not */
export function formatTimespanAs({ ticks }: Timespan, format: string): string {
  const size = ticks < 0n ? -ticks : ticks;
  let text = ticks < 0n ? '-' : '';
  for (const token of timespanTokens(format)) {
    const width = token.length;
    switch (token.charAt(0)) {
      case 'd':
        text += pad(size / ticksPerDay, width);
        break;
      case 'H':
      case 'h':
        text += pad((size / ticksPerHour) % 24n, width);
        break;
      case 'm':
        text += pad((size / ticksPerMinute) % 60n, width);
        break;
      case 's':
        text += pad((size / ticksPerSecond) % 60n, width);
        break;
      case 'f':
      case 'F':
        text += fractionOf(pad(size % ticksPerSecond, 7), token);
        break;
      default:
        text += token;
    }
  }
  return text;
}
