import { z } from 'zod';
import { ContentError, readAll } from '../../kql/content/content-error.ts';
import { contentFiles, type ContentFile } from '../../kql/content/content-file.ts';
import { titleOf } from '../../kql/content/title.ts';

/** A workbook of the Sentinel gallery. */
export interface Workbook {
  /** File name without `.json`: its resource name follows from it. */
  readonly file: string;
  /** The first heading of its text, or the file name. */
  readonly displayName: string;
  /** JSON in one line, as the service stores it. */
  readonly serializedData: string;
}

const workbookSchema = z.looseObject({
  version: z.literal('Notebook/1.0', 'must be Notebook/1.0'),
  items: z.array(z.looseObject({})).min(1, 'a workbook without items'),
});
const textItem = z.looseObject({ type: z.literal(1), content: z.looseObject({ json: z.string() }) });
const headingIn = (item: unknown): string | undefined => {
  const parsed = textItem.safeParse(item);
  return parsed.success ? /^#{1,3} +(.+?) *$/m.exec(parsed.data.content.json)?.[1] : undefined;
};

function toWorkbook({ path, name, text }: ContentFile): Workbook {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new ContentError([`${path}: no JSON: ${error instanceof Error ? error.message : String(error)}`], {
      cause: error,
    });
  }
  const parsed = workbookSchema.safeParse(json);
  if (!parsed.success)
    throw new ContentError(parsed.error.issues.map(({ path: at, message }) => `${path}: ${at.join('.')}: ${message}`));
  const serializedData = JSON.stringify(json);
  // An export from the portal names the workspace it was made in.
  const id = /\/subscriptions\/[0-9a-f-]{36}/i.exec(serializedData);
  if (id !== null) throw new ContentError([`${path}: ${id[0]}: a resource id of somebody's tenant: remove it`]);
  const heading = parsed.data.items.map(headingIn).find((title) => title !== undefined);
  return { file: name, displayName: heading ?? titleOf(name), serializedData };
}

/** The workbooks of a folder; none where there is no folder. @throws ContentError naming file and field. */
export const readWorkbooks = (directory: string): readonly Workbook[] =>
  readAll(contentFiles(directory, '.json'), toWorkbook);
