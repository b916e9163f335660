import type { ReactNode } from 'react';
import { useStatus } from '../shell/use-status.ts';

/** Asks everything again; says so where rows have come in since. */
export function RefreshButton({
  version,
  onRefresh,
}: {
  /** Of the rows that are shown. */
  readonly version: number;
  readonly onRefresh: (version: number) => void;
}): ReactNode {
  const current = useStatus().status?.version ?? version;
  const isBehind = current !== version;
  return (
    <button type="button" className={isBehind ? 'refresh-new' : undefined} onClick={() => onRefresh(current)}>
      {isBehind ? 'New rows: refresh' : 'Refresh'}
    </button>
  );
}
