/** What the text of a rule or hunt says: the thresholds that can be changed, and the parts of its description. */

/** Thresholds that share a reason. */
export interface Knob {
  /** `name = value`, as written. */
  readonly settings: readonly string[];
  /** The comment above them; empty where there is none. */
  readonly reason: string;
}

const LITERAL = /^let (\w+) = (-?\d[\w.]*|dynamic\(\[[^\n]*\]\)|"[^"\n]*"|true|false);$/;
const COMPUTED = /^let \w+ = [^\n]*;$/;
// They follow from the schedule: to change one alone would break the rule.
const schedule = new Set(['frequency', 'overlap', 'period', 'reach']);

/** The `let`s of plain values at the top of a query, by the comment above them. */
export function knobsOf(query: string): readonly Knob[] {
  const knobs: Knob[] = [];
  let comment: string[] = [];
  let settings: string[] = [];
  const close = (): void => {
    if (settings.length > 0) knobs.push({ settings, reason: comment.join(' ') });
    [comment, settings] = [[], []];
  };
  for (const line of query.split('\n')) {
    const said = /^\/\/ ?(.*)$/.exec(line)?.[1];
    const [, name = '', value = ''] = LITERAL.exec(line) ?? [];
    if (said !== undefined) {
      if (settings.length > 0) close();
      comment.push(said);
    } else if (name !== '' && !schedule.has(name)) settings.push(`${name} = ${value}`);
    // What is computed of the others may stand between; anything else ends what the comment is about.
    else if (name !== '' || !COMPUTED.test(line)) close();
  }
  close();
  return knobs;
}

const parts = ['False positives', 'Blind spots', 'Triage', 'Next'] as const;
/** A part of a description that begins with its name and a colon. */
export type Part = (typeof parts)[number];

const heading = new RegExp(String.raw`(?:^|\s)(?=(?:${parts.join('|')}): )`);
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** A part of a description as one line, without its name; empty where there is none. */
export function partOf(description: string, part: Part): string {
  const found = description.split(heading).find((text) => text.startsWith(`${part}: `)) ?? '';
  return oneLine(found.slice(part.length + 1));
}

/** What a description says before its parts, as one line. */
export const meaningOf = (description: string): string => oneLine(description.split(heading)[0] ?? '');
