/** Directories of rows for tests of the console, and tasks for its pool. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Task } from '../../../../workspace/console/server/thread-messages.ts';

/** A new directory with files, by path and text. */
export function directoryOf(files: Readonly<Record<string, string>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'console-'));
  for (const [path, text] of Object.entries(files)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return directory;
}

/** Lines of `CopilotAudit_CL`, one for each actor. */
export const auditLines = (...actors: readonly string[]): string =>
  actors
    .map(
      (actor, index) =>
        `${JSON.stringify({
          RecordId: `00000000-0000-0000-0000-00000000000${index}`,
          RecordType: 'CopilotInteraction',
          ActorName: actor,
          EventTime: '2026-11-20T10:00:00.000Z',
          TimeGenerated: '2026-11-20T10:00:00.000Z',
          _TimeReceived: '2026-11-20T10:05:00.000Z',
        })}\n`,
    )
    .join('');

export const auditFile = 'CopilotAudit_CL/2026-11-20.ndjson';

/** A query as the pool takes it. */
export const queryTask = (query: string): Omit<Task, 'id'> => ({
  ask: { kind: 'query', query },
  now: Date.parse('2026-11-21T00:00:00Z'),
  version: 'one',
});
