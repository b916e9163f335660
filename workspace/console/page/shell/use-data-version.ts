import { useEffect, useRef, useState } from 'react';
import { useStatus } from './use-status.ts';

// While rows come in, the version changes with every answer: tiles follow, but leave the machine to the collector.
const PAUSE_MS = 15_000;
// Afterwards each pass of the collector leaves a row of health, and the figures hardly change.
const SETTLED_PAUSE_MS = 60_000;

/** The version of the data that tiles show: follows the server's at most every 15 seconds, later every minute. */
export function useDataVersion(): number {
  const { status } = useStatus();
  const current = status?.version ?? 0;
  const isSettled = status?.steps.every(({ state }) => state === 'done') === true;
  const [shown, setShown] = useState(current);
  // The answers that the page opens with are new, too.
  const changed = useRef(0);
  if (changed.current === 0) changed.current = Date.now();
  useEffect(() => {
    if (current === shown) return undefined;
    const follow = (): void => {
      changed.current = Date.now();
      setShown(current);
    };
    const wait = changed.current + (isSettled ? SETTLED_PAUSE_MS : PAUSE_MS) - Date.now();
    const timer = setTimeout(follow, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [current, shown, isSettled]);
  return shown;
}
