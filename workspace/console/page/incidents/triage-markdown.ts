/** The description of a rule as Markdown with headings; its parts start with words that all rules of the pack use. */

const labels = ['Triage', 'False positives', 'Blind spots'] as const;
type Label = (typeof labels)[number];

// Some descriptions have two parts in one paragraph.
const betweenParts = new RegExp(`(?<=[.!?])\\s+(?=(?:${labels.join('|')}): )`, 'g');

// eDiscovery stays as it is.
const capital = (text: string): string => text.replace(/^[a-z](?![A-Z])/, (first) => first.toUpperCase());

/** `1. See. 2. Ask.` as a list. */
const toList = (text: string): string => text.split(/\s+(?=\d{1,2}\. )/).join('\n');

const toSection = (heading: string, text: string): readonly string[] =>
  text === '' ? [] : [`### ${heading}\n\n${capital(text)}`];

/** What to do comes first, then what the rule looks for, then what to doubt. */
export function triageMarkdown(description: string): string {
  const parts = new Map<Label | 'about', string[]>();
  let current: Label | 'about' = 'about';
  for (const line of description.replaceAll(betweenParts, '\n').split('\n')) {
    const label = labels.find((one) => line.startsWith(`${one}:`));
    current = label ?? current;
    const text = label === undefined ? line : line.slice(label.length + 1).trim();
    parts.set(current, [...(parts.get(current) ?? []), text]);
  }
  const textOf = (part: Label | 'about'): string => (parts.get(part) ?? []).join('\n').trim();
  return [
    ...(textOf('Triage') === '' ? [] : [toList(textOf('Triage'))]),
    ...toSection('What the rule looks for', textOf('about')),
    ...toSection('False positives', textOf('False positives')),
    ...toSection('Blind spots', textOf('Blind spots')),
  ].join('\n\n');
}
