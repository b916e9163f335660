import { z } from 'zod';
import { readText, type HttpClient } from '../http.ts';
import type { ListAnswer } from './contract.ts';
import { failed, toFailed, toFinal } from './outcome.ts';
import type { Pace } from './pace.ts';

// 999 users with their plans are about 10 MB.
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const MAX_PAGES = 1000;
const MAX_ITEMS = 200_000;

const pageShape = z.object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().nullish() });

/** Reads every page of a collection from `first` on. Never rejects. */
export async function readPages(
  first: string,
  options: {
    readonly http: HttpClient;
    readonly pace: Pace;
    readonly signalOf: () => AbortSignal;
    readonly now: () => number;
  },
): Promise<ListAnswer> {
  const { http, pace, signalOf, now } = options;
  const items: unknown[] = [];
  const visited = new Set<string>();
  try {
    for (let next: string | undefined = first; next !== undefined;) {
      const url: URL = http.sameHost(next);
      if (visited.has(url.href)) return failed('unreadable', 'pages lead in a circle');
      if (visited.size >= MAX_PAGES) return failed('unreadable', `more than ${MAX_PAGES} pages`);
      visited.add(url.href);
      pace.take(1);
      const reply = await http.send('GET', url, signalOf());
      if (!reply.ok) return toFinal(reply, now());
      const page = pageShape.safeParse(JSON.parse(await readText(reply.body, MAX_PAGE_BYTES)));
      if (!page.success) return failed('unreadable', 'the answer is no page of a list');
      for (const item of page.data.value) items.push(item);
      if (items.length > MAX_ITEMS) return failed('unreadable', `more than ${MAX_ITEMS} items`);
      next = page.data['@odata.nextLink'] || undefined;
    }
    return { kind: 'found', items };
  } catch (error) {
    return toFailed(error);
  }
}
