import type { Alteration } from '../fault.ts';
import type { Reply } from '../reply.ts';

/** Spoils the types in a good JSON answer, each time in another way; undefined for what is no JSON object. */
export const wrongTypes: Alteration = (reply, _call, nth) => {
  const way = ways[nth % ways.length];
  if (way === undefined || typeof reply.body !== 'string') return undefined;
  const body: unknown = JSON.parse(reply.body);
  if (typeof body !== 'object' || body === null) return undefined;
  return withBody(reply, way(body));
};

const withBody = (reply: Reply, body: unknown): Reply => ({ ...reply, body: JSON.stringify(body) });

const mapped = (body: object, change: (value: unknown) => unknown): unknown =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [name, change(value)]));

const ways: readonly ((body: object) => unknown)[] = [
  (body) => mapped(body, (value) => (typeof value === 'string' ? [value] : value)),
  () => null,
  (body) => ({ ...body, value: null }),
  (body) => mapped(body, (value) => (typeof value === 'string' ? 42 : typeof value === 'boolean' ? 'yes' : 'none')),
  (body) => [body],
  () => 'Service under maintenance',
];
