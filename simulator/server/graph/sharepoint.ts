/** Sharing addresses, sites, drives and list items. */
import { driveShapes, driveValues, type Values } from './drive-values.ts';
import type { TenantFile } from '../../tenant/documents.ts';
import type { Ask } from './ask.ts';
import type { Directory } from './directory.ts';
import { optionProblem, selected, toExpands, type Shape } from './options.ts';
import { found, noItem, refused, type Outcome } from './outcome.ts';
import { places } from './places.ts';
import type { Resource, ResourceKind, Service, World } from './resource.ts';

const anyOf = ['Sites.Read.All', 'Sites.ReadWrite.All', 'Files.Read.All', 'Files.ReadWrite.All'];
const siteRoles = ['Sites.Read.All', 'Sites.ReadWrite.All'];
const denied = (): Outcome =>
  refused(403, 'accessDenied', 'Either scp or roles claim need to be present in the token.');

/** `shares/…/driveItem`, `sites/…`, and `users/{id}/drive`. */
export function sharepointService(world: World, people: Directory): Service {
  const { tenant } = world;
  const where = places(tenant);
  const values = driveValues(world, where, people);

  function resource(kind: ResourceKind, key: string, roles: readonly string[], answer: () => Outcome): Resource {
    return { kind, key, roles, denied, cost: { of: 'directory', units: 1 }, answer };
  }

  /** Checks the options and selects; `more` is put beside what is selected. */
  function shown(ask: Ask, shape: Shape, all: Values | undefined, more: Values = {}): Outcome {
    const wrong = optionProblem(ask, shape, Object.keys(more));
    if (wrong) return wrong;
    if (!all) return noItem();
    const wanted = new Set(toExpands(ask.options.get('$expand') ?? '').map(({ name }) => name));
    const expanded = Object.entries(more).filter(([name]) => wanted.has(name));
    const context = `${world.origin()}/${ask.version}/$metadata#${shape.type.replace('microsoft.graph.', '')}s/$entity`;
    return found({
      '@odata.context': context,
      ...selected(all, shape, ask.options.get('$select')),
      ...Object.fromEntries(expanded),
    });
  }

  const kept = (file: TenantFile | undefined): TenantFile | undefined =>
    file === undefined || world.isGone(file.id) ? undefined : file;

  function share(ask: Ask, id: string): Resource {
    const address = toSharedAddress(id);
    const file = address && where.fileAt(address);
    return resource('share', file?.id ?? address?.href.toLowerCase() ?? id, anyOf, () => {
      if (address === undefined)
        return refused(400, 'invalidRequest', 'The site in the encoded share URI is invalid or cannot be decoded.');
      if (!where.isOwnHost(address.host))
        return refused(
          400,
          'invalidRequest',
          `The host ${address.host} of the share URI does not belong to this tenant.`,
        );
      const known = kept(file);
      return shown(ask, driveShapes.item, known && values.item(known));
    });
  }

  function site(ask: Ask): Resource | undefined {
    const path = ask.segments.slice(1);
    const { site: one, rest, key } = siteOf(path);
    const [next = '', ...after] = rest.map((segment) => segment.toLowerCase());
    if (rest.length === 0)
      return resource('site', key, siteRoles, () => shown(ask, driveShapes.site, one && values.site(one)));
    if (next === 'drive' && after.length === 0)
      return resource('drive', key, anyOf, () => shown(ask, driveShapes.drive, one && values.drive(one)));
    const [list = '', items, item = '', last] = after;
    if (next !== 'lists' || items !== 'items' || after.length < 3 || after.length > 4) return undefined;
    if (last !== undefined && last !== 'driveitem') return undefined;
    const isList = one && (list === where.detailsOf(one).listId || list === 'documents');
    const byId = kept(where.fileById(item));
    const file = isList && byId?.site === one ? byId : undefined;
    return resource('list-item', `${key}/${item}`, siteRoles, () =>
      last === undefined
        ? shown(ask, driveShapes.listItem, file && values.listItem(file), { fields: file ? values.fields(file) : {} })
        : shown(ask, driveShapes.item, file && values.item(file)),
    );
  }

  /** `{host}:/{path}`, `{host}:/{path}:/…`, or an id. */
  function siteOf(path: readonly string[]) {
    const [first = '', ...others] = path;
    if (!first.endsWith(':')) {
      const one = where.siteById(first);
      return { site: one, rest: others, key: one?.url.toLowerCase() ?? first.toLowerCase() };
    }
    const host = first.slice(0, -1);
    const end = others.findIndex((segment) => segment.endsWith(':'));
    const inside = end < 0 ? others : [...others.slice(0, end), others[end]?.slice(0, -1) ?? ''];
    const server = `/${inside.join('/')}`;
    return {
      site: where.siteAt(host, server),
      rest: end < 0 ? [] : others.slice(end + 1),
      key: `https://${host}${server}`.toLowerCase(),
    };
  }

  function personalDrive(ask: Ask, owner: string): Resource {
    const user = people.find(owner);
    const drive = user && where.driveOf(user.id);
    return resource('drive', drive?.url.toLowerCase() ?? owner.toLowerCase(), anyOf, () => {
      if (!user || world.isGone(user.id)) return refused(404, 'ResourceNotFound', 'User not found.');
      if (!drive) return refused(404, 'ResourceNotFound', "User's mysite not found.");
      return shown(ask, driveShapes.drive, values.drive(drive));
    });
  }

  return (ask) => {
    const [first = '', second = '', third = ''] = ask.segments.map((segment) => segment.toLowerCase());
    const [, id = ''] = ask.segments;
    const { length } = ask.segments;
    if (first === 'shares' && third === 'driveitem' && length === 3) return share(ask, id);
    if (first === 'sites' && second !== '') return site(ask);
    return first === 'users' && third === 'drive' && length === 3 ? personalDrive(ask, id) : undefined;
  };
}

/** The address in a sharing id: `u!` and unpadded base64url; undefined when there is none. */
function toSharedAddress(id: string): URL | undefined {
  const encoded = /^u!([\w-]+)$/.exec(id)?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64url').toString();
  return URL.canParse(text) && text.startsWith('https://') ? new URL(text) : undefined;
}
