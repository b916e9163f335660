/** Kusto counts characters as Unicode code points, JavaScript as UTF-16 units. */

const surrogate = /[\uD800-\uDFFF]/;

/** Whether units are code points in this text. */
export const isSimple = (text: string): boolean => !surrogate.test(text);

/** The code points of a text, each as text. */
export const toCodePoints = (text: string): readonly string[] => (isSimple(text) ? text.split('') : Array.from(text));

/** The length in code points. */
export const codePointLength = (text: string): number => (isSimple(text) ? text.length : Array.from(text).length);

/** The unit that a code point begins at; the text's length for those after its end. */
export function toUnitIndex(text: string, codePoint: number): number {
  if (isSimple(text)) return Math.min(codePoint, text.length);
  let unit = 0;
  for (let left = codePoint; left > 0 && unit < text.length; left -= 1)
    unit += (text.codePointAt(unit) ?? 0) > 0xffff ? 2 : 1;
  return unit;
}

/** The code point that a unit belongs to; -1 stays -1. */
export const toCodePointIndex = (text: string, unit: number): number =>
  unit <= 0 || isSimple(text) ? unit : codePointLength(text.slice(0, unit));
