/** The body of a new audit query: what it may hold, and which records it asks for. */
import { isWireObject, textOf, type WireObject } from './audit-query-elements.ts';
import type { AuditSpan } from './audit-query-log.ts';
import { refused, type Outcome } from './outcome.ts';

/** A query as it was asked for. */
export interface AuditFilter {
  readonly span: AuditSpan;
  /** Operations asked for; none: all. */
  readonly operations: readonly string[];
  /** The filter properties as answers repeat them. */
  readonly shown: WireObject;
}

const texts = ['displayName', 'keywordFilter', 'serviceFilter'] as const;
const lists = [
  'recordTypeFilters',
  'operationFilters',
  'userPrincipalNameFilters',
  'ipAddressFilters',
  'objectIdFilters',
  'administrativeUnitIdFilters',
] as const;
const times = ['filterStartDateTime', 'filterEndDateTime'] as const;
// The resource page has a collection, the page of the POST a text.
const known: readonly string[] = ['@odata.type', ...times, ...texts, ...lists, 'serviceFilters'];
const typeName = '#microsoft.graph.security.auditLogQuery';
const timeForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/i;

const bad = (message: string): Outcome => refused(400, 'BadRequest', message);
const invalid = (): Outcome => bad('Invalid request data');
const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');

/** Reads the body of a POST; an outcome says why it is refused. */
export function toFilter(text: string): AuditFilter | Outcome {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return bad('Unable to read JSON request payload.');
  }
  if (!isWireObject(body)) return bad('Unable to read JSON request payload.');
  const unknown = Object.keys(body).find((name) => !known.includes(name));
  if (unknown !== undefined)
    return bad(`The property '${unknown}' does not exist on type 'microsoft.graph.security.auditLogQuery'.`);
  if ((body['@odata.type'] ?? typeName) !== typeName) return invalid();
  if (texts.some((name) => typeof (body[name] ?? '') !== 'string')) return invalid();
  if ([...lists, 'serviceFilters'].some((name) => !isTexts(body[name] ?? []))) return invalid();
  // An enumeration in camel case; answers have it in Pascal case.
  if (strings(body['recordTypeFilters']).some((name) => !/^[a-z]\w*$/.test(name))) return invalid();
  const [start, end] = times.map((name) => textOf(body[name]));
  if (start === undefined || end === undefined || !timeForm.test(start) || !timeForm.test(end)) return invalid();
  const [startMs, endMs] = [Date.parse(start), Date.parse(end)];
  if (Number.isNaN(startMs) || Number.isNaN(endMs) || endMs < startMs) return invalid();
  const span = { startMs, endMs, isWanted: wanted(body) };
  return { span, operations: [...lowered(body['operationFilters'])], shown: shown(body, startMs, endMs) };
}

/** Filters join by "and"; userPrincipalNameFilters and administrative units are taken and do nothing. */
function wanted(body: WireObject): AuditSpan['isWanted'] {
  const operations = lowered(body['operationFilters']);
  const recordTypes = lowered(body['recordTypeFilters']);
  const addresses = lowered(body['ipAddressFilters']);
  const objects = lowered(body['objectIdFilters']);
  const services = lowered([textOf(body['serviceFilter']), ...strings(body['serviceFilters'])]);
  const keyword = textOf(body['keywordFilter']).toLowerCase();
  const passes = (names: ReadonlySet<string>, value: unknown): boolean =>
    names.size === 0 || names.has(textOf(value).toLowerCase());
  const needsRecord = addresses.size + objects.size + services.size + keyword.length > 0;
  return ({ operation, recordType }, record) => {
    if (!passes(operations, operation) || !passes(recordTypes, recordType)) return false;
    if (!needsRecord) return true;
    const data = record();
    return (
      passes(addresses, data['ClientIP']) &&
      passes(objects, data['ObjectId']) &&
      passes(services, data['Workload']) &&
      (keyword === '' || JSON.stringify(data).toLowerCase().includes(keyword))
    );
  };
}

const strings = (value: unknown): readonly string[] => (isTexts(value) ? value : []);
const lowered = (value: unknown): ReadonlySet<string> =>
  new Set(
    strings(value)
      .filter((name) => name !== '')
      .map((name) => name.toLowerCase()),
  );

function shown(body: WireObject, startMs: number, endMs: number): WireObject {
  const toText = (ms: number): string => new Date(ms).toISOString().replace(/\.000Z$/, 'Z');
  return {
    displayName: textOf(body['displayName']),
    filterStartDateTime: toText(startMs),
    filterEndDateTime: toText(endMs),
    recordTypeFilters: strings(body['recordTypeFilters']).map(
      (name) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`,
    ),
    keywordFilter: textOf(body['keywordFilter']),
    serviceFilter: textOf(body['serviceFilter']),
    ...Object.fromEntries(lists.slice(1).map((name) => [name, strings(body[name])])),
  };
}
