/** A clock that two processes share: the machine's, and how far the one of them has put it forward. */
import { openSync, readSync, writeFileSync, writeSync } from 'node:fs';

const machineNow = Date.now.bind(Date);

/** Makes the file of a clock that shows the machine's time. */
export const makeClock = (path: string): void => writeFileSync(path, Buffer.alloc(8));

/** The clock as its readers see it, epoch milliseconds. */
export function readClock(path: string): () => number {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(8);
  return () => {
    readSync(file, bytes, 0, bytes.length, 0);
    return machineNow() + bytes.readDoubleLE();
  };
}

/** The clock as the one process sees it that moves it. */
export function ownClock(path: string): { readonly now: () => number; readonly advance: (ms: number) => void } {
  const file = openSync(path, 'r+');
  const bytes = Buffer.alloc(8);
  let aheadMs = 0;
  return {
    now: () => machineNow() + aheadMs,
    advance: (ms) => {
      aheadMs += ms;
      bytes.writeDoubleLE(aheadMs);
      writeSync(file, bytes, 0, bytes.length, 0);
    },
  };
}
