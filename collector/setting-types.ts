/** The types that settings have: from text to a checked value, or what is wrong with it. */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { enricherNames } from './enrich/facts.ts';
import { MIN_KEY_BYTES, pseudonymized } from './pseudonyms/pseudonym-key.ts';
import { toExportAddresses } from './sources/storage-export/address.ts';
import { toContainerAddress } from './state/container-address.ts';

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** Immutable id of a data collection rule. */
export const RULE_ID = /^dcr-[0-9a-f]{32}$/;
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export const guid = z.string().regex(GUID, 'must be a GUID, for example 00000000-0000-4000-8000-000000000001');
export const whole = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be a whole number from ${min} to ${max}`);
export const path = z.string().refine(isAbsolute, 'must be an absolute path');
export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });
/** A directory, or what `toRemote` makes of an https URL; `form` says what that must look like. */
const place = <T>(form: string, toRemote: (url: URL) => T | undefined) =>
  z.string().transform((value, context): T | { readonly kind: 'directory'; readonly path: string } => {
    if (!value.includes('://')) return { kind: 'directory', path: value };
    const url = URL.parse(value);
    if (url?.protocol === 'file:' && url.host === '') return { kind: 'directory', path: fileURLToPath(url) };
    // Azure's libraries send no token over plain http, not even on this machine.
    const remote = url?.protocol === 'https:' && url.search === '' && url.username === '' ? toRemote(url) : undefined;
    if (remote !== undefined) return remote;
    context.addIssue({ code: 'custom', message: `must be file:///directory or ${form}` });
    return z.NEVER;
  });
export const rowsPlace = place('https://host of the data collection endpoint, without path or query', (url) =>
  url.pathname === '/' ? { kind: 'endpoint' as const, url: url.origin } : undefined,
);
export const statePlace = place('https://account.blob.core.windows.net/container, without key or query', ({ href }) => {
  try {
    toContainerAddress(href);
    return { kind: 'container' as const, url: href.replace(/\/+$/, '') };
  } catch {
    return undefined;
  }
});
export const headers = z.string().transform((value, context) => {
  const found: Record<string, string> = {};
  for (const item of value.split(',').filter((one) => one.trim() !== '')) {
    const [, name, text] = /^\s*([^=\s]+)\s*=(.*)$/.exec(item) ?? [];
    try {
      if (name === undefined || text === undefined) throw new URIError(item);
      found[name] = decodeURIComponent(text.trim());
    } catch {
      context.addIssue({ code: 'custom', message: 'must be name=value, separated by commas, percent-encoded' });
      return z.NEVER;
    }
  }
  return found;
});
/** Whether nobody can listen in: https, or plain http on this machine. */
const isPrivate = (url: URL): boolean =>
  url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
/** An origin that tokens go to. */
export const origin = z.string().transform((value, context) => {
  const url = URL.parse(value);
  if (url !== null && isPrivate(url) && url.pathname === '/' && url.search === '') return url.origin;
  context.addIssue({ code: 'custom', message: 'must be https://host without a path: a bearer token goes there' });
  return z.NEVER;
});
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== ''),
);
/** Containers and folders that exports lie in. */
export const exportAddresses = list.transform((items, context) => {
  try {
    return toExportAddresses(items);
  } catch (error) {
    context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) });
    return z.NEVER;
  }
});
const enricher = oneOf(enricherNames);
/** Names of enrichers; `none` alone is none. */
export const enrichers = list.transform((items, context) => {
  const names = items.length === 1 && items[0] === 'none' ? [] : items;
  const parsed = z.array(enricher).safeParse(names);
  if (parsed.success) return parsed.data;
  context.addIssue({ code: 'custom', message: `must be none, or some of ${enricherNames.join(', ')}` });
  return z.NEVER;
});
/** What is replaced by tokens; `none` alone is nothing. */
export const pseudonymize = list.transform((items, context) => {
  const names = items.length === 1 && items[0] === 'none' ? [] : items;
  const parsed = z.array(oneOf(pseudonymized)).safeParse(names);
  if (parsed.success && (parsed.data.length === 0 || parsed.data.includes('users'))) return parsed.data;
  context.addIssue({ code: 'custom', message: 'must be none, users, or users,addresses' });
  return z.NEVER;
});
/** A key of random bytes; a word or a repeated byte is none. */
export const pseudonymKeyBytes = z.string().transform((value, context) => {
  const bytes = Buffer.from(value, 'base64');
  const problem = !/^[\w+/-]+={0,2}$/.test(value)
    ? 'must be base64'
    : bytes.length < MIN_KEY_BYTES
      ? `has ${bytes.length} bytes, and a key has at least ${MIN_KEY_BYTES}`
      : new Set(bytes).size < MIN_KEY_BYTES / 2
        ? 'repeats few bytes, and is not random'
        : undefined;
  if (problem === undefined) return bytes;
  context.addIssue({ code: 'custom', message: `${problem}: make one with openssl rand -base64 32` });
  return z.NEVER;
});
export const recordTypes = list.transform((items, context) => {
  const types = new Map<number, string>();
  for (const item of items) {
    const [, code, name] = /^(\d{1,9})=([A-Za-z]\w*)$/.exec(item) ?? [];
    if (code === undefined || name === undefined) {
      context.addIssue({ code: 'custom', message: `has "${item}", which is not number=Name` });
      return z.NEVER;
    }
    types.set(Number(code), name);
  }
  return types;
});
/** A URL that headers with a key may go to. */
export const receiver = z.string().transform((value, context) => {
  const url = URL.parse(value);
  if (url !== null && isPrivate(url)) return url.href;
  context.addIssue({
    code: 'custom',
    message: 'must be https://host, or http on this machine: its headers may hold a key',
  });
  return z.NEVER;
});

/** A value as it may be shown: of a URL host and path only, because the rest may be a signature or a password. */
export function shown(value: string): string {
  const url = value.includes('://') ? URL.parse(value) : null;
  if (url === null) return value;
  const isWhole = url.search === '' && url.hash === '' && url.username === '' && url.password === '';
  return isWhole ? value : `${url.protocol}//${url.host}${url.pathname} (shortened)`;
}
