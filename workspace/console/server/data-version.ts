/** Which state of the files answers are of. */
import { createHash } from 'node:crypto';
import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';

// Rows, watchlists and networks; state and logs of the collector beside them change nothing.
const patterns = ['*/*.ndjson', '*.ndjson', 'watchlists/*.csv', 'networks.json'];

/** Changes when a file of a directory comes, goes, or has another size or time; '' where there are none. */
export function dataVersion(directory: string): string {
  const lines = globSync(patterns, { cwd: directory })
    .sort()
    .map((path) => {
      const found = statSync(join(directory, path), { throwIfNoEntry: false });
      return `${path} ${found?.size} ${found?.mtimeMs}`;
    });
  return lines.length === 0 ? '' : createHash('sha256').update(lines.join('\n')).digest('base64url');
}
