import type { Answer, GraphVersion } from './contract.ts';
import { type Again, failed } from './outcome.ts';

/** A look-up from the question to its one answer. */
export interface LookUp {
  readonly version: GraphVersion;
  readonly path: string;
  readonly isOpen: () => boolean;
  /** Gives the answer; a second one is ignored. */
  readonly end: (answer: Answer) => void;
  /** Starts the time that it may take, at its first sending; later calls change nothing. */
  readonly begin: () => void;
  /**
   * Notes a try that gave nothing, and calls `act` after `waitMs`; after the last try, ends the look-up.
   */
  readonly retry: (why: Again, waitMs: number, act: () => void) => void;
  /** Tries that gave nothing. */
  readonly tried: () => number;
}

/** Makes a look-up; every time in milliseconds. */
export function lookUp(options: {
  readonly version: GraphVersion;
  readonly path: string;
  readonly tries: number;
  readonly deadlineMs: number;
  readonly onEnd: (answer: Answer) => void;
}): LookUp {
  const { version, path, tries, deadlineMs, onEnd } = options;
  let isOpen = true;
  let tried = 0;
  let deadline: NodeJS.Timeout | undefined;
  let next: NodeJS.Timeout | undefined;
  let late = failed('unavailable', `no answer within ${deadlineMs} ms`);

  function end(answer: Answer): void {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(deadline);
    clearTimeout(next);
    onEnd(answer);
  }
  return {
    version,
    path,
    isOpen: () => isOpen,
    tried: () => tried,
    end,
    begin() {
      if (isOpen) deadline ??= setTimeout(() => end(late), deadlineMs);
    },
    retry({ failure, detail }, waitMs, act) {
      if (!isOpen) return;
      tried++;
      late = failed(failure, detail);
      if (tried >= tries) end(late);
      else next = setTimeout(act, waitMs);
    },
  };
}
