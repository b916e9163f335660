import type { Json } from '../schema/index.ts';
import {
  characterCount,
  isLengthMarker,
  isTextLike,
  isTextName,
  lengthMarker,
  type ContentFields,
} from './content-policy.ts';
import { isObject, setOwn, toWellFormed, type RawObject } from './json-value.ts';
import { recordShape, type ObjectShape, type Shape } from './shape.ts';

/** A text that was replaced by its length in characters. */
export interface DroppedText {
  readonly path: string;
  readonly length: number;
}

/** What a reading of a raw value found beside the value itself. */
export interface Findings {
  readonly unknownFields: Readonly<Record<string, Json>>;
  /** Paths of unknown fields with `[]` for every index, each once. */
  readonly unknownPaths: readonly string[];
  readonly droppedContent: readonly DroppedText[];
  readonly isTooDeep: boolean;
}

/** Levels of nesting that are followed. Records have 6; the stack would hold thousands. */
export const MAX_DEPTH = 64;
// One word, so that a second pass leaves it alone.
const TOO_DEEP = '[nested-too-deep]';

/** `canonical` renames known keys and makes null collections empty; `as-sent` changes text only. */
export type Form = 'canonical' | 'as-sent';

interface Reading {
  readonly contentFields: ContentFields;
  readonly form: Form;
  readonly path: (string | number)[];
  readonly unknownFields: Record<string, Json>;
  readonly unknownPaths: Set<string>;
  readonly droppedContent: DroppedText[];
  isTooDeep: boolean;
  sameKeys: number;
}

const PLAIN_KEY = /^[A-Za-z_]\w*$/;

function pathText(path: readonly (string | number)[], index: (at: number) => string): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += index(part);
    else if (!PLAIN_KEY.test(part)) text += `[${JSON.stringify(part)}]`;
    else text += text === '' ? part : `.${part}`;
  }
  return text;
}

const exactPath = (reading: Reading): string => pathText(reading.path, (at) => `[${at}]`);

function noteUnknown(reading: Reading, value: Json): void {
  setOwn(reading.unknownFields, exactPath(reading), value);
  reading.unknownPaths.add(pathText(reading.path, () => '[]'));
}

function drop(text: string, reading: Reading): string {
  reading.droppedContent.push({ path: exactPath(reading), length: characterCount(text) });
  const marker = lengthMarker(text);
  return text.startsWith(marker) ? text : marker;
}

const always = (): boolean => true;
const never = (): boolean => false;

function readText(text: string, isText: (text: string) => boolean, reading: Reading): string {
  const sound = toWellFormed(text);
  if (isText === never || reading.contentFields === 'keep' || sound === '') return sound;
  // A marker of an earlier pass is listed again: the text is still missing.
  return isText(sound) || isLengthMarker(sound) ? drop(sound, reading) : sound;
}

