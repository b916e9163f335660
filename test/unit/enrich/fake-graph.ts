/** Microsoft Graph as an object: answers by path, notes what was asked. */
import type { Answer, Graph, ListAnswer } from '../../../collector/graph/contract.ts';

export interface FakeGraph extends Graph {
  /** `<version> <path>` of each call, decoded. */
  readonly calls: string[];
}

export const missing: Answer & ListAnswer = { kind: 'missing' };
export const forbidden: Answer & ListAnswer = { kind: 'forbidden', detail: '403 Authorization_RequestDenied' };
export const failed = (failure: 'throttled' | 'unavailable' | 'unreadable' | 'refused'): Answer & ListAnswer => ({
  kind: 'failed',
  failure,
  detail: failure === 'unavailable' ? 'no connection' : '429 TooManyRequests',
});
export const found = (body: unknown): Answer => ({ kind: 'found', body });
export const list = (...items: readonly unknown[]): ListAnswer => ({ kind: 'found', items });

/** Answers by the start of `<version> <path>`; the first that fits; else missing. */
export type Answers = Readonly<Record<string, unknown>>;

export function fakeGraph(answers: Answers | ((call: string) => unknown)): FakeGraph {
  const calls: string[] = [];
  const answer = async (version: string, path: string): Promise<unknown> => {
    const call = `${version} ${decodeURIComponent(path)}`;
    calls.push(call);
    if (typeof answers === 'function') return (await answers(call)) ?? missing;
    const name = Object.keys(answers).find((start) => call.startsWith(start));
    return (name === undefined ? undefined : await answers[name]) ?? missing;
  };
  return {
    calls,
    get: (version, path) => answer(version, path) as Promise<Answer>,
    list: (version, path) => answer(version, path) as Promise<ListAnswer>,
    text: () => Promise.resolve({ kind: 'missing' }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
