/** What the collector says on standard error: one JSON object for each line, or text where it could not start. */
import { z } from 'zod';
import type { LogLine } from '../api.ts';

const eventSchema = z.looseObject({ level: z.string(), time: z.string(), msg: z.string() });

/** An event of the log with its fields. */
export type CollectorEvent = z.output<typeof eventSchema>;

/** The event of a line; undefined for a line that is none. */
export function toEvent(line: string): CollectorEvent | undefined {
  try {
    return eventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** An event as people read it: `activity-feed: pass ended: seen 12, accepted 3`. */
export function toLogLine({ level, time, msg, source, reason, ...fields }: CollectorEvent): LogLine {
  const details = Object.entries(fields).map(([name, value]) => `${name} ${valueText(value)}`);
  const parts = [source, msg, reason, details.join(', ')].filter((part) => part !== undefined && part !== '');
  return { level, time, message: parts.map(valueText).join(': ') };
}

/** Cuts a stream of text into lines. @param take is given each whole line */
export function lineReader(take: (line: string) => void): { readonly push: (text: string) => void; end: () => void } {
  let rest = '';
  return {
    push: (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(take);
    },
    end: () => {
      if (rest !== '') take(rest);
      rest = '';
    },
  };
}
