/** The membrane before Microsoft Graph: tokens become names just before a request leaves, and names tokens after it. */
import type { Answer, Graph, ListAnswer, NoAnswer } from '../graph/contract.ts';
import { isObject } from '../records/json-value.ts';
import type { Pseudonyms } from './pseudonyms.ts';

const SHARED = /^\/shares\/u!([\w-]+)/;
const MEETING = /\/onlineMeetings\/([^/?]+)/;
const USER = /^\/users(?:\/[^/?]+|\('[^/?]+'\))(?:\?|$)/;

// It stays owed, and is asked for when the person is met again.
const notMet: NoAnswer = {
  kind: 'failed',
  failure: 'unavailable',
  detail: 'pseudonym of somebody who was not met since the start',
};

/** Graph for whoever knows tokens only. */
export function pseudonymousGraph(graph: Graph, { reveal, value, person, text }: Pseudonyms): Graph {
  /** Undefined when somebody in the path is not known. */
  function toPath(path: string): string | undefined {
    const shared = SHARED.exec(path)?.[1];
    const meeting = MEETING.exec(path)?.[1];
    const inside = shared ?? (meeting === undefined ? undefined : decodeURIComponent(meeting));
    if (inside === undefined) return reveal(path);
    const revealed = reveal(Buffer.from(inside, 'base64').toString());
    if (revealed === undefined) return undefined;
    const bytes = Buffer.from(revealed);
    return shared === undefined
      ? reveal(path.replace(meeting ?? '', encodeURIComponent(bytes.toString('base64'))))
      : path.replace(shared, bytes.toString('base64url'));
  }

  /** Of a user every name is one, whatever it looks like. */
  function user(body: unknown): unknown {
    if (!isObject(body)) return value(body);
    const out: Record<string, unknown> = {};
    for (const [key, inner] of Object.entries(body)) {
      const isName = /^(?:id|userPrincipalName|mail|displayName)$/.test(key) && typeof inner === 'string';
      out[key] = isName ? person(inner) : key === 'manager' ? user(inner) : value(inner);
    }
    return out;
  }

  const items = (answer: ListAnswer): ListAnswer =>
    answer.kind === 'found' ? { kind: 'found', items: answer.items.map(value) } : answer;

  return {
    async get(version, path): Promise<Answer> {
      const asked = toPath(path);
      if (asked === undefined) return notMet;
      const answer = await graph.get(version, asked);
      if (answer.kind !== 'found') return answer;
      return { kind: 'found', body: USER.test(path) ? user(answer.body) : value(answer.body) };
    },
    async list(version, path) {
      const asked = toPath(path);
      return asked === undefined ? notMet : items(await graph.list(version, asked));
    },
    async text(version, path, signal) {
      const asked = toPath(path);
      if (asked === undefined) return notMet;
      const answer = await graph.text(version, asked, signal);
      return answer.kind === 'found' ? { ...answer, text: text(answer.text) } : answer;
    },
    [Symbol.asyncDispose]: () => graph[Symbol.asyncDispose](),
  };
}