/** A value that JSON cannot carry as it is becomes text or null. */
function readLeaf(value: unknown, isText: (text: string) => boolean, reading: Reading): Json {
  if (typeof value === 'string') return readText(value, isText, reading);
  if (typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  return typeof value === 'number' || typeof value === 'bigint' ? readText(String(value), isText, reading) : null;
}

/** Sets a field under an unknown key; two keys that are the same once dropped stay apart. */
function setUnknown(target: Record<string, Json>, key: string, value: Json, reading: Reading): void {
  let name = key;
  // One counter for the whole record: counting from 2 each time would take hours for a hostile one.
  while (Object.hasOwn(target, name)) name = `${key}#${++reading.sameKeys}`;
  setOwn(target, name, value);
}

function unknownKey(key: string, reading: Reading): string {
  const sound = toWellFormed(key);
  if (reading.contentFields === 'keep' || !isTextLike(sound)) return sound;
  const name = lengthMarker(sound);
  reading.path.push(name);
  reading.droppedContent.push({ path: exactPath(reading), length: characterCount(sound) });
  reading.path.pop();
  return name;
}

function readUnknown(value: unknown, isText: (text: string) => boolean, reading: Reading): Json {
  if (typeof value !== 'object' || value === null) return readLeaf(value, isText, reading);
  if (reading.path.length >= MAX_DEPTH) {
    reading.isTooDeep = true;
    return TOO_DEEP;
  }
  if (Array.isArray(value)) return readEach(value, (item) => readUnknown(item, isText, reading), reading);
  const out: Record<string, Json> = {};
  for (const [key, inner] of Object.entries(value)) {
    const name = unknownKey(key, reading);
    reading.path.push(name);
    setUnknown(out, name, readUnknown(inner, isText === always || isTextName(key) ? always : isText, reading), reading);
    reading.path.pop();
  }
  return out;
}

/** The same array when no item changed: nothing of it is ever written to, and copies would be most of the memory. */
function readEach(value: readonly unknown[], read: (item: unknown) => Json, reading: Reading): readonly Json[] {
  const { path } = reading;
  const depth = path.length;
  path.push(0);
  const out: Json[] = [];
  let isSame = true;
  for (let i = 0; i < value.length; i++) {
    path[depth] = i;
    const item = read(value[i]);
    if (item !== value[i]) isSame = false;
    out.push(item);
  }
  path.pop();
  // oxlint-disable-next-line typescript/consistent-type-assertions -- every item was read as Json and is the same
  return isSame ? (value as readonly Json[]) : out;
}

/** A known field with a value of another kind than it should have: kept, and noted as unknown. */
function readMisfit(value: unknown, isText: (text: string) => boolean, reading: Reading): Json {
  const kept = readUnknown(value, isText, reading);
  noteUnknown(reading, kept);
  return kept;
}

/** Some exports carry an object or an array as JSON text. */
function unpack(value: unknown, opening: '{' | '['): unknown {
  if (typeof value !== 'string' || !value.startsWith(opening)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readKnown(value: unknown, shape: Shape, reading: Reading): Json {
  switch (shape.kind) {
    case 'scalar':
      return typeof value === 'object' && value !== null
        ? readMisfit(value, isTextLike, reading)
        : readLeaf(value, never, reading);
    case 'text':
      return readUnknown(value, always, reading);
    case 'open':
      return readUnknown(value, isTextLike, reading);
    case 'scalar-or-object':
      return readKnown(value, isObject(value) ? shape.object : { kind: 'scalar' }, reading);
    case 'list': {
      if (value === null || value === undefined || value === '')
        return reading.form === 'canonical' ? [] : readLeaf(value, never, reading);
      const items = unpack(value, '[');
      // Where an array belongs, a string may be anything that somebody wrote.
      if (!Array.isArray(items)) return readMisfit(items, always, reading);
      return readEach(items, (item) => readKnown(item, shape.item, reading), reading);
    }
    case 'object': {
      const content = unpack(value, '{');
      if (isObject(content)) return readObject(content, shape, reading);
      return content === null || content === undefined ? null : readMisfit(content, always, reading);
    }
    default:
      return shape satisfies never;
  }
}

/** The same object when its known fields are in canonical casing and nothing in it changed; else a copy. */
function readObject(value: RawObject, shape: ObjectShape, reading: Reading): Json {
  const { path } = reading;
  const keys = Object.keys(value);
  let at = 0;
  for (; at < keys.length; at++) {
    const key = keys[at] ?? '';
    const field = shape.fields.get(key);
    if (field === undefined) break;
    const inner = value[key];
    path.push(field.name);
    const known = readKnown(inner, field.shape, reading);
    path.pop();
    if (known !== inner)
      return readRest(value, keys, at + 1, { ...upTo(value, keys, at), [key]: known }, shape, reading);
  }
  return at === keys.length ? sameJson(value) : readRest(value, keys, at, upTo(value, keys, at), shape, reading);
}

// oxlint-disable-next-line typescript/consistent-type-assertions -- each value was read as Json and came back the same
const sameJson = (value: RawObject): Record<string, Json> => value as Record<string, Json>;

function upTo(value: RawObject, keys: readonly string[], end: number): Record<string, Json> {
  const source = sameJson(value);
  const out: Record<string, Json> = {};
  for (let i = 0; i < end; i++) {
    const key = keys[i] ?? '';
    out[key] = source[key] ?? null;
  }
  return out;
}

function readRest(
  value: RawObject,
  keys: readonly string[],
  from: number,
  out: Record<string, Json>,
  shape: ObjectShape,
  reading: Reading,
): Json {
  const { path } = reading;
  for (let at = from; at < keys.length; at++) {
    const key = keys[at] ?? '';
    const inner = value[key];
    const field = shape.fields.get(key) ?? shape.folded.get(key.toLowerCase());
    // Of several casings of one key the canonical one counts; the others are kept as unknown.
    const isOther =
      field !== undefined &&
      (Object.hasOwn(out, field.name) || (key !== field.name && (value[field.name] ?? null) !== null));
    if (field !== undefined && !isOther) {
      path.push(field.name);
      const known = readKnown(inner, field.shape, reading);
      path.pop();
      out[reading.form === 'canonical' ? field.name : key] = known;
    } else if (isOther && inner === null) continue;
    else if (!key.includes('@odata.')) {
      const name = unknownKey(key, reading);
      path.push(name);
      const isText = field?.shape.kind === 'text' || isTextName(key) ? always : isTextLike;
      const kept = readUnknown(inner, isText, reading);
      noteUnknown(reading, kept);
      path.pop();
      setUnknown(out, name, kept, reading);
    }
  }
  return out;
}

/**
 * Reads a raw value by the shape of an audit record. Total: any value gives JSON. Text is treated by policy, unpaired
 * surrogates are replaced, what nests deeper than 64 levels is cut, and all that is unknown or dropped is listed.
 */
export function readShape(
  raw: unknown,
  contentFields: ContentFields,
  form: Form,
): { readonly value: Json; readonly findings: Findings } {
  const reading: Reading = {
    contentFields,
    form,
    path: [],
    unknownFields: {},
    unknownPaths: new Set(),
    droppedContent: [],
    isTooDeep: false,
    sameKeys: 1,
  };
  const value = isObject(raw) ? readObject(raw, recordShape, reading) : readUnknown(raw, isTextLike, reading);
  const { unknownFields, unknownPaths, droppedContent, isTooDeep } = reading;
  return { value, findings: { unknownFields, unknownPaths: [...unknownPaths], droppedContent, isTooDeep } };
}
