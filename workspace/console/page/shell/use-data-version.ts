import { useEffect, useRef, useState } from 'react';
import { useStatus } from './use-status.ts';

// While rows come in, the version changes with every answer: tiles follow, but leave the machine to the collector.
const PAUSE_MS = 15_000;

/** The version of the data that tiles show: follows the server's at most every 15 seconds. */
export function useDataVersion(): number {
  const current = useStatus().status?.version ?? 0;
  const [shown, setShown] = useState(current);
  const changed = useRef(0);
  useEffect(() => {
    if (current === shown) return undefined;
    const follow = (): void => {
      changed.current = Date.now();
      setShown(current);
    };
    const wait = changed.current + PAUSE_MS - Date.now();
    const timer = setTimeout(follow, Math.max(0, wait));
    return () => clearTimeout(timer);
  }, [current, shown]);
  return shown;
}
