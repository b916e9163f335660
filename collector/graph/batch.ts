/** The body of a `$batch` and of its answer (learn.microsoft.com/graph/json-batching). */
import { z } from 'zod';
import type { Problem } from './outcome.ts';

/** Most requests that a batch may hold. */
export const BATCH_SIZE = 20;

/** The answer to one request of a batch. */
export interface Item {
  readonly problem: Problem | undefined;
  readonly body: unknown;
  /** Share of the application's limit that is used up (x-ms-throttle-limit-percentage: 0.8 to 1.8), 0 when not said. */
  readonly usedShare: number;
}

const itemShape = z.object({
  id: z.union([z.string(), z.int().transform(String)]),
  status: z.int(),
  headers: z.record(z.string(), z.unknown()).catch({}),
  body: z.unknown().optional(),
});
const answerShape = z.object({ responses: z.array(z.unknown()) });
const errorShape = z.object({
  error: z.object({ code: z.string().catch(''), message: z.string().catch('') }),
});
const noError = { error: { code: '', message: '' } };

/** The body of a batch of GETs; the first has the id "1". */
export const toBatch = (paths: readonly string[]): string =>
  JSON.stringify({ requests: paths.map((url, index) => ({ id: String(index + 1), method: 'GET', url })) });

function headerOf(headers: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

function toItem({ status, headers, body }: z.infer<typeof itemShape>): Item {
  const usedShare = Number(headerOf(headers, 'x-ms-throttle-limit-percentage') ?? 0) || 0;
  if (status >= 200 && status < 300) return { problem: undefined, body, usedShare };
  const { error } = errorShape.catch(noError).parse(body);
  const retryAfter = headerOf(headers, 'retry-after');
  return { problem: { status, ...error, ...(retryAfter !== undefined && { retryAfter }) }, body: undefined, usedShare };
}

/**
 * Reads the answer to a batch: its items by id, in any order. An id that comes twice has no answer, since nothing says
 * which is true. Undefined when it is no answer to a batch; throws a SyntaxError when it is not JSON.
 */
export function readBatch(text: string): ReadonlyMap<string, Item> | undefined {
  const answer = answerShape.safeParse(JSON.parse(text));
  if (!answer.success) return undefined;
  const items = new Map<string, Item>();
  const doubled = new Set<string>();
  for (const response of answer.data.responses) {
    const { data } = itemShape.safeParse(response);
    if (data === undefined) continue;
    if (items.has(data.id)) doubled.add(data.id);
    items.set(data.id, toItem(data));
  }
  for (const id of doubled) items.delete(id);
  return items;
}
