/** Stored functions as files: leading `//` lines tell what it is for, then `let Name = (parameters) {`, body, `};`. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FunctionDefinition } from './engine/language/schema.ts';

/** A stored function with what its file says beside the code. */
export interface StoredFunction extends FunctionDefinition {
  /** The leading comment, without slashes. */
  readonly documentation: string;
  readonly path: string;
  /** Lines of the file before `let`: add it to a line of a `Position` within the function. */
  readonly lineOffset: number;
}

const HEAD = /^((?:[ \t]*(?:\/\/.*)?\r?\n)*)let\s+([A-Za-z_]\w*)\s*=\s*\(/;
const TAIL = /\}\s*;\s*$/;

/** Where the parenthesis that opens before `from` closes; strings are skipped. */
function closingOf(text: string, from: number): number {
  let depth = 1;
  const tokens = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|[()]/g;
  tokens.lastIndex = from;
  for (let token = tokens.exec(text); token !== null; token = tokens.exec(text)) {
    if (token[0] === '(') depth += 1;
    else if (token[0] === ')') depth -= 1;
    if (depth === 0) return token.index;
  }
  return -1;
}

/** Reads one function file. @throws Error naming the file and what it should hold. */
export function parseFunction(path: string, text: string): StoredFunction {
  const expected = '`//` lines, then `let Name = (parameters) {`, the body, and `};` at the end';
  const fail = (reason: string): Error => new Error(`${path}: ${reason}; a function file holds ${expected}`);
  const head = HEAD.exec(text);
  if (head === null) throw fail('no `let Name = (` after the leading comment');
  const [opening, leading = '', name = ''] = head;
  const close = closingOf(text, opening.length);
  if (close === -1) throw fail('the parameter list does not end');
  const brace = /^\s*\{/.exec(text.slice(close + 1));
  if (brace === null) throw fail('no `{` after the parameter list');
  const tail = TAIL.exec(text);
  const bodyStart = close + 1 + brace[0].length;
  if (tail === null) throw fail('no `};` at the end');
  const fileName = basename(path, '.kql');
  if (name !== fileName) throw fail(`the function is named ${name}, the file ${fileName}: they must agree`);
  const documentation = leading
    .split('\n')
    .map((line) => line.trim().replace(/^\/\/\s?/, ''))
    .join('\n')
    .trim();
  if (documentation === '') throw fail('no leading comment that says what a row is');
  return {
    name,
    parameters: text.slice(opening.length, close),
    body: text.slice(bodyStart, tail.index),
    documentation,
    path,
    lineOffset: leading.split('\n').length - 1,
  };
}

/** The functions of a folder's `.kql` files, by name; none where there is no such folder. @throws Error of `parseFunction`. */
export function readFunctions(directory: string): readonly StoredFunction[] {
  return globSync('*.kql', { cwd: directory })
    .sort()
    .map((file) => join(directory, file))
    .map((path) => parseFunction(path, readFileSync(path, 'utf8')));
}
