/**
 * Units of numbers by the code that workbooks store. Their list is not published: these are the codes that shipped
 * workbooks use beside columns whose names tell the unit. UNVERIFIED: 26 and 27.
 */
const units: ReadonlyMap<number, string> = new Map([
  [0, ''],
  [1, '%'],
  [2, 'B'],
  [3, 'KB'],
  [4, 'MB'],
  [5, 'GB'],
  [17, ''],
  [23, 'ms'],
  [24, 's'],
  [25, 'min'],
  [26, 'h'],
  [27, 'd'],
]);

/** The sign that stands behind a number, '' for counts; undefined for a code that is not known. */
export const unitSign = (code: number): string | undefined => units.get(code);
