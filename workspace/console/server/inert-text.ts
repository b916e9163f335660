/** Texts that no spreadsheet takes for a formula. */

// What begins a formula: also the full-width forms, which some spreadsheets read as the plain ones.
const FORMULA = String.raw`[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]`;
// What readers do not see, and spreadsheets may leave out: blanks, control characters, marks of no width.
const UNSEEN = String.raw`\s\p{Cc}\u200B-\u200F\u2060\uFEFF`;

const atStart = new RegExp(String.raw`^(?:[\t\r\n]|[${UNSEEN}]*${FORMULA})`, 'u');
// A spreadsheet that separates by semicolons or tabs finds cells within a text, whatever quotes are around it. To look
// back from a formula is quick where a text is full of blanks; to look ahead from each of them is not.
const atCell = new RegExp(String.raw`(?<=[;\t\r\n][${UNSEEN}"]*)(?=${FORMULA})`, 'gu');

/** The text with an apostrophe wherever a spreadsheet, of whatever country, would begin a formula. */
export const inertText = (text: string): string => {
  const within = text.replaceAll(atCell, "'");
  return atStart.test(text) ? `'${within}` : within;
};
