/** The pairs `X Enabled Users` and `X Active Users` of a report, whatever X is. Pure. */
import { intOf } from '../../records/read-values.ts';
import type { Entry } from './entries.ts';

/** Users of a product. `stem` is its name in JSON: the same for CSV and JSON. */
export interface Product {
  readonly stem: string;
  readonly name: string;
  readonly enabled: number | null;
  readonly active: number | null;
}

/** The product that stands for all of them. */
export const ANY_APP = 'anyApp';

// What cannot be known from capitals.
const NAMES: Readonly<Record<string, string>> = {
  powerPoint: 'PowerPoint',
  oneNote: 'OneNote',
  oneDrive: 'OneDrive',
  sharePoint: 'SharePoint',
  copilotChatWork: 'Copilot Chat (work)',
  copilotChatWeb: 'Copilot Chat (web)',
};

const PAIR = /^(.+?)(Enabled|Active)Users$/;

/** True for the name of a column that `productsOf` reads. */
export const isPair = (name: string): boolean => PAIR.test(name);

/** A product as people write it: `microsoft365Copilot` is Microsoft 365 Copilot. */
export function toProductName(stem: string): string {
  if (Object.hasOwn(NAMES, stem)) return NAMES[stem] ?? stem;
  const words = stem.replaceAll(/(?<=[\p{Ll}\p{N}])(?=\p{Lu})|(?<=\p{L})(?=\p{N})/gu, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The products of an entry, without those for which no number is known. */
export function productsOf(entry: Entry): readonly Product[] {
  const counts = new Map<string, { enabled: number | null; active: number | null }>();
  for (const [name, value] of entry) {
    const [, stem, what] = PAIR.exec(name) ?? [];
    const count = intOf(value);
    if (stem === undefined || count === null) continue;
    const known = counts.get(stem) ?? { enabled: null, active: null };
    counts.set(stem, what === 'Enabled' ? { ...known, enabled: count } : { ...known, active: count });
  }
  return [...counts].map(([stem, count]) => ({ stem, name: toProductName(stem), ...count }));
}
