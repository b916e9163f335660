/** The list of cases that are known to fail, and why: a Markdown table `| case | reason |`. */
import { readFileSync } from 'node:fs';

/** Reasons by id of case. @throws Error for a row without a reason, or a case that is listed twice */
export function readKnown(file: string): ReadonlyMap<string, string> {
  const known = new Map<string, string>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const row = /^\|\s*`([^`]+)`\s*\|(.*)\|\s*$/.exec(line);
    if (row === null) continue;
    const [, id = '', reason = ''] = row;
    if (reason.trim() === '') throw new Error(`${file}: ${id} has no reason`);
    if (known.has(id)) throw new Error(`${file}: ${id} is listed twice`);
    known.set(id, reason.trim());
  }
  return known;
}
