import type { Remark } from './shipped-query.ts';

/** The code for a comment that allows nothing. */
export const IDLE_ALLOWANCE = 'KQL015';

const ALLOW = /^[ \t]*\/\/[ \t]*allow[ \t]+(K(?:QL|S)\d{3})\b(?:[ \t]*:[ \t]*(\S.*))?/;

/**
 * Leaves out what a comment `// allow KQL004: reason` directly above the line allows (several comments may stack), and
 * adds a remark for a comment without a reason or with nothing to allow.
 */
export function withoutAllowed(text: string, remarks: readonly Remark[]): readonly Remark[] {
  const lines = text.split('\n');
  const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length - 1;
  const left = new Set(remarks);
  const idle: Remark[] = [];
  let offset = 0;
  for (const [index, line] of lines.entries()) {
    const [comment, code, reason] = ALLOW.exec(line) ?? [];
    const start = offset + line.search(/\S|$/);
    offset += line.length + 1;
    if (comment === undefined || code === undefined) continue;
    let target = index + 1;
    while (ALLOW.test(lines[target] ?? '')) target += 1;
    const allowed = remarks.filter((remark) => remark.code === code && lineOf(remark.offset) === target);
    if (reason === undefined)
      idle.push({ code: IDLE_ALLOWANCE, offset: start, message: `say why: // allow ${code}: <reason>` });
    else if (allowed.length === 0)
      idle.push({ code: IDLE_ALLOWANCE, offset: start, message: `the next line has no ${code}: remove the comment` });
    else for (const remark of allowed) left.delete(remark);
  }
  return [...left, ...idle];
}
