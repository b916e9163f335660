/** The address behind the `#` as wouter wants it: a path without, and a search with, what follows the `?`. */
import { useSyncExternalStore } from 'react';
import { splitHash } from './hash.ts';

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

const navigate = (to: string): void => {
  window.location.hash = to;
};

/** The path, and how to go to another. */
export const useHashPath = (): [string, (to: string) => void] => [
  useSyncExternalStore(subscribe, () => splitHash(window.location.hash).path),
  navigate,
];

/** The search, without its `?`. */
export const useHashSearch = (): string =>
  useSyncExternalStore(subscribe, () => splitHash(window.location.hash).search);
