/** Identities within the JSON of a record, by the names of its fields. */
import { toClientIp } from '../records/client-ip.ts';
import { isGuid, isObject, type RawObject } from '../records/json-value.ts';
import { isSyntheticActor } from '../records/synthetic-actor.ts';
import type { Identities } from './identities.ts';
import type { InText } from './in-text.ts';
import type { Pseudonymized } from './pseudonym-key.ts';
import { type Tokens } from './tokens.ts';

/** Replaces identities in values of the wire. What holds none comes back as the same object. */
export interface InValue {
  /** A value of any shape under a key. */
  readonly value: (value: unknown, key?: string) => unknown;
  /** A field that holds one person, in whatever form: user principal name, object id, PUID, display name. */
  readonly person: (text: string) => string;
}

// The fields of the envelope that always hold an actor.
const ACTOR = /^(?:UserId|UserKey|ActorName|ActorUserId)$/i;
// A GUID under such a name is a person's id: CreatedBy, OwnerId, aadObjectId, enduser.id, UserAssignments.
const PERSON =
  /user|actor|owner|creator|author|person|people|principal|organi[sz]er|manager|member|recipient|sender|employee|account|identit(?:y|ies)|(?:created|modified|approved|requested|invited)_?by|^oid$|aad_?object_?id/i;
// ... though these hold the word: UserType, UserAgent, OwnerTenantId, PersonaId, SessionIdentity, AppIdentity.
const NO_PERSON = /type|agent|tenant|session|persona|app(?:lication)?_?id|client|policy|group|device|environment/i;
const NAME_OF_PERSON = /(?:user|actor|owner|creator|author|organi[sz]er|manager|person)[._]?(?:display_?)?name$/i;
// Names of persons, of files, of applications: a word in Latin letters is none of a person's.
const NAME_OF_WHOM =
  /(?:account|full)[._]?(?:display_?)?name$|^(?:author|owner|creator|organi[sz]er|manager|sender)$|(?:created|modified|approved|requested|invited)_?by$/i;
const WORDS = /\S\s+\S|[^\p{ASCII}]/u;
// Whose interactions were taken out of the tenant.
const ABOUT_PERSON = /^AIInteractionsExport$/i;
// Agents that act as users have ids of their own.
const AGENT_USER = /^\s*SecurityCopilotAgentUser-/i;
const PEOPLE = /people|person/i;
// Membership ends so, too, and holds no address.
const ADDRESS = /ip(?:_?v[46])?_?(?:addr(?:ess)?(?:es)?|s)?$/i;
const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;
const PUID = /^1003[0-9a-f]{12}$/i;
const SID = /^s-1-(?:5-21|12-1)(?:-\d+)+$/i;
// "0", "-": they stand for nobody.
const NOBODY = /^[^\p{L}]{0,3}$/u;
// Claims have an address at their end; it may have a domain of one label: alice@corp.
const BEFORE_LAST_ADDRESS = /[\s|:\\/@]/;
const THREAD = /@(?:thread\.|unq\.gbl\.spaces)/i;
// Field names are letters; what holds more may be a name of somebody.
const NO_FIELD = /[@%\s\d.]|_.*_/;
// Levels of text that hold JSON; records have one.
const MAX_NESTED = 3;
const MAX_DEPTH = 70;

