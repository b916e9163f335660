/** Alerts kept in a file, one JSON object for each line, so that a restart shows them. */
import { appendFileSync, existsSync, readFileSync, truncateSync } from 'node:fs';
import { z } from 'zod';
import type { Alert } from '../../rules/alert.ts';

const alertSchema = z.object({
  rule: z.string(),
  id: z.string(),
  time: z.iso.datetime().transform((text) => new Date(text)),
  name: z.string(),
  description: z.string(),
  severity: z.string(),
  tactics: z.array(z.string()),
  entities: z.array(z.object({ type: z.string(), identifiers: z.record(z.string(), z.string()) })),
  customDetails: z.record(z.string(), z.array(z.string())),
  rowCount: z.number(),
}) satisfies z.ZodType<Alert>;

/** A file of alerts. */
export interface AlertFile {
  /** In the order in which they were raised. @throws Error naming a line that is no alert */
  readonly read: () => readonly Alert[];
  readonly append: (alerts: readonly Alert[]) => void;
}

/** The alerts of a path; a file that is not there is empty. */
export const alertFile = (path: string): AlertFile => ({
  read: () => {
    if (!existsSync(path)) return [];
    const bytes = readFileSync(path);
    // A line that a crash has cut short is no alert: it is raised again.
    const whole = bytes.lastIndexOf('\n') + 1;
    if (whole < bytes.length) truncateSync(path, whole);
    const lines = bytes.toString('utf8', 0, whole).split('\n').slice(0, -1);
    return lines.map((line, index) => {
      try {
        return alertSchema.parse(JSON.parse(line));
      } catch (cause) {
        throw new Error(`${path}, line ${index + 1}: no alert of this version: remove the line or move the file away`, {
          cause,
        });
      }
    });
  },
  append: (alerts) => {
    if (alerts.length > 0)
      appendFileSync(path, alerts.map((alert) => `${JSON.stringify(alert)}\n`).join(''), { mode: 0o600 });
  },
});
