/** What is put aside as a dead letter, with the log line and the health row that say so. */
import type { DeadLetter, Unread } from './contracts.ts';
import type { HealthRows } from './health-rows.ts';
import type { Log } from './log.ts';
import { contentId } from './records/content-id.ts';
import type { CopilotHealthRow } from './schema/index.ts';
import type { CollectorState } from './state/held-state.ts';

/** A letter before it is known whose it is and when it was put aside. */
export type Letter = Omit<DeadLetter, 'source' | 'time'>;

/** Puts letters of one source aside; each method returns the health row. */
export interface Letters {
  /** A record of which no row was accepted. */
  lost(letter: Letter): CopilotHealthRow;
  /** A row that was accepted, cut: what was cut off is in the letter only. */
  cut(letter: Letter): CopilotHealthRow;
  /** What of a file could not be read. No record is counted: what is in it is not known. */
  unread(blob: string, unread: Unread): CopilotHealthRow;
}

/** Letters in a state that is held. */
export function letters(
  source: string,
  held: Pick<CollectorState, 'putAside'>,
  { health, log, now }: { readonly health: HealthRows; readonly log: Log; readonly now: () => number },
): Letters {
  const putAside = (letter: Letter): void => held.putAside({ ...letter, source, time: new Date(now()).toISOString() });
  return {
    lost(letter) {
      putAside(letter);
      log.warn({ source, record: letter.id, reason: letter.reason }, 'record put aside');
      return health.deadLetter(source, letter.id, letter.reason);
    },
    cut(letter) {
      putAside(letter);
      log.warn({ source, record: letter.id, reason: letter.reason }, 'record cut to fit, kept whole');
      return health.oversize(source, letter.id, letter.reason);
    },
    unread(blob, unread) {
      const record = { blob, ...unread };
      const { reason, from, to } = unread;
      putAside({ id: contentId(record), kind: 'unreadable', reason, contentCreated: null, record });
      log.warn({ source, blob, from, to, reason }, 'file not read whole');
      return health.unread(source, blob, unread);
    },
  };
}
