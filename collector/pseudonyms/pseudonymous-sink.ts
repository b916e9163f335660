/** A sink that knows who is behind the tokens before it gets rows with them. */
import type { Sink } from '../contracts.ts';
import type { Log } from '../log.ts';
import { copilotIdentities, type CopilotIdentitiesRow } from '../schema/index.ts';
import type { Pseudonyms } from './pseudonyms.ts';

// As the loop writes: a part of one append, or of one chunk.
const ROWS_PER_WRITE = 500;

/**
 * Writes rows of `CopilotIdentities_CL` before rows of any other table: no token is stored that nobody can resolve, but
 * for an identity row that the table refuses, which the log tells. It is tried again when the person is met a week later.
 */
export function pseudonymousSink(
  sink: Sink,
  pseudonyms: Pick<Pseudonyms, 'due' | 'written' | 'fingerprint'>,
  { log, organizationId }: { readonly log: Log; readonly organizationId: string | undefined },
): Sink {
  // One after the other: each write of rows has to wait for those identities that another one is writing.
  let last: Promise<void> = Promise.resolve();

  async function writeIdentities(signal: AbortSignal): Promise<void> {
    const due = pseudonyms.due();
    for (let at = 0; at < due.length; at += ROWS_PER_WRITE) {
      const part = due.slice(at, at + ROWS_PER_WRITE);
      const rows = part.map(({ token, identity, kind, observedMs }): CopilotIdentitiesRow => ({
        TimeGenerated: null,
        Token: token,
        // The wire may hold half a character, which no table takes.
        Identity: identity.toWellFormed(),
        Kind: kind,
        ObservedTime: new Date(observedMs).toISOString(),
        KeyFingerprint: pseudonyms.fingerprint,
        OrganizationId: organizationId ?? null,
      }));
      const refused = (await sink.write(copilotIdentities, rows, signal)).filter(({ kind }) => kind === 'refused');
      // Neither the token nor the name: the log must not join them.
      for (const { reason } of refused)
        log.error({ table: copilotIdentities.name, reason }, 'an identity row was refused');
      pseudonyms.written(part);
    }
  }

  return {
    async write(table, rows, signal) {
      const turn = last.then(() => writeIdentities(signal));
      last = turn.catch(() => undefined);
      await turn;
      return sink.write(table, rows, signal);
    },
    close: () => sink.close(),
  };
}
