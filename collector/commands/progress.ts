import ora from 'ora';
import type { PassSummary } from '../pass-summary.ts';

/** Tells a person how a pass is going. */
export interface Progress {
  show(source: string, summary: Readonly<PassSummary>, readUpTo: string | null): void;
  end(): void;
}

const SHOW_EVERY_MS = 200;
const number = new Intl.NumberFormat('en-US');

function remaining(seconds: number): string {
  if (!Number.isFinite(seconds)) return '';
  if (seconds < 90) return `, ${Math.ceil(seconds)} s left`;
  return seconds < 5400 ? `, ${Math.ceil(seconds / 60)} min left` : `, ${Math.ceil(seconds / 3600)} h left`;
}

/** A line with rate and time left on a terminal; nothing elsewhere, where log lines speak. */
export function progress(stream: NodeJS.WriteStream, now: () => number = Date.now): Progress {
  if (!stream.isTTY) return { show: () => undefined, end: () => undefined };
  const spinner = ora({ stream });
  const startedAt = now();
  let shownAt = 0;
  let firstReadUpTo: number | undefined;
  return {
    show(source, summary, readUpTo) {
      if (now() - shownAt < SHOW_EVERY_MS) return;
      shownAt = now();
      const seconds = (shownAt - startedAt) / 1000;
      // The feed's clock tells how far there is to go: from where this pass began up to now.
      const at = readUpTo === null ? undefined : Date.parse(readUpTo);
      firstReadUpTo ??= at;
      const done =
        at === undefined || firstReadUpTo === undefined ? 0 : (at - firstReadUpTo) / (shownAt - firstReadUpTo);
      const left = done > 0 && done < 1 ? remaining((seconds / done) * (1 - done)) : '';
      spinner.text = `${source}: ${number.format(summary.seen)} records read (${number.format(Math.round(summary.seen / Math.max(seconds, 0.001)))}/s), ${number.format(summary.accepted)} Copilot rows stored${left}`;
      if (!spinner.isSpinning) spinner.start();
    },
    end: () => void spinner.stop(),
  };
}
