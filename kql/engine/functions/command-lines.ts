/** `parse_command_line`: arguments as Windows takes a command line apart (CommandLineToArgvW). */
import { UnsupportedError } from '../errors.ts';
import type { ScalarFunction } from '../scope.ts';
import { binary, text } from './define.ts';

interface Argument {
  readonly text: string;
  /** Where the next one begins. */
  readonly end: number;
}

const isBlank = (character: string): boolean => character === ' ' || character === '\t';

/** The program: quotes group, backslashes mean nothing. */
function readProgram(line: string, start: number): Argument {
  const quoted = line.charAt(start) === '"';
  let at = quoted ? start + 1 : start;
  let program = '';
  for (; at < line.length && (quoted ? line.charAt(at) !== '"' : !isBlank(line.charAt(at))); at += 1)
    program += line.charAt(at);
  return { text: program, end: quoted ? at + 1 : at };
}

/** Of backslashes before a quote, each pair is one and an odd one makes the quote a character. */
function readArgument(line: string, start: number): Argument {
  let argument = '';
  let isQuoted = false;
  let at = start;
  while (at < line.length && (isQuoted || !isBlank(line.charAt(at)))) {
    const [slashes = ''] = /^\\*/.exec(line.slice(at)) ?? [];
    at += slashes.length;
    if (line.charAt(at) !== '"') {
      argument += slashes;
      if (slashes.length > 0) continue;
      argument += line.charAt(at);
    } else {
      argument += '\\'.repeat(slashes.length >> 1);
      if (slashes.length % 2 === 1) argument += '"';
      else if (isQuoted && line.charAt(at + 1) === '"') {
        argument += '"';
        at += 1;
      } else isQuoted = !isQuoted;
    }
    at += 1;
  }
  return { text: argument, end: at };
}

function parseCommandLine(line: string): string[] | null {
  const found: string[] = [];
  let at = 0;
  for (;;) {
    while (at < line.length && isBlank(line.charAt(at))) at += 1;
    if (at >= line.length) return found.length === 0 ? null : found;
    const argument = found.length === 0 ? readProgram(line, at) : readArgument(line, at);
    found.push(argument.text);
    at = argument.end;
  }
}

export const commandLineFunctions: Readonly<Record<string, ScalarFunction>> = {
  parse_command_line: binary(text, text, 'dynamic', (line, kind, site) => {
    if (kind.toLowerCase() === 'windows') return parseCommandLine(line);
    throw new UnsupportedError(`parse_command_line of '${kind}' (Kusto knows 'windows')`, site.node.position);
  }),
};
