/** Values as Pulumi sends them between program and engine: wrapped where they are secret, unknown or references. */

// Signatures: @pulumi/pulumi/runtime/rpc.js.
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';
const REFERENCE = '5cf8f73096256a8f31e491e813e4eb8e';
const ASSET = 'c44067f5952c0a294b673a41bacd8c17';
const ARCHIVE = '0def7320c3a5731c473e5ecbe6d01bc7';
/** What stands for a value that a preview cannot know. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** Plain data of one object on the wire. */
export type Values = Readonly<Record<string, unknown>>;

/** A wire value as plain JSON, and the paths at which it was marked secret. */
export interface Unwrapped {
  readonly value: Values;
  readonly secretPaths: readonly string[];
}

/** Whether a value is an object with named properties. */
export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The property `name` as an object; empty where it is none. */
export function valuesAt(value: unknown, name: string): Values {
  const found = isValues(value) ? value[name] : undefined;
  return isValues(found) ? found : {};
}

/** The property `name` as text; empty where it is none. */
export function textAt(value: unknown, name: string): string {
  const found = isValues(value) ? value[name] : undefined;
  return typeof found === 'string' ? found : '';
}

/** Takes Pulumi's wrappers off. */
export function unwrap(values: Values): Unwrapped {
  const secretPaths: string[] = [];
  const plain = (value: unknown, at: string): unknown => {
    if (Array.isArray(value)) return value.map((item, index) => plain(item, `${at}[${index}]`));
    if (!isValues(value)) return value;
    switch (value[SIGNATURE]) {
      case SECRET:
        secretPaths.push(at);
        return plain(value['value'], at);
      case OUTPUT:
        if (value['secret'] === true) secretPaths.push(at);
        return 'value' in value ? plain(value['value'], at) : UNKNOWN;
      case REFERENCE:
        return textAt(value, 'id') || textAt(value, 'urn');
      case ASSET:
      case ARCHIVE:
        return { asset: value['path'] ?? value['uri'] ?? value['text'] ?? 'assets' };
      default:
        return plainOf(value, at);
    }
  };
  const plainOf = (value: Values, at: string): Values =>
    Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, plain(item, at === '' ? name : `${at}.${name}`)]),
    );
  return { value: plainOf(values, ''), secretPaths };
}

/** Whether an unknown of a preview is somewhere in the value. */
export function hasUnknown(value: unknown): boolean {
  return JSON.stringify(value)?.includes(UNKNOWN) ?? false;
}
