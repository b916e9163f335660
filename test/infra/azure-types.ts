/** Azure's published resource types (Azure/bicep-types-az), and what in a request body does not fit them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Ref {
  readonly $ref: string;
}
interface Property {
  readonly type: Ref;
  readonly flags: number;
}
type Properties = Readonly<Record<string, Property>>;
interface Type {
  readonly $type: string;
  readonly name?: string;
  readonly value?: string;
  readonly properties?: Properties;
  readonly additionalProperties?: Ref;
  readonly itemType?: Ref;
  readonly elements?: readonly Ref[] | Readonly<Record<string, Ref>>;
  readonly discriminator?: string;
  readonly baseProperties?: Properties;
  readonly body?: Ref;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minValue?: number;
  readonly maxValue?: number;
}
// Flags of a property: bicep-types, ObjectTypePropertyFlags.
const REQUIRED = 1;
const READ_ONLY = 2;
const DEEPEST = 40;

/** Where the types are, when they are. */
export const TYPES = fileURLToPath(new URL('../../../shared/schemas/arm', import.meta.url));
export const hasTypes = existsSync(TYPES);

type Values = Readonly<Record<string, unknown>>;
const isValues = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const kindOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);

const loaded = new Map<string, readonly Type[]>();
function load(file: string): readonly Type[] {
  const types = loaded.get(file) ?? (JSON.parse(readFileSync(file, 'utf8')) as readonly Type[]);
  loaded.set(file, types);
  return types;
}

/** The file that holds a type; workbooks have one of their own. Undefined when it was not published here. */
function fileOf(armType: string, apiVersion: string): string | undefined {
  const namespace = (armType.split('/')[0] ?? '').toLowerCase();
  const folders = armType.endsWith('/workbooks') ? [`${namespace}.workbooks`] : [namespace];
  return folders.map((folder) => join(TYPES, folder, apiVersion, 'types.json')).find((file) => existsSync(file));
}

/** What of a body does not fit its type, each as `path: problem`; undefined when the type is not among those here. */
export function misfits(armType: string, apiVersion: string, body: unknown): readonly string[] | undefined {
  const file = fileOf(armType, apiVersion);
  if (file === undefined) return undefined;
  const types = load(file);
  const named = `${armType}@${apiVersion}`.toLowerCase();
  const resource = types.find(({ $type, name }) => $type === 'ResourceType' && name?.toLowerCase() === named);
  if (resource?.body === undefined) return undefined;
  return checked(types, resource.body, body, '$', 0);
}

function checked(types: readonly Type[], ref: Ref, value: unknown, at: string, depth: number): readonly string[] {
  const typeOf = (one: Ref): Type => types[Number(one.$ref.slice(one.$ref.lastIndexOf('/') + 1))] as Type;
  const type = typeOf(ref);
  if (depth > DEEPEST) return [];
  const expected = (what: string): readonly string[] => [`${at}: expected ${what}, got ${kindOf(value)}`];
  switch (type.$type) {
    case 'AnyType':
    case 'BuiltInType':
      return [];
    case 'BooleanType':
      return typeof value === 'boolean' ? [] : expected('boolean');
    case 'StringLiteralType':
      return value === type.value ? [] : [`${at}: expected '${type.value}', got ${JSON.stringify(value)}`];
    case 'StringType':
      if (typeof value !== 'string') return expected('string');
      return [
        ...(value.length < (type.minLength ?? 0) ? [`${at}: shorter than ${type.minLength}`] : []),
        ...(value.length > (type.maxLength ?? Infinity) ? [`${at}: longer than ${type.maxLength}`] : []),
        ...(type.pattern !== undefined && !new RegExp(type.pattern).test(value)
          ? [`${at}: '${value}' does not match ${type.pattern}`]
          : []),
      ];
    case 'IntegerType':
      // Bicep has no fractions: it calls every number an integer.
      if (typeof value !== 'number') return expected('number');
      return [
        ...(value < (type.minValue ?? -Infinity) ? [`${at}: below ${type.minValue}`] : []),
        ...(value > (type.maxValue ?? Infinity) ? [`${at}: above ${type.maxValue}`] : []),
      ];
    case 'ArrayType':
      if (!Array.isArray(value)) return expected('array');
      return value.flatMap((item, index) => checked(types, type.itemType as Ref, item, `${at}[${index}]`, depth + 1));
    case 'UnionType':
      return union(type);
    case 'ObjectType':
      return object(type.properties ?? {}, type.additionalProperties, type.name);
    case 'DiscriminatedObjectType': {
      if (!isValues(value)) return expected('object');
      const kind = value[type.discriminator as string];
      const elements = type.elements as Readonly<Record<string, Ref>>;
      const element = elements[String(kind)];
      if (element === undefined) {
        return [`${at}.${type.discriminator}: ${JSON.stringify(kind)} is none of ${Object.keys(elements).join(', ')}`];
      }
      const chosen = typeOf(element);
      return object({ ...type.baseProperties, ...chosen.properties }, undefined, chosen.name);
    }
    default:
      throw new Error(`${at}: a type of kind ${type.$type}, which is not known here`);
  }

  function union(of: Type): readonly string[] {
    const elements = of.elements as readonly Ref[];
    const literals = elements.map(typeOf).flatMap((one) => (one.value === undefined ? [] : [one.value]));
    const fits = elements.some((one) => checked(types, one, value, at, depth + 1).length === 0);
    // Azure's enumerations are open: what is not documented is said, as a value to be looked at.
    if (!fits || (typeof value === 'string' && literals.length > 0 && !literals.includes(value))) {
      return [`${at}: ${JSON.stringify(value)} is none of ${literals.join(', ')}`];
    }
    return [];
  }

  function object(properties: Properties, more: Ref | undefined, name = 'object'): readonly string[] {
    if (!isValues(value)) return expected(name);
    const missing = Object.entries(properties)
      .filter(([key, { flags }]) => (flags & REQUIRED) !== 0 && (flags & READ_ONLY) === 0 && value[key] === undefined)
      .map(([key]) => `${at}.${key}: required by ${name}`);
    const wrong = Object.entries(value).flatMap(([key, item]) => {
      const property = properties[key];
      const path = `${at}.${key}`;
      if (item === undefined) return [];
      if (property === undefined) {
        if (more !== undefined) return checked(types, more, item, path, depth + 1);
        const near = Object.keys(properties).find((one) => one.toLowerCase() === key.toLowerCase());
        return [`${path}: not a property of ${name}${near === undefined ? '' : ` (did you mean ${near}?)`}`];
      }
      if ((property.flags & READ_ONLY) !== 0 && depth > 0) return [`${path}: read-only`];
      return checked(types, property.type, item, path, depth + 1);
    });
    return [...missing, ...wrong];
  }
}
