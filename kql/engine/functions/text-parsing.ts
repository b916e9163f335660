/** Functions that take text of a known format apart. */
import type { ScalarFunction } from '../scope.ts';
import { asString, convert } from '../values/convert.ts';
import { toBag } from '../values/json.ts';
import { type Bag, Decimal, type Value } from '../values/types.ts';
import { binary, json, text, unary } from './define.ts';
import { atPath } from './json-path.ts';

/** The fields of the first record. */
function parseCsv(source: string): string[] {
  const fields: string[] = [];
  let field = '';
  let isQuoted = false;
  for (let at = 0; at < source.length; at += 1) {
    const character = source.charAt(at);
    if (isQuoted) {
      if (character !== '"') field += character;
      else if (source.charAt(at + 1) === '"') {
        field += '"';
        at += 1;
      } else isQuoted = false;
    } else if (character === '"') isQuoted = true;
    else if (character === ',') {
      fields.push(field);
      field = '';
    } else if (character === '\n' || character === '\r') break;
    else field += character;
  }
  fields.push(field);
  return fields;
}

const toParameters = (query: string): Bag =>
  toBag(
    query
      .split('&')
      .filter((pair) => pair !== '')
      .map((pair) => {
        const equals = pair.indexOf('=');
        return equals < 0 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      }),
  );

const url =
  /^(?:([A-Za-z][\w+.-]*):\/\/)?(?:([^:@/?#]*)(?::([^@/?#]*))?@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d+))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;

function parseUrl(source: string): Bag {
  const [, scheme, user, password, host, port, path, query, fragment] = url.exec(source) ?? [];
  return {
    Scheme: scheme ?? '',
    Host: host ?? '',
    Port: port ?? '',
    Path: path ?? '',
    Username: user ?? '',
    Password: password ?? '',
    'Query Parameters': toParameters(query ?? ''),
    Fragment: fragment ?? '',
  };
}

function parsePath(source: string): Bag {
  const [, scheme = '', path = ''] = /^(?:([A-Za-z][\w+.-]*):\/\/)?(.*)$/s.exec(source) ?? [];
  const [root = ''] = /^[A-Za-z]:[\\/]?/.exec(path) ?? [];
  const [, stream = ''] = /:([^\\/:]+)$/.exec(path.slice(root.length)) ?? [];
  const file = stream === '' ? path : path.slice(0, -stream.length - 1);
  const end = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  const directory = file.slice(0, Math.max(0, end));
  const name = file.slice(end + 1);
  const dot = name.lastIndexOf('.');
  return {
    Scheme: scheme,
    RootPath: root,
    DirectoryPath: directory,
    DirectoryName: directory.slice(Math.max(directory.lastIndexOf('/'), directory.lastIndexOf('\\')) + 1),
    Filename: name,
    Extension: dot > 0 ? name.slice(dot + 1) : '',
    AlternateDataStreamName: stream,
  };
}

/** One number that orders as versions do: up to four parts of up to eight digits; null for other text. */
function parseVersion(source: string): Decimal | null {
  const parts = source.trim().split('.');
  if (parts.length > 4 || !parts.every((part) => /^\d{1,8}$/.test(part))) return null;
  const padded = [...parts, '', '', ''].slice(0, 4).map((part) => part.padStart(8, '0'));
  return new Decimal(padded.join(''));
}

/** `extract_json(path, text [, typeof(type)])`. */
const extractJson: ScalarFunction = (args, site) => {
  const type = args.length > 2 ? (site.node.type ?? 'string') : 'string';
  const found = (path: string, value: Value): Value => {
    const at = atPath(value, path);
    return type === 'string' ? asString(at) : convert(at, type);
  };
  return binary(text, json, type, found)(args, site);
};

export const textParsingFunctions: Readonly<Record<string, ScalarFunction>> = {
  parse_csv: unary(text, 'dynamic', parseCsv),
  parse_url: unary(text, 'dynamic', parseUrl),
  parse_urlquery: unary(text, 'dynamic', (query) => ({
    'Query Parameters': toParameters(query.replace(/^\?/, '')),
  })),
  parse_path: unary(text, 'dynamic', parsePath),
  parse_version: unary(text, 'decimal', parseVersion),
  extract_json: extractJson,
  extractjson: extractJson,
};