/** For all fields of a record. */
export function inValue(
  options: { readonly tokens: Tokens; readonly identities: Identities; readonly inText: InText },
  what: ReadonlySet<Pseudonymized>,
): InValue {
  const { tokens, identities, inText } = options;
  const hasUsers = what.has('users');

  function person(text: string): string {
    const bare = text.trim();
    if (NOBODY.test(bare) || tokens.isOwn(bare)) return text;
    if (isGuid(bare)) return /^[0-]+$/.test(bare) ? text : identities.toToken('object-id', bare);
    if (PUID.test(bare) || SID.test(bare)) return identities.toToken('user-key', bare);
    const replaced = inText(bare);
    if (replaced !== bare || isSyntheticActor(bare, null) || THREAD.test(bare)) return replaced;
    const address = lastAddress(bare);
    // 8:orgid:<token>, a claim with a token: an earlier pass has been here.
    if ([address ?? '', ...(bare.match(GUID) ?? [])].some((part) => tokens.isOwn(part))) return text;
    if (address !== undefined) return bare.slice(0, -address.length) + identities.toToken('address', address);
    return identities.toToken('name', bare);
  }

  function text(value: string, key: string, nested: number): string {
    const ip = what.has('addresses') && ADDRESS.test(key) ? toClientIp(value) : null;
    if (ip !== null) return tokens.isOwn(ip) ? value : identities.toToken('ip-address', ip);
    if (!hasUsers) return value;
    if (ACTOR.test(key) || isName(value, key)) return person(value);
    if (isGuid(value)) {
      if (PERSON.test(key) && !NO_PERSON.test(key)) return person(value);
      return identities.knownToken('object-id', value) ?? value;
    }
    if (nested < MAX_NESTED && /^\s*[[{]/.test(value)) {
      const inside = parsed(value);
      if (inside !== undefined) {
        const replaced = walk(inside, key, nested + 1, 0);
        return replaced === inside ? value : JSON.stringify(replaced);
      }
    }
    return inText(value);
  }

  function walk(value: unknown, key: string, nested: number, depth: number): unknown {
    if (typeof value === 'string') return text(value, key, nested);
    // The parser refuses what nests as deep, and keeps nothing of it but its beginning.
    if (typeof value !== 'object' || value === null) return value;
    if (depth > MAX_DEPTH) return null;
    if (Array.isArray(value)) return each(value, (item) => walk(item, key, nested, depth + 1));
    return isObject(value) ? object(value, key, nested, depth) : value;
  }

  function object(value: RawObject, above: string, nested: number, depth: number): unknown {
    // { Name: 'enduser.id', Value: '…' }: the name of the value is a value itself.
    const named = nameOf(value);
    const isAboutPerson = typeof value['Operation'] === 'string' && ABOUT_PERSON.test(value['Operation']);
    const isOfAgent = Object.entries(value).some(
      ([key, actor]) => /^UserId$/i.test(key) && typeof actor === 'string' && AGENT_USER.test(actor),
    );
    const isPeople = PEOPLE.test(typeof value['Type'] === 'string' ? value['Type'] : '');
    let out: Record<string, unknown> | undefined;
    for (const [key, inner] of Object.entries(value)) {
      const isValue = named !== undefined && /^(?:original|old|new)?_?value$/i.test(key);
      const replaced =
        isOfAgent && /^User(?:Id|Key)$/i.test(key)
          ? inner
          : hasUsers && isPeople && typeof inner === 'string' && /^(?:Name|Id)$/i.test(key)
            ? person(inner)
            : walk(inner, isValue ? named : toContext(key, isAboutPerson, above), nested, depth + 1);
      // Unknown fields may have any name.
      const name = hasUsers && (key.length > 35 || NO_FIELD.test(key)) ? inText(key) : key;
      if (out === undefined && replaced === inner && name === key) continue;
      out ??= upTo(value, key);
      set(out, name, replaced);
    }
    return out ?? value;
  }

  return { value: (value, key = '') => walk(value, key, 0, 0), person };
}

// Longer than any user principal name, of guests as well.
const MAX_ADDRESS = 400;

/** `alice@corp` at the end of a text; undefined when there is none. */
function lastAddress(text: string): string | undefined {
  const end = text.slice(-MAX_ADDRESS).split(BEFORE_LAST_ADDRESS);
  const [local, domain] = end.slice(-2);
  if (local === undefined || domain === undefined || local === '' || domain === '') return undefined;
  const address = `${local}@${domain}`;
  return text.endsWith(address) ? address : undefined;
}

function isName(value: string, key: string): boolean {
  if (value.includes('@') || /^\s*[[{]/.test(value)) return false;
  return NAME_OF_PERSON.test(key) || (NAME_OF_WHOM.test(key) && WORDS.test(value));
}

/** What tells of whom a value is: `owner.id` for the id of an owner. */
function toContext(key: string, isAboutPerson: boolean, above: string): string {
  if (/^(?:id|name|display_?name)$/i.test(key) && above !== '') return `${above}.${key}`;
  return isAboutPerson && /^ObjectId$/i.test(key) ? 'UserObjectId' : key;
}

function each(items: readonly unknown[], replace: (item: unknown) => unknown): readonly unknown[] {
  const out = items.map(replace);
  return out.every((item, at) => item === items[at]) ? items : out;
}

function upTo(value: RawObject, end: string): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (key === end) break;
    set(out, key, inner);
  }
  return out;
}

/** An own property whatever its name. */
function set(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== '__proto__') target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function nameOf(value: RawObject): string | undefined {
  for (const key of ['Name', 'name', 'Key', 'key', 'Property', 'property', 'PropertyName']) {
    const name = value[key];
    if (typeof name === 'string') return name;
  }
  return undefined;
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
